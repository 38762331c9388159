#pragma once

#include "tests/bench/histogram.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace mosty::bench {

// Says why and ends: a run that cannot be trusted gives no figures.
template <class... Arguments>
[[noreturn]] void give_up(fmt::format_string<Arguments...> sentence, Arguments&&... arguments) {
    fmt::print(stderr, "{}\n", fmt::format(sentence, std::forward<Arguments>(arguments)...));
    std::exit(1);
}

inline std::int64_t now_ns() {
    return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds{1};
}

// The processor time that a process, 0 for this one, has used in all its threads.
inline double cpu_seconds(pid_t process = 0) {
    clockid_t clock = CLOCK_PROCESS_CPUTIME_ID;
    timespec time{};
    if ((process != 0 && ::clock_getcpuclockid(process, &clock) != 0) || ::clock_gettime(clock, &time) != 0)
        give_up("process {} cannot be measured", process);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// One line "name value" a figure: what scripts/bench reads.
inline void print_figure(std::string_view name, double value) {
    fmt::print("{} {:.6g}\n", name, value);
}

inline void print_latencies(const Histogram& latencies) {
    print_figure("p50_ms", latencies.milliseconds_at(0.50));
    print_figure("p99_ms", latencies.milliseconds_at(0.99));
}

} // namespace mosty::bench
