#pragma once

#include <cstdio>
#include <cstdlib>

namespace mosty {

[[noreturn]] inline void invariant_failed(const char* condition, const char* why, const char* file,
                                          int line) {
    std::fprintf(stderr, "%s:%d: invariant broken: %s (%s)\n", file, line, why, condition);
    std::abort();
}

} // namespace mosty

// Stops the process when our own reasoning is wrong. On in every build, and never about input.
#define MOSTY_INVARIANT(condition, why)                                                                      \
    do {                                                                                                     \
        if (!(condition))                                                                                    \
            ::mosty::invariant_failed(#condition, why, __FILE__, __LINE__);                                  \
    } while (false)
