#include "server/http/questions.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

using namespace mosty;
using http::question_of;

namespace {

template <class T>
std::string shown(const char* name, const std::optional<T>& value) {
    return value ? fmt::format(" {}={}", name, *value) : "";
}

std::string shown(const char* name, const std::string& value) {
    return value.empty() ? "" : fmt::format(" {}={}", name, value);
}

// The question in one line, or what is wrong with it.
std::string ask(std::string_view target, std::string accept = "application/json",
                std::string last_event_id = "") {
    auto parsed = http::parse_target(target);
    REQUIRE(parsed.has_value());
    http::Request request;
    request.method = "GET";
    request.path = parsed->path;
    request.query = parsed->query;
    request.repeated = parsed->repeated;
    request.accept = std::move(accept);
    request.last_event_id = std::move(last_event_id);
    const auto question = question_of(request);
    if (!question)
        return "none";
    if (!*question)
        return (*question).error().code + " " + (*question).error().field;
    return std::visit(
        Overloaded{
            [](const core::ViewQuestion& view) {
                return "view " + view.topic + shown("at", view.at) + shown("until", view.until_ms);
            },
            [](const core::ListQuestion& list) {
                return fmt::format("list {} limit={}", list.topic, list.limit) +
                       shown("before", list.before) + shown("search", list.search) +
                       shown("country", list.country) + shown("at", list.at) + shown("until", list.until_ms);
            },
            [](const core::ViewsHashQuestion& hash) {
                return fmt::format("views limit={}", hash.limit) + shown("size", hash.size);
            },
            [](const core::EventsQuestion& events) {
                const char* forms[] = {"all lines", "sent"};
                const auto& filter = events.filter;
                return (events.streamed
                            ? forms[static_cast<int>(*events.streamed)]
                            : fmt::format("page of {}{}", events.limit, events.lines ? " lines" : "")) +
                       shown("from", events.start.from) + shown("after", events.start.after) +
                       shown("log", events.start.log) + shown("before", events.before) +
                       shown("stream", filter.stream) +
                       shown("type", fmt::format("{}", fmt::join(filter.types, "+"))) +
                       shown("actor", filter.actor) + shown("of", filter.organisation) +
                       shown("since", filter.since_ms) + shown("until", filter.until_ms);
            },
            [](const core::ActivityQuestion& activity) {
                return fmt::format("{} bars of {} from {}", activity.bars, activity.step_ms,
                                   activity.since_ms) +
                       shown("of", fmt::format("{}", fmt::join(activity.streams, "+")));
            },
            [](const core::TextQuestion& text) {
                const char* what[] = {"content", "authors", "bursts"};
                return fmt::format("{} of {}", what[static_cast<int>(text.what)], text.topic) +
                       shown("revision", text.revision) + shown("at", text.at) +
                       shown("until", text.until_ms);
            },
            [](const core::WriterQuestion&) { return std::string{"never asked by GET"}; },
            [](const core::ExportQuestion& one) { return fmt::format("export from {}", one.from); },
        },
        **question);
}

} // namespace

TEST_CASE("questions are read from path and parameters", "[questions]") {
    REQUIRE(ask("/v1/views/towns") == "view towns");
    REQUIRE(ask("/v1/texts/proposal/p-1/needs") == "content of text/proposal/p-1/needs");
    REQUIRE(ask("/v1/texts/proposal/p-1/needs?revision=7") ==
            "content of text/proposal/p-1/needs revision=7");
    REQUIRE(ask("/v1/texts/proposal/p-1/needs/authors?at=9") == "authors of text/proposal/p-1/needs at=9");
    REQUIRE(ask("/v1/texts/proposal/p-1/needs/bursts") == "bursts of text/proposal/p-1/needs");
    REQUIRE(ask("/v1/views/visit/v-1?at=12") == "view visit/v-1 at=12");
    REQUIRE(ask("/v1/views/towns?time=1970-01-02T00:00:00.001Z") == "view towns until=86400001");
    REQUIRE(ask("/v1/lists/feed/all") == "list feed/all limit=100");
    REQUIRE(ask("/v1/lists/municipalities?limit=500&search=lodz&country=PL&before=x") ==
            "list municipalities limit=500 before=x search=lodz country=PL");
    REQUIRE(ask("/v1/lists/visits/all?at=12&before=7") == "list visits/all limit=100 before=7 at=12");
    REQUIRE(ask("/v1/lists/visits/all?time=1970-01-01") == "list visits/all limit=100 until=86399999");
    REQUIRE(ask("/v1/log/views") == "views limit=100");
    REQUIRE(ask("/v1/log/views?size=7") == "views limit=100 size=7");
    REQUIRE(ask("/v1/events") == "page of 100");
    REQUIRE(ask("/v1/events?from=5&limit=1&stream=visit/v-1&type=visit.held&actor=u-1") ==
            "page of 1 from=5 stream=visit/v-1 type=visit.held actor=u-1");
    REQUIRE(ask("/v1/events?before=7", "text/html, application/x-ndjson") == "page of 100 lines before=7");
    REQUIRE(ask("/v1/me") == "none");
    REQUIRE(ask("/v1/eventsandmore") == "none");
}

