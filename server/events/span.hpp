#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "server/events/filter.hpp"
#include "server/realtime/problem.hpp"
#include "storage/log_reader.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mosty::events {

// Where somebody goes on: a size of the log, or an event that they have. Neither: from the beginning.
struct Start {
    std::optional<Size> from = {}; // the size that they have seen, and so the next position
    std::string after = {};        // "proposal/p-1@12": the event of that stream and revision
    std::string log = {};          // the log that it is a cursor of; empty when they do not say
};

// A cursor as it is given to readers: "<log id>:<size>".
std::string cursor_text(std::string_view log_id, Size size);

// What is said of an event after which somebody would go on, when there is none, or none for them.
realtime::Problem unknown_event(const std::string& event);

// Nothing for a text that is none.
std::optional<Start> parse_cursor(std::string_view text);

// A time, RFC 3339 with milliseconds, or a day, which stands for its first or last moment (UTC).
std::optional<std::int64_t> parse_moment(const std::string& text, bool end_of_day);

struct Span {
    Position from = 0;
    Size to = 0;
};

// The part of a log's first `size` entries in which a filter's events can be, from a start on: its time
// decides both ends. A problem when the start is of another log, beyond the end, or names an event that is
// not there.
Result<Span, realtime::Problem> span_of(const storage::LogReader& log, Size size, const Start& start,
                                        const Filter& filter);

} // namespace mosty::events
