#pragma once

#include "server/config/settings.hpp"
#include "server/core/core.hpp"
#include "server/http/site.hpp"
#include "server/limits/addresses.hpp"
#include "server/net/stream.hpp"
#include "server/net/types.hpp"

#include <boost/asio/ip/address.hpp>

#include <cstddef>
#include <memory>

namespace mosty::net {

// Serves the requests of one connection, and its WebSocket when it asks for one. The requests of all
// connections of a visitor are slowed together. `peer`: where the connection comes from.
Awaitable<void> serve_http(Stream stream, asio::ip::address peer, std::shared_ptr<limits::Visitor> visitor,
                           std::size_t io_thread, const Settings& settings, core::Core& core,
                           core::Metrics& metrics, http::Site& site);

} // namespace mosty::net
