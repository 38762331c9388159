#pragma once

#include "domain/base/partial_date.hpp"

#include <chrono>
#include <cstdint>

namespace mosty::sequencing {

// The day of a moment, UTC.
inline PartialDate day_of(std::int64_t time_ms) {
    constexpr std::int64_t ms_per_day = 86'400'000;
    const std::chrono::year_month_day day{std::chrono::sys_days{std::chrono::days{time_ms / ms_per_day}}};
    return {static_cast<int>(day.year()), static_cast<int>(static_cast<unsigned>(day.month())),
            static_cast<int>(static_cast<unsigned>(day.day()))};
}

// Today, as the system's clock has it.
inline PartialDate today() {
    using namespace std::chrono;
    return day_of(duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
}

} // namespace mosty::sequencing
