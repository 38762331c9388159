#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>

namespace mosty::access {

// How long a session or token goes on: until a fixed moment, and no longer than it may be unused. All who act
// by one session share one. Once anybody has found it over it never lives again, whatever becomes of the
// clock. Moments are UTC, milliseconds since 1970.
//
// Threads: any.
class Life {
public:
    static constexpr std::int64_t without_end = std::numeric_limits<std::int64_t>::max();

    // `idle_ms`: how long it may be unused, or without_end.
    Life(std::int64_t until_ms, std::int64_t idle_ms, std::int64_t used_ms)
        : until_ms_(until_ms), idle_ms_(idle_ms), used_ms_(used_ms) {}

    // Somebody does something by it; false when it is over, and they may not.
    bool use(std::int64_t now_ms) {
        for (std::int64_t used = used_ms_; used != over;) {
            const bool ends = now_ms >= end_after(used);
            const std::int64_t next = ends ? over : std::max(used, now_ms);
            if (next == used || used_ms_.compare_exchange_weak(used, next))
                return !ends;
        }
        return false;
    }

    bool is_over(std::int64_t now_ms) {
        for (std::int64_t used = used_ms_; used != over;) {
            if (now_ms < end_after(used))
                return false;
            if (used_ms_.compare_exchange_weak(used, over))
                return true;
        }
        return true;
    }

    // When it is over unless it is used before; 0 when it was found over.
    std::int64_t end_ms() const {
        const std::int64_t used = used_ms_;
        return used == over ? 0 : end_after(used);
    }

    // When it was last used; 0 when it was found over.
    std::int64_t used_ms() const { return std::max<std::int64_t>(used_ms_, 0); }

private:
    static constexpr std::int64_t over = -1;

    std::int64_t end_after(std::int64_t used_ms) const {
        return idle_ms_ > without_end - used_ms ? until_ms_ : std::min(until_ms_, used_ms + idle_ms_);
    }

    const std::int64_t until_ms_;
    const std::int64_t idle_ms_;
    std::atomic<std::int64_t> used_ms_;
};

} // namespace mosty::access
