#include "server/limits/budget.hpp"

#include <algorithm>

namespace mosty::limits {
namespace {

std::int64_t ns_of(Time time) {
    return std::chrono::nanoseconds(time.time_since_epoch()).count();
}

std::int64_t price_ns(std::uint64_t amount, Rate rate) {
    // An hour is more than anybody waits, and keeps sums far from their end.
    constexpr double price_ns_max = 3.6e12;
    return static_cast<std::int64_t>(
        std::min(1e9 * static_cast<double>(amount) / static_cast<double>(rate.per_second), price_ns_max));
}

} // namespace

std::chrono::nanoseconds Budget::take(std::uint64_t amount, Rate rate, Time now) {
    const std::int64_t price = price_ns(amount, rate);
    std::int64_t before = paid_off_ns_.load(std::memory_order_relaxed);
    std::int64_t after = 0;
    do
        after = std::max(before, ns_of(now)) + price;
    while (!paid_off_ns_.compare_exchange_weak(before, after, std::memory_order_relaxed));
    return std::chrono::nanoseconds{std::max<std::int64_t>(after - ns_of(now) - rate.saved_up.count(), 0)};
}

std::optional<std::chrono::nanoseconds> Budget::refuse(std::uint64_t amount, Rate rate, Time now) {
    const std::int64_t price = price_ns(amount, rate);
    std::int64_t before = paid_off_ns_.load(std::memory_order_relaxed);
    std::int64_t after = 0;
    do {
        const std::int64_t owed = before - ns_of(now) - rate.saved_up.count();
        if (owed >= 0)
            return std::chrono::nanoseconds{owed + price};
        after = std::max(before, ns_of(now)) + price;
    } while (!paid_off_ns_.compare_exchange_weak(before, after, std::memory_order_relaxed));
    return std::nullopt;
}

bool Budget::is_full(Time now) const {
    return paid_off_ns_.load(std::memory_order_relaxed) <= ns_of(now);
}

} // namespace mosty::limits
