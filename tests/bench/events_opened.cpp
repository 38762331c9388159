#include "tests/bench/load.hpp"
#include "tests/bench/programme.hpp"
#include "tests/bench/websocket_client.hpp"

#include <simdjson.h>

#include <optional>
#include <string>

namespace mosty::bench {
namespace {

constexpr std::int64_t second = 1'000'000'000;

struct Counts {
    std::uint64_t events = 0;
    std::uint64_t opened = 0;
    std::uint64_t bytes = 0;
};

// Adds a page; answers where the next one begins.
std::optional<std::uint64_t> add_page(simdjson::dom::parser& parser, const HttpAnswer& answer,
                                      Counts& counts) {
    if (answer.status != 200)
        give_up("events were refused: {}", answer.body);
    const auto page = parser.parse(answer.body);
    for (const auto event : page["events"].get_array().value()) {
        ++counts.events;
        counts.opened += event["opened"].error() == simdjson::SUCCESS;
    }
    counts.bytes += answer.body.size();
    auto next = page["next"].get_uint64();
    return next.error() == simdjson::SUCCESS ? std::optional(next.value()) : std::nullopt;
}

} // namespace

void measure_opened_events(const Options& options) {
    Programme programme(static_cast<std::uint16_t>(options.number("port", 0)));
    const auto server = static_cast<pid_t>(options.number("pid", 0));
    const std::string query = options.text("query");
    const std::string& cookie = programme.cookie_of(programme.auditor());
    simdjson::dom::parser parser;
    Counts counts;
    std::uint64_t before = 1ull << 53;
    const double cpu_before = cpu_seconds(server);
    const std::int64_t begin = now_ns();
    do {
        const std::string target =
            fmt::format("/v1/events?limit=500&before={}{}{}", before, query.empty() ? "" : "&", query);
        before = add_page(parser, ask(programme.port(), "GET", target, cookie), counts).value_or(1ull << 53);
    } while (now_ns() - begin < static_cast<std::int64_t>(options.seconds(5) * second));
    const double elapsed = static_cast<double>(now_ns() - begin) / second;
    const auto events = static_cast<double>(counts.events);
    print_figure("events_per_s", events / elapsed);
    print_figure("opened_per_s", static_cast<double>(counts.opened) / elapsed);
    print_figure("megabytes_per_s", static_cast<double>(counts.bytes) / 1e6 / elapsed);
    print_figure("server_cpu_us_an_entry", 1e6 * (cpu_seconds(server) - cpu_before) / events);
}

} // namespace mosty::bench
