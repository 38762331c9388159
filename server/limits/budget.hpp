#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

namespace mosty::limits {

using Time = std::chrono::steady_clock::time_point;

// How much may be taken: so much a second, and what was not taken for a while at once.
struct Rate {
    std::uint64_t per_second = 1;
    std::chrono::nanoseconds saved_up{0}; // at most what this time would give
};

// A token bucket, kept as one moment: when all that was taken will have been paid off. So threads share it
// without a lock; the rate is told with each call, since one serves many. With 100 a second and 2 s saved up,
// 200 may be taken at once, and then one each 10 ms.
//
// Threads: any.
class Budget {
public:
    // Takes in any case, and answers how long to wait before the next taking: for whoever learns the price
    // only when the thing is there, and can stop asking for more.
    std::chrono::nanoseconds take(std::uint64_t amount, Rate rate, Time now);

    // Takes if nothing is owed; otherwise takes nothing and answers after what pause something may be.
    std::optional<std::chrono::nanoseconds> refuse(std::uint64_t amount, Rate rate, Time now);

    // Whether it is as full as it can be: forgetting it changes nothing.
    bool is_full(Time now) const;

private:
    std::atomic<std::int64_t> paid_off_ns_ = 0;
};

} // namespace mosty::limits
