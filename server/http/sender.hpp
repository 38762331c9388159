#pragma once

#include "server/http/networks.hpp"

#include <boost/asio/ip/address.hpp>

#include <string_view>

namespace mosty::http {

// Who sends a request, and whether the way here is closed to others.
struct Sender {
    boost::asio::ip::address address;
    bool is_secure = false; // TLS from the browser on: here, or up to a proxy that we trust
};

// Who stands behind a connection from `peer`. What X-Forwarded-For and X-Forwarded-Proto say counts only when
// the connection comes from a trusted proxy: each one adds the address that it saw, so the last that is not
// itself a trusted proxy is the sender. Where that is no address that can be read, or none is named of a
// request that a proxy forwards, the sender is 0.0.0.0: nobody known, and above all not this machine. Several
// headers of a name are to be joined with commas, in order.
Sender sender_of(const boost::asio::ip::address& peer, bool is_tls, std::string_view forwarded_for,
                 std::string_view forwarded_proto, const Networks& trusted_proxies);

} // namespace mosty::http
