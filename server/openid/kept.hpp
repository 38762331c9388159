#pragma once

#include <chrono>
#include <optional>
#include <utility>

namespace mosty::openid {

// What was fetched from elsewhere and is kept for a time: when to fetch it anew, and how long the old one
// serves while that fails. With {1 h, 24 h, 60 s, 2 s}: fetched anew after an hour; when it cannot be,
// tried again once a minute, and the old one serves until it is a day old; without any, tried every 2 s.
//
// Threads: one at a time.
template <class T>
class Kept {
public:
    using Time = std::chrono::steady_clock::time_point;
    using Duration = std::chrono::steady_clock::duration;

    struct Times {
        Duration fresh;         // not fetched anew
        Duration serves;        // and not served any more after this
        Duration pause;         // between two tries while there is one
        Duration pause_without; // and while there is none
    };

    explicit Kept(Times times) : times_(times) {}

    const T* get(Time now) const { return value_ && now - fetched_ < times_.serves ? &*value_ : nullptr; }

    bool is_due(Time now) const {
        const bool is_fresh = value_ && now - fetched_ < times_.fresh;
        return !is_fresh && may_try(now);
    }

    // Whether a try is not too soon after the one before, for those who know that what is kept is not enough.
    bool may_try(Time now) const {
        return !tried_ || now - *tried_ >= (get(now) ? times_.pause : times_.pause_without);
    }

    // A try begins, whatever comes of it.
    void begin(Time now) { tried_ = now; }

    void put(T value, Time now) {
        value_ = std::move(value);
        fetched_ = now;
    }

private:
    Times times_;
    std::optional<T> value_;
    std::optional<Time> tried_;
    Time fetched_;
};

} // namespace mosty::openid
