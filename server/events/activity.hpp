#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "server/realtime/problem.hpp"
#include "storage/log_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mosty::events {

// How much was recorded when: asked of equal stretches of time.
struct ActivityQuestion {
    std::vector<std::string> streams; // as a filter's `stream`, of those that are known by name; none: all
    std::int64_t since_ms = 0;
    std::int64_t step_ms = 1;
    std::size_t bars = 1;
};

inline constexpr std::size_t activity_streams_max = 64;
inline constexpr std::size_t activity_bars_max = 400;

// How many events the streams have among the log's first `size` entries, for each stretch. Long streams are
// not read, but looked up at the ends of the stretches.
Result<std::vector<std::uint64_t>, realtime::Problem> count_activity(const storage::LogReader& log, Size size,
                                                                     const ActivityQuestion& question);

} // namespace mosty::events
