#pragma once

#include "server/config/settings.hpp"
#include "server/http/message.hpp"
#include "server/http/networks.hpp"
#include "server/realtime/problem.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace mosty::http {

// Decides about every request, and about every WebSocket, before anybody looks at what it wants: it must ask
// for a host that we are, come where nobody else reads along, and, when it may change something, be sent by
// one of our own pages.
//
// Threads: immutable, any.
class Gate {
public:
    // Knows no host and no page of ours.
    Gate() = default;

    // `port`: the one that is listened on.
    Gate(const Settings& settings, std::uint16_t port);

    // Why the request goes no further; nothing when it may.
    std::optional<realtime::Problem> refuse(const Request& request) const;

    // Whose word counts about for whom they ask.
    const Networks& trusted_proxies() const { return trusted_proxies_; }

private:
    bool is_known_host(std::string_view host) const;
    std::optional<realtime::Problem> refuse_metrics(const Request& request) const;

    std::set<std::string> origins_;
    std::set<std::string, std::less<>> hosts_; // "mosty.example", "192.0.2.1:8443"
    Networks trusted_proxies_;
    bool plain_beyond_loopback_ = false;
    bool is_demo_ = false;
    MetricsFor metrics_ = MetricsFor::nobody;
};

// Where a server that listens there is found: "https://127.0.0.1:8443".
std::string address_of(const Settings& settings, std::uint16_t port);

} // namespace mosty::http
