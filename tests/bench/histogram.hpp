#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace mosty::bench {

// Counts durations in nanoseconds, each known to 1.6 %: 64 buckets for every power of two.
class Histogram {
public:
    void record(std::int64_t nanoseconds) {
        ++counts_[bucket_of(static_cast<std::uint64_t>(std::max<std::int64_t>(nanoseconds, 0)))];
        ++total_;
    }

    std::uint64_t total() const { return total_; }

    // The duration that the given part (0 to 1) of all recorded ones does not exceed.
    double milliseconds_at(double part) const {
        const auto wanted = static_cast<std::uint64_t>(part * static_cast<double>(total_));
        std::uint64_t seen = 0;
        for (std::size_t bucket = 0; bucket < counts_.size(); ++bucket) {
            seen += counts_[bucket];
            if (seen > wanted)
                return static_cast<double>(end_of(bucket)) / 1e6;
        }
        return 0;
    }

private:
    static constexpr unsigned bits = 6;
    static constexpr std::uint64_t steps = 1u << bits;

    // Below 64 the bucket is the value; above, the exponent and the six bits after the leading one.
    static std::size_t bucket_of(std::uint64_t value) {
        if (value < steps)
            return value;
        const auto shift = static_cast<unsigned>(std::bit_width(value)) - bits - 1;
        return (shift + 1) * steps + ((value >> shift) - steps);
    }

    static std::uint64_t end_of(std::size_t bucket) {
        if (bucket < steps)
            return bucket;
        const auto shift = bucket / steps - 1;
        return ((bucket % steps + steps + 1) << shift) - 1;
    }

    std::array<std::uint64_t, (64 - bits + 1) * steps> counts_{};
    std::uint64_t total_ = 0;
};

} // namespace mosty::bench
