#include "domain/base/partial_date.hpp"

#include <fmt/format.h>

namespace mosty {

namespace {

bool is_leap(int year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int days_in(int year, int month) {
    constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

// The number that the digits at `from` spell, or -1.
int digits(std::string_view text, std::size_t from, std::size_t count) {
    int value = 0;
    for (std::size_t i = from; i < from + count; ++i) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

} // namespace

std::optional<PartialDate> parse_partial_date(std::string_view text) {
    if (text.size() != 4 && text.size() != 7 && text.size() != 10)
        return std::nullopt;
    PartialDate date{.year = digits(text, 0, 4)};
    if (date.year < 1900 || date.year > 2199)
        return std::nullopt;
    if (text.size() >= 7) {
        date.month = digits(text, 5, 2);
        if (text[4] != '-' || date.month < 1 || date.month > 12)
            return std::nullopt;
    }
    if (text.size() == 10) {
        date.day = digits(text, 8, 2);
        if (text[7] != '-' || date.day < 1 || date.day > days_in(date.year, date.month))
            return std::nullopt;
    }
    return date;
}

std::string to_string(PartialDate date) {
    if (date.month == 0)
        return fmt::format("{:04}", date.year);
    if (date.day == 0)
        return fmt::format("{:04}-{:02}", date.year, date.month);
    return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

PartialDate earliest_day(PartialDate date) {
    if (date.month == 0)
        date.month = 1;
    if (date.day == 0)
        date.day = 1;
    return date;
}

PartialDate latest_day(PartialDate date) {
    if (date.month == 0)
        date.month = 12;
    if (date.day == 0)
        date.day = days_in(date.year, date.month);
    return date;
}

bool is_after(PartialDate date, PartialDate today) {
    return earliest_day(date) > today;
}

bool ends_before_it_starts(PartialDate from, PartialDate to) {
    return latest_day(to) < earliest_day(from);
}

} // namespace mosty
