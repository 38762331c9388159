#include "server/http/questions.hpp"

#include "domain/codec/time.hpp"

#include <fmt/format.h>

#include <charconv>
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

Problem wrong(std::string_view name, std::string sentence) {
    return {"invalid_field", std::move(sentence), std::string{name}, {}};
}

// Reads a request's parameters; the first that is not right is remembered.
class Parameters {
public:
    explicit Parameters(const std::map<std::string, std::string>& query) : query_(query) {}

    std::string text(const std::string& name) const {
        const auto found = query_.find(name);
        return found == query_.end() ? std::string{} : found->second;
    }

    std::optional<std::uint64_t> number(const std::string& name) {
        const std::string value = text(name);
        if (value.empty())
            return std::nullopt;
        std::uint64_t number = 0;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
        if (error == std::errc{} && end == value.data() + value.size() && number <= (1ull << 53))
            return number;
        note(wrong(name, fmt::format("“{}” must be a whole number.", name)));
        return std::nullopt;
    }

    // RFC 3339 with milliseconds, or a date, which stands for its first or last moment (UTC).
    std::optional<std::int64_t> moment(const std::string& name, bool end_of_day) {
        const std::string value = text(name);
        if (value.empty())
            return std::nullopt;
        if (const auto time = codec::parse_time(value))
            return time;
        if (const auto time = codec::parse_time(value + (end_of_day ? "T23:59:59.999Z" : "T00:00:00.000Z")))
            return time;
        note(wrong(name, fmt::format("“{}” must be a date such as 2026-11-22, or a time such as "
                                     "2026-11-22T10:00:00.000Z.",
                                     name)));
        return std::nullopt;
    }

    std::size_t limit() {
        const auto value = number("limit");
        if (value && (*value < 1 || *value > 500))
            note(wrong("limit", "“limit” must be from 1 to 500."));
        return static_cast<std::size_t>(value.value_or(100));
    }

    Result<Question, Problem> finish(Question question) const {
        if (problem_)
            return std::unexpected(*problem_);
        return question;
    }

private:
    void note(Problem problem) {
        if (!problem_)
            problem_ = std::move(problem);
    }

    const std::map<std::string, std::string>& query_;
    std::optional<Problem> problem_;
};

// The topic that "proposal/p-1/objective/authors" names, and what is asked of it.
std::pair<std::string, core::TextQuestion::What> text_and_aspect(const std::string& path) {
    using What = core::TextQuestion::What;
    for (const auto& [ending, what] : {std::pair{std::string_view{"/authors"}, What::authors},
                                       std::pair{std::string_view{"/bursts"}, What::bursts}})
        if (path.ends_with(ending))
            return {"text/" + path.substr(0, path.size() - ending.size()), what};
    return {"text/" + path, What::content};
}

} // namespace

std::optional<Result<Question, Problem>> question_of(const Request& request) {
    Parameters parameters(request.query);
    if (request.path.starts_with(views_path)) {
        core::ViewQuestion view{.topic = request.path.substr(views_path.size()),
                                .at = parameters.number("at"),
                                .until_ms = parameters.moment("time", true)};
        return parameters.finish(std::move(view));
    }
    if (request.path.starts_with(texts_path)) {
        const auto [topic, what] = text_and_aspect(request.path.substr(texts_path.size()));
        core::TextQuestion text{.topic = topic,
                                .what = what,
                                .revision = parameters.number("revision"),
                                .at = parameters.number("at"),
                                .until_ms = parameters.moment("time", true),
                                .limit = parameters.limit()};
        return parameters.finish(std::move(text));
    }
    if (request.path.starts_with(lists_path)) {
        core::ListQuestion list{.topic = request.path.substr(lists_path.size()),
                                .before = parameters.text("before"),
                                .limit = parameters.limit(),
                                .search = parameters.text("search"),
                                .country = parameters.text("country")};
        return parameters.finish(std::move(list));
    }
    if (request.path == events_path) {
        core::EventsQuestion events{.from = parameters.number("from").value_or(0),
                                    .before = parameters.number("before"),
                                    .limit = parameters.limit(),
                                    .stream = parameters.text("stream"),
                                    .type = parameters.text("type"),
                                    .actor = parameters.text("actor"),
                                    .since_ms = parameters.moment("since", false),
                                    .until_ms = parameters.moment("until", true),
                                    .lines =
                                        request.accept.find("application/x-ndjson") != std::string::npos};
        return parameters.finish(std::move(events));
    }
    return std::nullopt;
}

} // namespace mosty::http
