#include "tests/bench/flood.hpp"

#include "tests/bench/editor.hpp"
#include "tests/bench/poll.hpp"
#include "tests/bench/programme.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace mosty::bench {
namespace {

constexpr std::int64_t second = 1'000'000'000;

// What a process keeps in memory, in MiB.
double resident_mib(pid_t process) {
    std::ifstream status(fmt::format("/proc/{}/status", process));
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmRSS:"))
            return std::strtod(line.c_str() + 6, nullptr) / 1024;
    give_up("process {} cannot be measured", process);
}

struct Writer {
    std::unique_ptr<Editor> editor;
    std::vector<std::string> streams;
    std::string name;
};

} // namespace

void measure_writers(const Options& options) {
    Programme programme(static_cast<std::uint16_t>(options.number("port", 0)));
    const auto server = static_cast<pid_t>(options.number("pid", 0));
    const auto count = static_cast<std::size_t>(options.number("writers", 200));
    const auto proposals = static_cast<std::size_t>(options.number("proposals", 1'000));
    const auto rate = options.number("rate", 400); // edits a second of all together
    const std::size_t partnerships = programme.partnerships().size();
    const std::string run = run_name();
    Poll poll;
    std::vector<Writer> writers;
    for (std::size_t i = 0; i < count; ++i) {
        const Partnership& partnership = programme.partnership_of(i);
        const auto& actor = i / partnerships % 2 == 0 ? partnership.ua_officer : partnership.eu_officer;
        auto name = fmt::format("{}-{}", run, i);
        Writer writer{std::make_unique<Editor>(programme.port(), programme.cookie_of(actor), name), {}, name};
        for (std::size_t proposal = i % partnerships; proposal < proposals; proposal += partnerships)
            writer.streams.push_back(Programme::proposal_stream(proposal));
        poll.add(writer.editor->socket().descriptor(), i);
        writers.push_back(std::move(writer));
    }

    Histogram latencies;
    std::minstd_rand random(1);
    const std::int64_t pause = second / rate;
    std::size_t sent = 0;
    const auto turn = [&](std::int64_t until) {
        const auto left = std::max<std::int64_t>(until - now_ns(), 0);
        for (const auto& event : poll.wait(static_cast<int>((left + 999'999) / 1'000'000))) {
            writers[event.data.u64].editor->read(latencies);
            writers[event.data.u64].editor->socket().flush();
        }
    };
    const auto write_for = [&](double seconds) {
        const std::int64_t begin = now_ns();
        const auto edits = static_cast<std::int64_t>(seconds * static_cast<double>(rate));
        for (std::int64_t i = 0; i < edits; ++i) {
            const std::int64_t due = begin + i * pause;
            while (now_ns() < due)
                turn(due);
            Writer& writer = writers[sent++ % writers.size()];
            writer.editor->add(writer.streams[random() % writer.streams.size()], "edit_proposal",
                               fmt::format(R"({{"title":"{}"}})", fresh_title(writer.name, sent)));
            writer.editor->send(due);
            turn(now_ns());
        }
        const std::int64_t deadline = now_ns() + 60 * second;
        while (std::ranges::any_of(writers, [](const Writer& one) { return one.editor->under_way() > 0; })) {
            if (now_ns() > deadline)
                give_up("answers have not come within 60 s");
            turn(now_ns() + second / 10);
        }
    };
    write_for(1); // warms up
    latencies = {};
    const double server_before = cpu_seconds(server);
    const std::int64_t begin = now_ns();
    write_for(options.seconds(10));
    const double elapsed = static_cast<double>(now_ns() - begin) / second;
    print_latencies(latencies);
    print_figure("edits_per_s", static_cast<double>(latencies.total()) / elapsed);
    print_figure("server_cores", (cpu_seconds(server) - server_before) / elapsed);
    print_figure("resident_mib", resident_mib(server));
}

} // namespace mosty::bench

// scripts/bench --only flood shows every option in use.
//   bench_flood sink
//   bench_flood crowd   --port N --people N [--idle N] [--hostile N]
//   bench_flood writers --port N --pid N [--writers N] [--rate N] [--seconds S]
int main(int argc, char** argv) {
    using namespace mosty::bench;
    const std::string_view mode = argc > 1 ? argv[1] : "";
    const Options options(argc, argv, 2);
    if (mode == "sink")
        run_sink();
    else if (mode == "crowd")
        run_crowd(options);
    else if (mode == "writers")
        measure_writers(options);
    else
        give_up("usage: bench_flood sink | crowd | writers, then --name value …");
}
