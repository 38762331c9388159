#include "server/tools/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <unistd.h>
#include <utility>

namespace mosty::tools {

Progress::Progress(std::string verb, std::uint64_t total)
    : verb_(std::move(verb)), total_(total), to_terminal_(::isatty(STDERR_FILENO) == 1),
      next_(std::chrono::steady_clock::now()) {}

void Progress::show(std::uint64_t done) {
    const auto now = std::chrono::steady_clock::now();
    if (!to_terminal_ || now < next_)
        return;
    next_ = now + std::chrono::milliseconds{200};
    if (total_ == 0)
        fmt::print(stderr, "\r{} {}", verb_, done);
    else
        fmt::print(stderr, "\r{} {:3}%", verb_, std::min<std::uint64_t>(100, done * 100 / total_));
    std::fflush(stderr);
}

void Progress::finish() {
    if (to_terminal_)
        fmt::print(stderr, "\r\033[K");
}

} // namespace mosty::tools
