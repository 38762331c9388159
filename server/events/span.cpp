#include "server/events/span.hpp"

#include "domain/codec/index_keys.hpp"
#include "domain/codec/time.hpp"
#include "server/core/reads.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace mosty::events {
namespace {

using realtime::Problem;

constexpr std::size_t log_id_digits = 32;

std::optional<std::uint64_t> whole_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number > (1ull << 53))
        return std::nullopt;
    return number;
}

Result<Size, Problem> size_after(const storage::LogReader& log, Size size, const std::string& event) {
    const auto at = event.rfind('@');
    const auto revision =
        at == std::string::npos ? std::nullopt : whole_number(std::string_view{event}.substr(at + 1));
    if (!revision || !domain::kind_of(StreamId{event.substr(0, at)}))
        return std::unexpected(
            Problem{"invalid_field",
                    "“after” must be an event's stream and revision, such as proposal/p-1@12.",
                    "after",
                    {}});
    const auto found = log.find(codec::stream_key(StreamId{event.substr(0, at)}, *revision));
    if (!found)
        return std::unexpected(core::unreadable(found.error().reason));
    if (!*found || **found >= size)
        return std::unexpected(unknown_event(event));
    return **found + 1;
}

} // namespace

Problem unknown_event(const std::string& event) {
    return {"unknown_event", fmt::format("There is no event {} here.", event), "after", {}};
}

std::string cursor_text(std::string_view log_id, Size size) {
    return fmt::format("{}:{}", log_id, size);
}

std::optional<Start> parse_cursor(std::string_view text) {
    if (text.size() <= log_id_digits + 1 || text[log_id_digits] != ':' ||
        text.substr(0, log_id_digits).find_first_not_of("0123456789abcdef") != std::string_view::npos)
        return std::nullopt;
    const auto size = whole_number(text.substr(log_id_digits + 1));
    if (!size)
        return std::nullopt;
    return Start{.from = size, .after = {}, .log = std::string{text.substr(0, log_id_digits)}};
}

std::optional<std::int64_t> parse_moment(const std::string& text, bool end_of_day) {
    if (const auto time = codec::parse_any_time(text))
        return time;
    return codec::parse_any_time(text + (end_of_day ? "T23:59:59.999Z" : "T00:00:00.000Z"));
}

Result<Span, Problem> span_of(const storage::LogReader& log, Size size, const Start& start,
                              const Filter& filter) {
    if (!start.log.empty() && start.log != log.log_id())
        return std::unexpected(
            Problem{"history_changed",
                    "This is another log than the one you have read: it was begun anew, or an "
                    "earlier copy was restored. Compare, or begin at its beginning.",
                    "log",
                    {{"log", log.log_id()}}});
    Span span{.from = start.from.value_or(0), .to = size};
    if (!start.after.empty()) {
        const auto after = size_after(log, size, start.after);
        if (!after)
            return std::unexpected(after.error());
        span.from = std::max(span.from, *after);
    }
    if (span.from > size)
        return std::unexpected(Problem{"future_position",
                                       fmt::format("The log has {} entries so far.", size),
                                       "from",
                                       {{"size", std::to_string(size)}}});
    if (filter.since_ms) {
        const auto since = core::size_at(log, size, *filter.since_ms - 1);
        if (!since)
            return std::unexpected(since.error());
        span.from = std::max(span.from, *since);
    }
    if (filter.until_ms) {
        const auto until = core::size_at(log, size, *filter.until_ms);
        if (!until)
            return std::unexpected(until.error());
        span.to = std::max(span.from, *until);
    }
    return span;
}

} // namespace mosty::events
