#include "server/net/http_request.hpp"

#include "server/http/cookie.hpp"
#include "server/http/head.hpp"
#include "server/http/sender.hpp"
#include "server/net/message_feed.hpp"

#include <boost/beast/websocket/rfc6455.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace mosty::net {
namespace bhttp = beast::http;
namespace {

using Parser = bhttp::request_parser<bhttp::string_body>;
using Read = std::variant<RequestMessage, BadRequest, Gone>;

constexpr std::size_t read_at_once = 4 * 1024;

std::string_view text_of(const beast::flat_buffer& buffer) {
    return {static_cast<const char*>(buffer.data().data()), buffer.size()};
}

std::string_view value_of(const RequestMessage& message, bhttp::field name) {
    const auto value = message[name];
    return {value.data(), value.size()};
}

std::string_view value_of(const RequestMessage& message, std::string_view name) {
    const auto value = message[beast::string_view{name.data(), name.size()}];
    return {value.data(), value.size()};
}

// All headers of a name, joined in order.
std::string list_of(const RequestMessage& message, std::string_view name) {
    std::string list;
    const auto [first, last] = message.equal_range(beast::string_view{name.data(), name.size()});
    for (auto field = first; field != last; ++field) {
        if (!list.empty())
            list += ',';
        list.append(field->value().data(), field->value().size());
    }
    return list;
}

std::string in_lower_case(std::string_view text) {
    std::string lower{text};
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

// A browser says from where the page came that asks. Cookies count only for our own pages and for what
// somebody typed; other programs do not say it.
bool is_from_elsewhere(std::string_view fetch_site) {
    return !fetch_site.empty() && fetch_site != "same-origin" && fetch_site != "none";
}

BadRequest refusal(const beast::error_code& error) {
    if (error == bhttp::error::body_limit)
        return {"too_big", "The request is too big."};
    return {"malformed", "This is not an HTTP request."};
}

} // namespace

Awaitable<Read> read_request(Stream& stream, beast::flat_buffer& buffer, const RequestLimits& limits,
                             bool is_first) {
    if (!is_first)
        stream.expires_after(buffer.size() == 0 ? limits.idle_timeout : limits.head_timeout);
    std::size_t head_bytes = 0;
    for (std::size_t seen = 0;;) {
        const auto text = text_of(buffer).substr(0, limits.head_bytes_max);
        head_bytes = http::head_length(text, seen);
        if (head_bytes > 0)
            break;
        if (!http::may_become_head(text, seen))
            co_return BadRequest{"malformed", "This is not an HTTP request."};
        if (text.size() == limits.head_bytes_max)
            co_return BadRequest{"header_too_big", "The head of the request is too big."};
        seen = text.size();
        const auto [error, bytes] = co_await stream.async_read_some(buffer.prepare(read_at_once), as_result);
        if (error)
            co_return Gone{.was_late = error == beast::error::timeout && seen > 0};
        buffer.commit(bytes);
        if (seen == 0 && !is_first)
            stream.expires_after(limits.head_timeout);
    }
    const auto head = text_of(buffer).substr(0, head_bytes);
    if (const auto fault = http::fault_in_head(head))
        co_return BadRequest{"malformed", std::string{*fault}};

    Parser parser;
    parser.header_limit(static_cast<std::uint32_t>(limits.head_bytes_max));
    parser.body_limit(limits.body_bytes_max);
    beast::error_code error;
    const std::size_t parsed = parser.put(asio::buffer(head.data(), head.size()), error);
    if (error || !parser.is_header_done())
        co_return refusal(error);
    buffer.consume(parsed);
    if (!parser.is_done())
        stream.expires_after(limits.idle_timeout);
    MessageFeed feed(parser);
    while (const auto fault = feed.take(buffer)) {
        if (fault == bhttp::error::bad_field)
            co_return BadRequest{"malformed", "Headers stand before the body, not behind it."};
        if (fault != bhttp::error::need_more)
            co_return refusal(fault);
        const auto [body_error, bytes] =
            co_await stream.async_read_some(buffer.prepare(read_at_once), as_result);
        if (body_error)
            co_return Gone{.was_late = body_error == beast::error::timeout};
        buffer.commit(bytes);
    }
    co_return parser.release();
}

std::optional<http::Request> site_request(const RequestMessage& message, const asio::ip::address& peer,
                                          bool is_tls, const http::Networks& trusted_proxies) {
    auto target = http::parse_target({message.target().data(), message.target().size()});
    if (!target)
        return std::nullopt;
    const auto sender = http::sender_of(peer, is_tls, list_of(message, "X-Forwarded-For"),
                                        list_of(message, "X-Forwarded-Proto"), trusted_proxies);
    std::string cookies{value_of(message, bhttp::field::cookie)};
    std::string cookie;
    if (!is_from_elsewhere(value_of(message, "Sec-Fetch-Site")))
        cookie = http::read_cookie(http::Cookie::sign_in, cookies, sender.is_secure);
    return http::Request{
        .method = std::string{message.method_string()},
        .path = std::move(target->path),
        .query = std::move(target->query),
        .repeated = std::move(target->repeated),
        .is_upgrade = beast::websocket::is_upgrade(message),
        .address = sender.address,
        .is_secure = sender.is_secure,
        .host = in_lower_case(value_of(message, bhttp::field::host)),
        .origin = std::string{value_of(message, bhttp::field::origin)},
        .authorization = std::string{value_of(message, bhttp::field::authorization)},
        .user_agent = std::string{value_of(message, bhttp::field::user_agent)},
        .accept = std::string{value_of(message, bhttp::field::accept)},
        .accept_encoding = std::string{value_of(message, bhttp::field::accept_encoding)},
        .if_none_match = std::string{value_of(message, bhttp::field::if_none_match)},
        .last_event_id = std::string{value_of(message, "Last-Event-ID")},
        .cookies = std::move(cookies),
        .cookie = std::move(cookie),
        .body = message.body(),
    };
}

} // namespace mosty::net
