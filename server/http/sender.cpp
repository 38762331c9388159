#include "server/http/sender.hpp"

#include <boost/asio/ip/address.hpp>

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

} // namespace

Sender sender_of(const ip::address& peer, bool is_tls, std::string_view forwarded_for,
                 std::string_view forwarded_proto, const Networks& trusted_proxies) {
    Sender sender{plain_address(peer), is_tls};
    if (!trusted_proxies.contains(sender.address))
        return sender;
    while (trusted_proxies.contains(sender.address) && !forwarded_for.empty()) {
        boost::system::error_code error;
        const auto address = ip::make_address(take_last(forwarded_for), error);
        if (error)
            break;
        sender.address = plain_address(address);
    }
    if (!forwarded_proto.empty())
        sender.is_secure = take_last(forwarded_proto) == "https";
    return sender;
}

} // namespace mosty::http
