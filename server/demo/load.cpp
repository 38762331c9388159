#include "server/demo/load.hpp"

#include "domain/codec/entry.hpp"
#include "server/demo/scenario.hpp"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <vector>

namespace mosty::demo {
namespace {

std::int64_t now_ms() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

} // namespace

bool is_of_demo(const storage::LogReader& log) {
    if (log.size() == 0)
        return true;
    const auto first = log.read(0, 1);
    const auto envelope = first && !first->empty()
                              ? codec::decode_envelope(first->front().bytes)
                              : std::unexpected(codec::DecodeError{"the log cannot be read"});
    return envelope && envelope->command.text().starts_with("demo-");
}

Result<void, std::string> load(core::ServiceDoor& door) {
    std::vector<core::ServiceCommand> commands;
    for (auto& command : load_scenario(now_ms()))
        commands.push_back({std::move(command.actor), std::move(command.id), std::move(command.stream),
                            std::move(command.name), std::move(command.data_json),
                            command.at_ms == 0 ? std::nullopt : std::optional{command.at_ms}});
    const auto answers = door.send(commands);
    if (!answers)
        return std::unexpected(answers.error());
    for (std::size_t i = 0; i < answers->size(); ++i)
        if (!(*answers)[i])
            return std::unexpected(fmt::format("the demo's command {} was refused: {}", commands[i].id,
                                               (*answers)[i].error().detail));
    return {};
}

} // namespace mosty::demo
