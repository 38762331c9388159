#include "server/http/networks.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/address_v6.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace mosty::http {
namespace ip = boost::asio::ip;

ip::address plain_address(const ip::address& address) {
    if (!address.is_v6())
        return address;
    const ip::address_v6 v6 = address.to_v6();
    if (v6.is_v4_mapped())
        return ip::make_address_v4(ip::v4_mapped, v6);
    return ip::address_v6(v6.to_bytes());
}

Networks::Bytes Networks::bytes_of(const ip::address& address) {
    return address.is_v4() ? ip::make_address_v6(ip::v4_mapped, address.to_v4()).to_bytes()
                           : address.to_v6().to_bytes();
}

Result<Networks, std::string> Networks::parse(const std::vector<std::string>& ranges) {
    Networks networks;
    for (const std::string& text : ranges) {
        const auto none = [&] {
            return std::unexpected(
                fmt::format("“{}” is neither an address nor a network, such as 10.0.0.0/8", text));
        };
        const auto slash = text.find('/');
        boost::system::error_code error;
        const auto address = ip::make_address(text.substr(0, slash), error);
        if (error)
            return none();
        const unsigned bits = address.is_v4() ? 32 : 128;
        unsigned prefix = bits;
        if (slash != std::string::npos) {
            const char* end = text.data() + text.size();
            const auto [read, wrong] = std::from_chars(text.data() + slash + 1, end, prefix);
            if (wrong != std::errc{} || read != end || prefix > bits)
                return none();
        }
        networks.ranges_.push_back({bytes_of(address), 128 - bits + prefix});
    }
    return networks;
}

bool Networks::contains(const ip::address& address) const {
    const Bytes bytes = bytes_of(address);
    return std::ranges::any_of(ranges_, [&](const Range& range) {
        const unsigned whole = range.prefix_bits / 8;
        const unsigned rest = range.prefix_bits % 8;
        const unsigned char mask = static_cast<unsigned char>(0xff00u >> rest);
        return std::equal(bytes.begin(), bytes.begin() + whole, range.bytes.begin()) &&
               (rest == 0 || ((bytes[whole] ^ range.bytes[whole]) & mask) == 0);
    });
}

} // namespace mosty::http
