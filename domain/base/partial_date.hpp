#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace mosty {

// A date known to the year, the month or the day: "2023", "2023-06", "2023-06-19" (ISO 8601 reduced
// precision). Years run from 1900 to 2199; an unknown month or day is 0. Ordered as it reads: by year,
// then month, then day, the less precise before the more precise.
struct PartialDate {
    int year = 1900;
    int month = 0;
    int day = 0;

    bool is_full() const { return day != 0; }

    friend auto operator<=>(const PartialDate&, const PartialDate&) = default;
};

// Reads one of the three forms, and only a date that the calendar has.
std::optional<PartialDate> parse_partial_date(std::string_view text);

std::string to_string(PartialDate date);

// The first day that the date may mean: 2023-06 begins on 2023-06-01.
PartialDate earliest_day(PartialDate date);

// The last day that the date may mean: 2024-02 ends on 2024-02-29.
PartialDate latest_day(PartialDate date);

// Whether every day that the date may mean lies after `today`, a full date.
bool is_after(PartialDate date, PartialDate today);

// Whether every day that `to` may mean lies before every day that `from` may mean.
bool ends_before_it_starts(PartialDate from, PartialDate to);

} // namespace mosty
