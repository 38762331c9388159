#include "domain/codec/time.hpp"

#include <chrono>

namespace mosty::codec {

namespace {

using namespace std::chrono;

constexpr std::string_view form = "0000-00-00T00:00:00.000Z";

// Writes `count` digits of the value, the last at `text[end - 1]`.
void put(char* text, std::size_t end, std::size_t count, std::int64_t value) {
    for (std::size_t i = 0; i < count; ++i) {
        text[end - 1 - i] = static_cast<char>('0' + value % 10);
        value /= 10;
    }
}

int number(std::string_view text, std::size_t from, std::size_t count) {
    int value = 0;
    for (const char c : text.substr(from, count))
        value = value * 10 + (c - '0');
    return value;
}

// Whether the text has a digit where the form has one, and the form's own character elsewhere.
bool has_form(std::string_view text) {
    if (text.size() != form.size())
        return false;
    for (std::size_t i = 0; i < form.size(); ++i) {
        const bool is_digit = text[i] >= '0' && text[i] <= '9';
        if (form[i] == '0' ? !is_digit : text[i] != form[i])
            return false;
    }
    return true;
}

} // namespace

void append_time(std::string& out, std::int64_t time_ms) {
    const sys_time<milliseconds> moment{milliseconds(time_ms)};
    const auto day = floor<days>(moment);
    const year_month_day date{day};
    std::int64_t rest = (moment - day).count();
    char text[form.size()];
    form.copy(text, form.size());
    put(text, 4, 4, int(date.year()));
    put(text, 7, 2, unsigned(date.month()));
    put(text, 10, 2, unsigned(date.day()));
    put(text, 23, 3, rest % 1000);
    rest /= 1000;
    put(text, 19, 2, rest % 60);
    put(text, 16, 2, rest / 60 % 60);
    put(text, 13, 2, rest / 3600);
    out.append(text, form.size());
}

std::string format_time(std::int64_t time_ms) {
    std::string text;
    append_time(text, time_ms);
    return text;
}

std::optional<std::int64_t> parse_time(std::string_view text) {
    const auto time_ms = parse_any_time(text);
    return time_ms && *time_ms >= 0 ? time_ms : std::nullopt;
}

std::optional<std::int64_t> parse_any_time(std::string_view text) {
    if (!has_form(text))
        return std::nullopt;
    const year_month_day date{year(number(text, 0, 4)), month(static_cast<unsigned>(number(text, 5, 2))),
                              day(static_cast<unsigned>(number(text, 8, 2)))};
    const int hour = number(text, 11, 2);
    const int minute = number(text, 14, 2);
    const int second = number(text, 17, 2);
    if (!date.ok() || hour > 23 || minute > 59 || second > 59)
        return std::nullopt;
    const auto moment =
        sys_days(date) + hours(hour) + minutes(minute) + seconds(second) + milliseconds(number(text, 20, 3));
    return moment.time_since_epoch().count();
}

} // namespace mosty::codec
