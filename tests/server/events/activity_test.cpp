// How much was recorded when is what counting by hand gives.
#include "recorded_log.hpp"
#include "server/events/activity.hpp"
#include "tests/domain/seed.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>

using namespace mosty;
using test::RecordedLog;

namespace {

using Counts = std::vector<std::uint64_t>;

Counts count(const storage::LogReader& log, const events::ActivityQuestion& question) {
    const auto counts = events::count_activity(log, log.size(), question);
    REQUIRE(counts.has_value());
    return *counts;
}

} // namespace

TEST_CASE("activity counts each event once, in the stretch in which it was recorded", "[events]") {
    RecordedLog w;
    w.confirm("visit/v-1", "u-ana"); // noon
    w.say("text/proposal/p-1/needs", "u-ana");
    w.confirm("visit/v-1", "u-ana");
    w.say("text/proposal/p-1/risks", "u-ana");
    const auto minutes = [](std::vector<std::string> streams, std::int64_t from, std::int64_t step,
                            std::size_t bars) {
        return events::ActivityQuestion{std::move(streams), RecordedLog::noon + from * 60'000, step * 60'000,
                                        bars};
    };
    CHECK(count(w.log, minutes({}, 0, 1, 4)) == Counts{1, 1, 1, 1});
    CHECK(count(w.log, minutes({}, -2, 2, 4)) == Counts{0, 2, 2, 0});
    CHECK(count(w.log, minutes({"visit/v-1"}, 0, 2, 2)) == Counts{1, 1});
    CHECK(count(w.log, minutes({"text/proposal/p-1/"}, 0, 3, 2)) == Counts{1, 1});
    CHECK(count(w.log, minutes({"text/proposal/p-1/", "text/proposal/p-1/needs"}, 0, 3, 2)) == Counts{1, 1});
    CHECK(count(w.log, minutes({"visit/v-9"}, 0, 3, 2)) == Counts{0, 0});
}

TEST_CASE("activity of a long stream is looked up as it would be counted", "[events][property]") {
    RecordedLog w;
    for (int i = 0; i < 3'000; ++i)
        w.say(i % 5 == 0 ? "text/proposal/p-1/risks" : "text/proposal/p-1/needs", "u-ana", "a");
    const std::int64_t step = 7 * 60'000 + 1;
    Counts wanted(300);
    for (Position at = 0; at < w.log.size(); ++at)
        if (const auto bar = (RecordedLog::time_of(at) - RecordedLog::noon - 60'000) / step;
            RecordedLog::time_of(at) >= RecordedLog::noon + 60'000 && at % 5 != 0 && bar < 300)
            ++wanted[static_cast<std::size_t>(bar)];
    CHECK(count(w.log, {{"text/proposal/p-1/needs"}, RecordedLog::noon + 60'000, step, 300}) == wanted);
}
