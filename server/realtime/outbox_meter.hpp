#pragma once

#include <atomic>
#include <cstddef>

namespace mosty::realtime {

// How much one connection still has to send. The core adds what it hands over, the connection takes away
// what it has written; so the core knows a slow reader without asking.
struct OutboxMeter {
    std::atomic<std::size_t> bytes = 0;
    // Set by the core when it held changes back; the connection clears it and says so once it is drained.
    std::atomic<bool> held_back = false;
};

} // namespace mosty::realtime
