// Where a reader goes on, and what it is told when it cannot.
#include "recorded_log.hpp"
#include "server/events/span.hpp"

#include <catch2/catch.hpp>

using namespace mosty;
using test::RecordedLog;

namespace {

struct World : RecordedLog {
    World() {
        for (int i = 0; i < 10; ++i)
            confirm(i % 2 ? "visit/v-1" : "visit/v-2", "u-ana");
    }

    // "3..10", or the problem's code and field.
    std::string span(const events::Start& start, const events::Filter& filter = {}, Size size = 10) const {
        const auto found = events::span_of(log, size, start, filter);
        if (!found)
            return found.error().code + " " + found.error().field;
        return fmt::format("{}..{}", found->from, found->to);
    }
};

events::Start from(Size size) {
    return {.from = size, .after = {}, .log = {}};
}

events::Start after(std::string event) {
    return {.from = {}, .after = std::move(event), .log = {}};
}

} // namespace

TEST_CASE("a reader goes on at a size, after an event, or at the beginning", "[events]") {
    const World w;
    CHECK(w.span({}) == "0..10");
    CHECK(w.span(from(7)) == "7..10");
    CHECK(w.span(from(10)) == "10..10");
    CHECK(w.span(after("visit/v-1@2")) == "4..10");
    CHECK(w.span(after("visit/v-2@5")) == "9..10");
    CHECK(w.span({.from = 9, .after = "visit/v-1@1", .log = {}}) == "9..10");
    CHECK(w.span({.from = 3, .after = {}, .log = w.log.log_id()}) == "3..10");
}

TEST_CASE("a start beyond the end, of another log or at no event is refused", "[events]") {
    const World w;
    CHECK(w.span(from(11)) == "future_position from");
    CHECK(w.span({.from = 3, .after = {}, .log = std::string(32, 'a')}) == "history_changed log");
    CHECK(w.span(after("visit/v-1@6")) == "unknown_event after");
    CHECK(w.span(after("visit/v-1@0")) == "unknown_event after");
    CHECK(w.span(after("visit/v-3@1")) == "unknown_event after");
    CHECK(w.span(after("visit/v-1@5"), {}, 9) == "unknown_event after");
    for (const char* malformed : {"visit/v-1", "visit/v-1@", "visit/v-1@x", "visit/v-1@-1", "visit@1", "@1",
                                  "@", "visit/v-1@99999999999999999999"})
        CHECK(w.span(after(malformed)) == "invalid_field after");
}

TEST_CASE("a filter's time decides both ends", "[events]") {
    const World w;
    const auto time = RecordedLog::time_of;
    CHECK(w.span({}, {.since_ms = time(3)}) == "3..10");
    CHECK(w.span({}, {.since_ms = time(3) + 1}) == "4..10");
    CHECK(w.span({}, {.until_ms = time(6)}) == "0..7");
    CHECK(w.span({}, {.since_ms = time(3), .until_ms = time(6)}) == "3..7");
    CHECK(w.span(from(8), {.until_ms = time(6)}) == "8..8");
    CHECK(w.span({}, {.since_ms = time(99)}) == "10..10");
    CHECK(w.span({}, {.until_ms = time(0) - 1}) == "0..0");
}

TEST_CASE("a cursor that was given is read again", "[events]") {
    const std::string log = "00000000000000000000000000000abc";
    const auto start = events::parse_cursor(events::cursor_text(log, 132));
    REQUIRE(start.has_value());
    CHECK(start->from == 132);
    CHECK(start->log == log);
    CHECK(start->after.empty());
}
