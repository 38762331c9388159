#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mosty::codec {

// "2026-11-22T10:00:00.123Z": RFC 3339 in UTC, always with milliseconds. Years 1970 to 9999.
void append_time(std::string& out, std::int64_t time_ms);
std::string format_time(std::int64_t time_ms);

// Reads exactly that form, and only a moment that the calendar has.
std::optional<std::int64_t> parse_time(std::string_view text);

// The same of any year from 0000 on, for asking: what lies before 1970 is negative.
std::optional<std::int64_t> parse_any_time(std::string_view text);

} // namespace mosty::codec
