#pragma once

#include "domain/base/result.hpp"

#include <boost/asio/ip/address.hpp>

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace mosty::http {

// An address in the one form in which it is compared: an IPv4 address that came as IPv6 is IPv4 again, and
// a scope is left out.
boost::asio::ip::address plain_address(const boost::asio::ip::address& address);

// Ranges of addresses: "192.0.2.7", "10.0.0.0/8", "2001:db8::/32".
//
// Threads: immutable, any.
class Networks {
public:
    // The sentence names the first text that is no range.
    static Result<Networks, std::string> parse(const std::vector<std::string>& ranges);

    bool contains(const boost::asio::ip::address& address) const;
    bool empty() const { return ranges_.empty(); }

private:
    using Bytes = std::array<unsigned char, 16>; // IPv4 as IPv6 writes it
    struct Range {
        Bytes bytes{};
        unsigned prefix_bits = 0;
    };

    static Bytes bytes_of(const boost::asio::ip::address& address);

    std::vector<Range> ranges_;
};

} // namespace mosty::http
