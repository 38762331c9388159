#include "server/net/handshake.hpp"

#include "server/audit/base64.hpp"
#include "server/http/site.hpp"

#include <boost/beast/http/field.hpp>
#include <fmt/format.h>
#include <openssl/sha.h>

#include <array>
#include <string_view>

namespace mosty::net {
namespace {

namespace bhttp = boost::beast::http;

// The string that RFC 6455 adds to the client's key.
constexpr std::string_view accept_suffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
constexpr std::size_t key_bytes = 16;

std::string_view value_of(const bhttp::fields& fields, bhttp::field name) {
    const auto value = fields[name];
    return {value.data(), value.size()};
}

} // namespace

std::optional<http::Response> refuse_handshake(const bhttp::request<bhttp::string_body>& request) {
    const auto malformed = [](std::string detail) {
        return http::problem_response({"malformed", std::move(detail), {}, {}});
    };
    if (request.find(bhttp::field::host) == request.end())
        return malformed("A WebSocket's handshake names the host.");
    const auto key = audit::decode_base64(value_of(request, bhttp::field::sec_websocket_key));
    if (!key || key->size() != key_bytes || request.count(bhttp::field::sec_websocket_key) != 1)
        return malformed("Sec-WebSocket-Key must be sixteen bytes in base 64.");
    if (value_of(request, bhttp::field::sec_websocket_version) != "13") {
        auto response = malformed("WebSockets are spoken in version 13.");
        // A client that says no version at all is no WebSocket client.
        if (request.count(bhttp::field::sec_websocket_version) > 0) {
            response.status = static_cast<int>(bhttp::status::upgrade_required);
            response.headers.emplace_back("Sec-WebSocket-Version", "13");
        }
        return response;
    }
    return std::nullopt;
}

std::string accept_handshake(const bhttp::request<bhttp::string_body>& request) {
    const auto key = fmt::format("{}{}", value_of(request, bhttp::field::sec_websocket_key), accept_suffix);
    std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
    SHA1(reinterpret_cast<const unsigned char*>(key.data()), key.size(), digest.data());
    return fmt::format("HTTP/1.1 101 Switching Protocols\r\n"
                       "Upgrade: websocket\r\n"
                       "Connection: Upgrade\r\n"
                       "Sec-WebSocket-Accept: {}\r\n"
                       "Sec-WebSocket-Protocol: mosty.v1\r\n\r\n",
                       audit::encode_base64({reinterpret_cast<const char*>(digest.data()), digest.size()}));
}

} // namespace mosty::net
