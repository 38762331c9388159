#pragma once

#include "tests/bench/options.hpp"

namespace mosty::bench {

// Takes every connection, accepts every handshake and drops whatever comes: where the crowd goes when the
// server is measured without it. Prints where it is, and ends with its process.
[[noreturn]] void run_sink();

// Ten thousand idle and fifty hostile connections, each from an address of the loopback network that few or
// none share, at fixed rates whatever is answered. Prints “ready” when all have been opened once, and goes on
// until it is ended.
[[noreturn]] void run_crowd(const Options& options);

// Two hundred honest writers at a fixed rate; times run from the moment when an edit was due.
void measure_writers(const Options& options);

} // namespace mosty::bench
