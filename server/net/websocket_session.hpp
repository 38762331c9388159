#pragma once

#include "domain/base/ids.hpp"
#include "server/access/client_ids.hpp"
#include "server/access/sign_in.hpp"
#include "server/config/settings.hpp"
#include "server/core/core.hpp"
#include "server/limits/allowance.hpp"
#include "server/net/stream.hpp"
#include "server/net/types.hpp"

#include <cstddef>
#include <string>

namespace mosty::net {

// Serves one WebSocket from the acceptance of its handshake, which is sent first, to its end. The framing is
// our own (FrameReader): Beast's counts neither fragments nor pings, keeps 2.5 KB a connection, and takes
// back the reason of a close when more comes. `account` is that of who signed in.
Awaitable<void> serve_websocket(Stream stream, std::string acceptance, access::SignIn sign_in,
                                std::size_t io_thread, const Settings& settings, core::Core& core,
                                core::Metrics& metrics, const access::ClientIds& client_ids,
                                limits::Allowance& account);

} // namespace mosty::net
