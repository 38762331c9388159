#pragma once

#include "server/config/settings.hpp"
#include "server/core/metrics.hpp"
#include "server/http/site.hpp"
#include "server/limits/addresses.hpp"
#include "server/net/stream.hpp"
#include "server/net/types.hpp"
#include "server/net/websocket_session.hpp"

#include <boost/asio/ip/address.hpp>

#include <memory>
#include <optional>

namespace mosty::net {

// Serves the requests of one connection to its end, or up to the one that asks for a WebSocket, which it
// answers. The requests of all connections of a visitor are slowed together. `peer`: where the connection
// comes from.
Awaitable<std::optional<Upgrade>> serve_http(Stream stream, asio::ip::address peer,
                                             std::shared_ptr<limits::Visitor> visitor,
                                             const Settings& settings, core::Metrics& metrics,
                                             http::Site& site);

} // namespace mosty::net