TEST_CASE("a day stands for its end, and for its beginning where something begins", "[questions]") {
    REQUIRE(ask("/v1/views/towns?time=1970-01-01") == "view towns until=86399999");
    REQUIRE(ask("/v1/events?since=1970-01-02&until=1970-01-02") ==
            "page of 100 since=86400000 until=172799999");
}

TEST_CASE("events are asked for as lines and as server-sent events, all or filtered", "[questions]") {
    const char* lines = "application/x-ndjson";
    const char* sent = "text/event-stream";
    const std::string log(32, 'a');
    REQUIRE(ask("/v1/events", lines) == "all lines");
    REQUIRE(ask("/v1/events?limit=7", lines) == "page of 7 lines");
    REQUIRE(ask("/v1/events?from=5&log=" + log, lines) == "all lines from=5 log=" + log);
    REQUIRE(ask("/v1/events?after=proposal/p-1@12&organisation=HU_10719", lines) ==
            "all lines after=proposal/p-1@12 of=HU_10719");
    REQUIRE(ask("/v1/events?type=visit.held,visit.planned&stream=visit/", lines) ==
            "all lines stream=visit/ type=visit.held+visit.planned");
    REQUIRE(ask("/v1/events", sent) == "sent");
    REQUIRE(ask("/v1/events?stream=text/proposal/p-1/", sent) == "sent stream=text/proposal/p-1/");
    REQUIRE(ask("/v1/events?from=3", sent, log + ":17") == "sent from=17 log=" + log);
    REQUIRE(ask("/v1/events?from=3", sent, "") == "sent from=3");
    REQUIRE(ask("/v1/events", lines, "not looked at") == "all lines");
}

TEST_CASE("a parameter that nobody reads, that has no value, stands twice or contradicts another is named",
          "[questions]") {
    REQUIRE(ask("/v1/events?typ=visit.held") == "invalid_field typ");
    REQUIRE(ask("/v1/views/towns?limit=5") == "invalid_field limit");
    REQUIRE(ask("/v1/log/views?at=5") == "invalid_field at");
    REQUIRE(ask("/v1/events?type=visit.held&type=visit.planned") == "invalid_field type");
    REQUIRE(ask("/v1/events?from=1&before=9") == "invalid_field before");
    REQUIRE(ask("/v1/views/towns?at=5&time=2026-11-22") == "invalid_field time");
    REQUIRE(ask("/v1/lists/visits/all?at=5&time=2026-11-22") == "invalid_field time");
    REQUIRE(ask("/v1/texts/proposal/p-1/needs?revision=5&at=9") == "invalid_field at");

    for (const char* nothing : {"/v1/views/towns?time=", "/v1/views/towns?time",
                                "/v1/texts/proposal/p-1/needs?time=", "/v1/lists/visits/all?time="})
        REQUIRE(ask(nothing) == "invalid_field time");
    REQUIRE(ask("/v1/views/towns?at=") == "invalid_field at");
    REQUIRE(ask("/v1/lists/municipalities?limit=") == "invalid_field limit");
    REQUIRE(ask("/v1/events?organisation=&type=visit.held") == "invalid_field organisation");
    REQUIRE(ask("/v1/events?from=0&since=") == "invalid_field since");
}

TEST_CASE("a cursor may be empty at the beginning, and so may a search for anything", "[questions]") {
    REQUIRE(ask("/v1/lists/municipalities?before=&search=&country=") == "list municipalities limit=100");
    REQUIRE(ask("/v1/events?from=0&after=&log=") == "page of 100 from=0");
}

