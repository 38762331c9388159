#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace mosty::limits {

// What can be reached: told by `mosty_limits_reached_total{limit="…"}`.
enum class Limit : std::size_t {
    connections,           // closed unanswered
    address_connections,   // closed unanswered
    header_time,           // a request that took too long to come: closed
    header_bytes,          // 413
    body_bytes,            // 413
    address_requests,      // the connection waits
    account_requests,      // 429
    message_bytes,         // closed with 1009
    message_fragments,     // closed with 1008
    message_time,          // a message that took too long to come: closed
    commands,              // the connection waits
    bytes,                 // the connection waits
    pings,                 // the connection waits
    commands_waiting,      // `overloaded`
    subscriptions,         // of a connection: `too_many_subscriptions`
    account_subscriptions, // the same
    idle,                  // neither heard of nor able to take anything: closed
    close_time,            // the answer to a close did not come: cut
};

inline constexpr std::array<std::string_view, 18> limit_names{"connections",
                                                              "address_connections",
                                                              "header_time",
                                                              "header_bytes",
                                                              "body_bytes",
                                                              "address_requests",
                                                              "account_requests",
                                                              "message_bytes",
                                                              "message_fragments",
                                                              "message_time",
                                                              "commands",
                                                              "bytes",
                                                              "pings",
                                                              "commands_waiting",
                                                              "subscriptions",
                                                              "account_subscriptions",
                                                              "idle",
                                                              "close_time"};

} // namespace mosty::limits
