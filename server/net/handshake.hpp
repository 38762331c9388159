#pragma once

#include "server/http/message.hpp"

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <optional>
#include <string>

namespace mosty::net {

// Why a request for a WebSocket, which asks for one by its Upgrade header, is none by RFC 6455; nothing when
// it is.
std::optional<http::Response>
refuse_handshake(const boost::beast::http::request<boost::beast::http::string_body>& request);

// The bytes that accept it, for the subprotocol mosty.v1 and without extensions.
std::string accept_handshake(const boost::beast::http::request<boost::beast::http::string_body>& request);

} // namespace mosty::net
