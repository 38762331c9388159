#include "domain/base/result.hpp"
#include "server/config/command_line.hpp"
#include "server/serve.hpp"
#include "server/tools/tools.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
    using namespace mosty;
    try {
        const auto given = config::read_command_line(argc, argv);
        if (!given)
            return given.error().code;
        return std::visit(Overloaded{
                              [](const config::Serve& serve_task) { return serve(serve_task.settings); },
                              [](const config::Import& import) { return tools::import_registers(import); },
                              [](const config::Invite& task) { return tools::invite(task); },
                              [](const config::Events& events) { return tools::print_events(events); },
                              [](const config::Verify& verify) { return tools::verify_folder(verify); },
                              [](const config::Replay& replay) { return tools::replay(replay); },
                              [](const config::Repair& repair) { return tools::repair_folder(repair); },
                              [](const config::Witness& witness) { return tools::run_witness(witness); },
                              [](const config::Backup& task) { return tools::back_up(task); },
                              [](const config::Restore& task) { return tools::restore_folder(task); },
                              [](const config::Evidence& task) { return tools::print_evidence(task); },
                              [](const config::VerifyBundle& task) { return tools::verify_bundle(task); },
                              [](const config::Keys& task) { return tools::work_on_keys(task); },
                          },
                          *given);
    } catch (const std::exception& exception) {
        fmt::print(stderr, "mosty: {}\n", exception.what());
        return 1;
    }
}
