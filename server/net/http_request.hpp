#pragma once

#include "server/http/message.hpp"
#include "server/http/networks.hpp"
#include "server/net/stream.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <variant>

namespace mosty::net {

struct RequestLimits {
    std::size_t head_bytes_max = 8 * 1024;
    std::size_t body_bytes_max = 0;
    std::chrono::milliseconds idle_timeout{0}; // until a request begins, and for its body
    std::chrono::milliseconds head_timeout{0}; // from the first byte of a head to its last
};

using RequestMessage = beast::http::request<beast::http::string_body>;

// A request that cannot be served: `code` and `detail` of the problem to be told.
struct BadRequest {
    std::string code;
    std::string detail;
};

// Nobody is there to be told anything: closed, reset, or silent for too long.
struct Gone {
    bool was_late = false; // something of a request had come
};

// Reads one request. Its head is judged by http::fault_in_head before Beast's parser sees it. What the peer
// sent behind the request stays in the buffer. `is_first`: of its connection, whose deadline runs already.
Awaitable<std::variant<RequestMessage, BadRequest, Gone>>
read_request(Stream& stream, beast::flat_buffer& buffer, const RequestLimits& limits, bool is_first);

// The request as the site takes it, sent over a connection from `peer`; nothing when its target is
// ill-formed.
std::optional<http::Request> site_request(const RequestMessage& message, const asio::ip::address& peer,
                                          bool is_tls, const http::Networks& trusted_proxies);

} // namespace mosty::net
