#include "tests/bench/editor.hpp"
#include "tests/bench/load.hpp"
#include "tests/bench/poll.hpp"
#include "tests/bench/programme.hpp"

#include <fmt/format.h>

namespace mosty::bench {
namespace {

constexpr std::size_t commands_at_once = 60; // ten proposals
constexpr std::size_t under_way_max = 300;

constexpr std::string_view summary =
    "The pumping station of the older town was built in 1974 and loses a third of what it lifts. The two "
    "towns have compared their networks during three visits: the younger one replaced the same type of "
    "pump in 2019 and kept the drawings. Together they will renew the station, train eight operators of "
    "both utilities on the new controls, and publish the hourly losses before and after, so that other "
    "municipalities of the region can judge whether it pays.";

// A proposal as it looks halfway through its life: a summary, three costs, a source, an indicator.
void draft(Editor& editor, Programme& programme, std::size_t number) {
    const std::string stream = Programme::proposal_stream(number);
    const Partnership& partnership = programme.partnership_of(number);
    editor.add(stream, "draft_proposal",
               fmt::format(R"({{"partnership":"{}","title":"Safe water for two towns {}","summary":"{}",)"
                           R"("sectors":["water_supply","energy"],"lead":"ua"}})",
                           partnership.id, number, summary));
    for (const auto& [line, category, amount] :
         {std::tuple{"pumps", "equipment", 18'400'000}, std::tuple{"works", "infrastructure", 9'150'000},
          std::tuple{"training", "external_expertise", 1'260'000}})
        editor.add(
            stream, "set_budget_line",
            fmt::format(R"({{"line":"{}","category":"{}","partner":"{}","description":"Pumping station, )"
                        R"(lot {}","amount":{},"currency":"EUR","invented":true}})",
                        line, category, partnership.ua, line, amount));
    editor.add(stream, "set_funding_source",
               fmt::format(R"({{"source":"own","name":"Budget of the town","kind":"own","partner":"{}",)"
                           R"("amount":4000000,"currency":"EUR","status":"confirmed","invented":true}})",
                           partnership.ua));
    editor.add(
        stream, "set_indicator",
        R"({"indicator":"losses","name":"Water lost","unit":"%","baseline":34,"target":12,"invented":true})");
}

} // namespace

void prepare(const Options& options) {
    Programme programme(static_cast<std::uint16_t>(options.number("port", 0)));
    const auto proposals = static_cast<std::size_t>(options.number("proposals", 1'000));
    Editor editor(programme.port(), programme.cookie_of(programme.secretariat()), run_name());
    Poll poll;
    poll.add(editor.socket().descriptor(), 0);
    Histogram latencies;
    for (std::size_t next = 0; next < proposals || editor.under_way() != 0;) {
        while (next < proposals && editor.under_way() + commands_at_once <= under_way_max) {
            for (std::size_t i = 0; i < commands_at_once / 6 && next < proposals; ++i)
                draft(editor, programme, next++);
            editor.send();
        }
        if (poll.wait(10'000).empty())
            give_up("no answer for ten seconds");
        editor.read(latencies);
    }
}

} // namespace mosty::bench
