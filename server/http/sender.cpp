#include "server/http/sender.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>

namespace mosty::http {
namespace ip = boost::asio::ip;
namespace {

// Takes the last part of a list off it.
std::string_view take_last(std::string_view& list) {
    const auto comma = list.rfind(',');
    std::string_view last = comma == std::string_view::npos ? list : list.substr(comma + 1);
    list = comma == std::string_view::npos ? std::string_view{} : list.substr(0, comma);
    constexpr std::string_view blank = " \t";
    const auto first = last.find_first_not_of(blank);
    if (first == std::string_view::npos)
        return {};
    return last.substr(first, last.find_last_not_of(blank) - first + 1);
}

const ip::address unknown; // 0.0.0.0, from where nobody comes

// An address, as proxies write it: with its port, too.
ip::address address_in(std::string_view entry) {
    const bool is_bracketed = entry.starts_with('[');
    if (is_bracketed) {
        entry.remove_prefix(1);
        entry = entry.substr(0, entry.find(']'));
    } else if (std::ranges::count(entry, ':') == 1) {
        entry = entry.substr(0, entry.find(':'));
    }
    boost::system::error_code error;
    const auto address = ip::make_address(entry, error);
    return error ? unknown : plain_address(address);
}

} // namespace

Sender sender_of(const ip::address& peer, bool is_tls, std::string_view forwarded_for,
                 std::string_view forwarded_proto, const Networks& trusted_proxies) {
    Sender sender{plain_address(peer), is_tls};
    if (!trusted_proxies.contains(sender.address))
        return sender;
    if (forwarded_for.empty() && !forwarded_proto.empty())
        sender.address = unknown;
    while (trusted_proxies.contains(sender.address) && !forwarded_for.empty()) {
        sender.address = address_in(take_last(forwarded_for));
        if (sender.address == unknown)
            break;
    }
    if (!forwarded_proto.empty())
        sender.is_secure = take_last(forwarded_proto) == "https";
    return sender;
}

} // namespace mosty::http
