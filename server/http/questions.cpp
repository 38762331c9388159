#include "server/http/questions.hpp"

#include "server/http/parameters.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string_view>
#include <utility>

namespace mosty::http {
namespace {

using core::Question;
using realtime::Problem;

constexpr std::string_view views_path = "/v1/views/";
constexpr std::string_view texts_path = "/v1/texts/";
constexpr std::string_view lists_path = "/v1/lists/";
constexpr std::string_view events_path = "/v1/events";
constexpr std::uint64_t stretch_ms_max = 366ull * 86'400'000 * 10;
constexpr std::string_view activity_path = "/v1/activity";
constexpr std::string_view export_path = "/v1/me/export";
constexpr std::string_view views_hash_path = "/v1/log/views";

Result<Question, Problem> finished(Parameters& parameters, Question question) {
    if (auto mistake = parameters.mistake())
        return std::unexpected(std::move(*mistake));
    return question;
}

// The topic that "proposal/p-1/objective/authors" names, and what is asked of it.
std::pair<std::string, core::TextQuestion::What> text_and_aspect(const std::string& path) {
    using What = core::TextQuestion::What;
    for (const auto& [ending, what] : {std::pair{std::string_view{"/authors"}, What::authors},
                                       std::pair{std::string_view{"/bursts"}, What::bursts}})
        if (path.ends_with(ending))
            return {"text/" + path.substr(0, path.size() - ending.size()), what};
    return {"text/" + path, What::content};
}

bool accepts(const Request& request, std::string_view media_type) {
    return request.accept.find(media_type) != std::string::npos;
}

// Which events, from where on, and in which form: `Accept` decides between a page, lines and server-sent
// events.
core::EventsQuestion events_question(const Request& request, Parameters& parameters) {
    core::EventsQuestion question{
        .filter = {.stream = parameters.text("stream"),
                   .types = events::types_in(parameters.text("type")),
                   .actor = parameters.text("actor"),
                   .organisation = parameters.text("organisation"),
                   .correlation = parameters.text("correlation"),
                   .since_ms = parameters.moment("since", false),
                   .until_ms = parameters.moment("until", true)},
        .start = {.from = parameters.number("from"),
                  .after = parameters.text_or_nothing("after"),
                  .log = parameters.text_or_nothing("log")},
        .before = parameters.number("before"),
        .limit = parameters.limit(),
        .lines = accepts(request, "application/x-ndjson"),
        .streamed = {},
    };
    if (const auto mistake = events::mistake_in(question.filter))
        parameters.note({mistake->code, mistake->sentence, mistake->field, {}});

    parameters.at_most_one({"from", "before"});
    parameters.at_most_one({"after", "before"});
    const bool is_page = question.before.has_value() || !parameters.text("limit").empty();
    if (accepts(request, "text/event-stream")) {
        question.streamed = events::Form::server_sent;
        if (is_page)
            parameters.note(question.before ? "before" : "limit",
                            "Server-sent events go on and on: leave this out.");
        if (question.filter.until_ms)
            parameters.note("until", "Server-sent events go on and on: leave this out.");
        // A browser repeats the address it began with; the header says how far it has come since.
        if (!request.last_event_id.empty()) {
            if (auto start = events::parse_cursor(request.last_event_id))
                question.start = std::move(*start);
            else
                parameters.note("Last-Event-ID",
                                "“Last-Event-ID” is not an id that was given with an event.");
        }
    } else if (question.lines && !is_page) {
        question.streamed = events::Form::lines;
    }
    return question;
}

// How much was recorded in equal stretches of time.
core::ActivityQuestion activity_question(Parameters& parameters) {
    core::ActivityQuestion question{.streams = events::types_in(parameters.text("stream"))};
    for (const std::string& stream : question.streams)
        if (events::streams_named(stream).empty())
            parameters.note("stream",
                            "“stream” must be streams such as proposal/p-1 or text/proposal/p-1/, with "
                            "commas between.");
    if (question.streams.size() > events::activity_streams_max)
        parameters.note("stream",
                        fmt::format("“stream” must name at most {} streams.", events::activity_streams_max));
    const auto since_ms = parameters.moment("since", false);
    const auto step_ms = parameters.number("step_ms");
    const auto bars = parameters.number("bars");
    if (!since_ms)
        parameters.note("since", "“since” must be the time at which the first stretch begins.");
    if (!step_ms || *step_ms < 1 || *step_ms > stretch_ms_max)
        parameters.note("step_ms", fmt::format("“step_ms” must be from 1 to {}.", stretch_ms_max));
    if (!bars || *bars < 1 || *bars > events::activity_bars_max)
        parameters.note("bars", fmt::format("“bars” must be from 1 to {}.", events::activity_bars_max));
    question.since_ms = since_ms.value_or(0);
    question.step_ms = static_cast<std::int64_t>(step_ms.value_or(1));
    question.bars = bars.value_or(1);
    return question;
}

} // namespace

std::optional<Result<Question, Problem>> question_of(const Request& request) {
    Parameters parameters(request);
    if (request.path.starts_with(views_path)) {
        core::ViewQuestion view{.topic = request.path.substr(views_path.size()),
                                .at = parameters.number("at"),
                                .until_ms = parameters.moment("time", true)};
        parameters.at_most_one({"at", "time"});
        return finished(parameters, std::move(view));
    }
    if (request.path.starts_with(texts_path)) {
        const auto [topic, what] = text_and_aspect(request.path.substr(texts_path.size()));
        core::TextQuestion text{.topic = topic,
                                .what = what,
                                .revision = parameters.number("revision"),
                                .at = parameters.number("at"),
                                .until_ms = parameters.moment("time", true),
                                .limit = parameters.limit()};
        parameters.at_most_one({"revision", "at", "time"});
        return finished(parameters, std::move(text));
    }
    if (request.path.starts_with(lists_path)) {
        core::ListQuestion list{.topic = request.path.substr(lists_path.size()),
                                .before = parameters.text_or_nothing("before"),
                                .limit = parameters.limit(),
                                .search = parameters.text_or_nothing("search"),
                                .country = parameters.text_or_nothing("country"),
                                .at = parameters.number("at"),
                                .until_ms = parameters.moment("time", true)};
        parameters.at_most_one({"at", "time"});
        return finished(parameters, std::move(list));
    }
    if (request.path == views_hash_path)
        return finished(parameters, core::ViewsHashQuestion{.size = parameters.number("size"),
                                                            .limit = parameters.limit()});
    if (request.path == export_path)
        return finished(parameters,
                        core::ExportQuestion{.actor = {}, .from = parameters.number("from").value_or(0)});
    if (request.path == activity_path)
        return finished(parameters, activity_question(parameters));
    if (request.path == events_path)
        return finished(parameters, events_question(request, parameters));
    return std::nullopt;
}

} // namespace mosty::http
