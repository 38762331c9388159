#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace mosty::tools {

// Tells on the terminal how far a task has come, a few times a second; a file or pipe gets no lines.
class Progress {
public:
    // `total` 0: not known.
    Progress(std::string verb, std::uint64_t total);

    void show(std::uint64_t done);

    // Clears the line.
    void finish();

private:
    const std::string verb_;
    const std::uint64_t total_;
    const bool to_terminal_;
    std::chrono::steady_clock::time_point next_;
};

} // namespace mosty::tools