TEST_CASE("a parameter that is not right is named", "[questions]") {
    REQUIRE(ask("/v1/views/towns?at=x") == "invalid_field at");
    REQUIRE(ask("/v1/lists/towns?at=x") == "invalid_field at");
    REQUIRE(ask("/v1/log/views?size=x") == "invalid_field size");
    REQUIRE(ask("/v1/views/towns?at=-1") == "invalid_field at");
    REQUIRE(ask("/v1/views/towns?at=1.5") == "invalid_field at");
    REQUIRE(ask("/v1/views/towns?at=99999999999999999999") == "invalid_field at");
    REQUIRE(ask("/v1/views/towns?time=yesterday") == "invalid_field time");
    REQUIRE(ask("/v1/views/towns?time=2026-02-30") == "invalid_field time");
    REQUIRE(ask("/v1/lists/towns?limit=0") == "invalid_field limit");
    REQUIRE(ask("/v1/lists/towns?limit=501") == "invalid_field limit");
    REQUIRE(ask("/v1/events?from=x&limit=0") == "invalid_field from");
    REQUIRE(ask("/v1/events?until=2026-13-01") == "invalid_field until");
    for (const char* stream : {"visit", "visit/v-1/", "text/visit/", "text/proposal/p-1", "rivers/", "/",
                               "visit/a%20b", "text/proposal//", "text/proposal/p-1/weather"})
        REQUIRE(ask(std::string{"/v1/events?stream="} + stream) == "invalid_field stream");
    for (const char* type : {"visit", "visit.burnt", "visit.held,", "visit.held,,visit.planned", ","})
        REQUIRE(ask(std::string{"/v1/events?type="} + type) == "invalid_field type");
    REQUIRE(ask("/v1/events?actor=a%20b") == "invalid_field actor");
    REQUIRE(ask("/v1/events?organisation=../x") == "invalid_field organisation");
    REQUIRE(ask("/v1/events?since=2026-12-02&until=2026-12-01") == "until_before_since until");
    REQUIRE(ask("/v1/events?since=2026-12-01T10:00:00.001Z&until=2026-12-01T10:00:00.000Z",
                "application/x-ndjson") == "until_before_since until");
    REQUIRE(ask("/v1/events?limit=5&since=1970-01-01&until=1970-01-01") ==
            "page of 5 since=0 until=86399999");
    const char* sent = "text/event-stream";
    REQUIRE(ask("/v1/events?limit=5", sent) == "invalid_field limit");
    REQUIRE(ask("/v1/events?before=5", sent) == "invalid_field before");
    REQUIRE(ask("/v1/events?until=2026-12-01", sent) == "invalid_field until");
    const std::string log(32, 'a');
    for (const std::string& cursor :
         {std::string{"17"}, log, log + ":", log + ":-1", log + ":1x", log + ":99999999999999999999",
          std::string(32, 'A') + ":1", std::string(31, 'a') + ":1", std::string(33, 'a') + ":1", ":1" + log})
        REQUIRE(ask("/v1/events", sent, cursor) == "invalid_field Last-Event-ID");
}

TEST_CASE("a moment before 1970 is before everything, and no mistake", "[questions]") {
    REQUIRE(ask("/v1/views/towns?time=1900-01-01") == "view towns until=-2208902400001");
    REQUIRE(ask("/v1/events?limit=5&since=0000-01-01") == "page of 5 since=-62167219200000");
    REQUIRE(ask("/v1/views/towns?time=1900-02-29") == "invalid_field time");
}

TEST_CASE("activity is asked of streams that are known by name, in bounded stretches", "[questions]") {
    const std::string stretches = "since=1970-01-02&step_ms=1000&bars=400";
    REQUIRE(ask("/v1/activity?" + stretches) == "400 bars of 1000 from 86400000");
    REQUIRE(ask("/v1/activity?stream=proposal/p-1,text/proposal/p-1/&" + stretches) ==
            "400 bars of 1000 from 86400000 of=proposal/p-1+text/proposal/p-1/");
    REQUIRE(ask("/v1/activity?stream=visit/&" + stretches) == "invalid_field stream");
    REQUIRE(ask("/v1/activity?step_ms=1000&bars=4") == "invalid_field since");
    REQUIRE(ask("/v1/activity?since=1970-01-02&bars=4") == "invalid_field step_ms");
    REQUIRE(ask("/v1/activity?since=1970-01-02&step_ms=1000") == "invalid_field bars");
    REQUIRE(ask("/v1/activity?since=1970-01-02&step_ms=1000&bars=401") == "invalid_field bars");
    REQUIRE(ask("/v1/activity?since=1970-01-02&step_ms=0&bars=4") == "invalid_field step_ms");
}
