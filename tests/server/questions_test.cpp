#include "server/http/questions.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

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
std::string ask(std::string_view target, std::string accept = "application/json") {
    auto parsed = http::parse_target(target);
    REQUIRE(parsed.has_value());
    http::Request request;
    request.method = "GET";
    request.path = parsed->first;
    request.query = parsed->second;
    request.accept = std::move(accept);
    const auto question = question_of(request);
    if (!question)
        return "none";
    if (!*question)
        return (*question).error().code + " " + (*question).error().field;
    return std::visit(Overloaded{
                          [](const core::ViewQuestion& view) {
                              return "view " + view.topic + shown("at", view.at) +
                                     shown("until", view.until_ms);
                          },
                          [](const core::ListQuestion& list) {
                              return fmt::format("list {} limit={}", list.topic, list.limit) +
                                     shown("before", list.before) + shown("search", list.search) +
                                     shown("country", list.country);
                          },
                          [](const core::EventsQuestion& events) {
                              return fmt::format("events from={} limit={}", events.from, events.limit) +
                                     shown("before", events.before) + shown("stream", events.stream) +
                                     shown("type", events.type) + shown("actor", events.actor) +
                                     shown("since", events.since_ms) + shown("until", events.until_ms) +
                                     (events.lines ? " lines" : "");
                          },
                          [](const core::TextQuestion& text) {
                              const char* what[] = {"content", "authors", "bursts"};
                              return fmt::format("{} of {}", what[static_cast<int>(text.what)], text.topic) +
                                     shown("revision", text.revision) + shown("at", text.at) +
                                     shown("until", text.until_ms);
                          },
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
    REQUIRE(ask("/v1/events") == "events from=0 limit=100");
    REQUIRE(ask("/v1/events?from=5&limit=1&stream=visit/v-1&type=visit.held&actor=u-1") ==
            "events from=5 limit=1 stream=visit/v-1 type=visit.held actor=u-1");
    REQUIRE(ask("/v1/events?before=7", "text/html, application/x-ndjson") ==
            "events from=0 limit=100 before=7 lines");
    REQUIRE(ask("/v1/me") == "none");
    REQUIRE(ask("/v1/eventsandmore") == "none");
}

TEST_CASE("a day stands for its end, and for its beginning where something begins", "[questions]") {
    REQUIRE(ask("/v1/views/towns?time=1970-01-01") == "view towns until=86399999");
    REQUIRE(ask("/v1/events?since=1970-01-02&until=1970-01-02") ==
            "events from=0 limit=100 since=86400000 until=172799999");
}

TEST_CASE("a parameter that is not right is named", "[questions]") {
    REQUIRE(ask("/v1/views/towns?at=x") == "invalid_field at");
    REQUIRE(ask("/v1/views/towns?at=-1") == "invalid_field at");
    REQUIRE(ask("/v1/views/towns?at=1.5") == "invalid_field at");
    REQUIRE(ask("/v1/views/towns?at=99999999999999999999") == "invalid_field at");
    REQUIRE(ask("/v1/views/towns?time=yesterday") == "invalid_field time");
    REQUIRE(ask("/v1/views/towns?time=2026-02-30") == "invalid_field time");
    REQUIRE(ask("/v1/lists/towns?limit=0") == "invalid_field limit");
    REQUIRE(ask("/v1/lists/towns?limit=501") == "invalid_field limit");
    REQUIRE(ask("/v1/events?from=x&limit=0") == "invalid_field from");
    REQUIRE(ask("/v1/events?until=2026-13-01") == "invalid_field until");
}
