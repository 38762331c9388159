#pragma once

#include "server/config/settings.hpp"
#include "server/limits/budget.hpp"
#include "server/limits/limit.hpp"
#include "server/realtime/client_message.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace mosty::limits {

// What was asked of the server in one go.
struct Asked {
    std::uint64_t commands = 0; // messages, weighed by commands_of()
    std::uint64_t bytes = 0;
    std::uint64_t pings = 0; // control frames
};

// A message costs as much as it gives the core thread to do: a list's rows are read there when it is
// followed.
std::uint64_t commands_of(const realtime::ClientMessage& message);

// What one connection, or all that one account has, may ask. It is slowed, not refused: whoever asked for
// more waits before it asks again, so nobody loses anything, and an honest writer hardly notices.
//
// Threads: any.
class Allowance {
public:
    struct Rates {
        Rate commands;
        Rate bytes;
        Rate pings;
    };
    static Rates of_connection(const Settings& settings);
    static Rates of_account(const Settings& settings);

    // The rates, which many share, must outlive it.
    explicit Allowance(const Rates& rates) : rates_(rates) {}
    explicit Allowance(Rates&&) = delete;

    // What makes it wait longest, and how long; zero when nothing does.
    struct Pause {
        std::chrono::nanoseconds time{0};
        Limit because = Limit::commands;
    };
    Pause take(const Asked& asked, Time now);

    // For what cannot be slowed, a request among many connections: after what pause it may come again.
    std::optional<std::chrono::nanoseconds> refuse(const Asked& asked, Time now);

private:
    const Rates& rates_;
    Budget commands_;
    Budget bytes_;
    Budget pings_;
};

} // namespace mosty::limits
