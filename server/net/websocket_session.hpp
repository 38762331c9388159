#pragma once

#include "domain/base/ids.hpp"
#include "server/access/client_ids.hpp"
#include "server/access/sign_in.hpp"
#include "server/config/settings.hpp"
#include "server/core/core.hpp"
#include "server/net/stream.hpp"
#include "server/net/types.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <cstddef>

namespace mosty::net {

// Who is at the other end.
struct Caller {
    access::SignIn sign_in;
    asio::ip::address address; // behind a trusted proxy, the one there
};

// Serves one WebSocket from the upgrade request to its end.
Awaitable<void> serve_websocket(Stream stream, beast::http::request<beast::http::string_body> upgrade,
                                Caller caller, std::size_t io_thread, const Settings& settings,
                                core::Core& core, core::Metrics& metrics,
                                const access::ClientIds& client_ids);

} // namespace mosty::net
