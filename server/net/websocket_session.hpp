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
#include <functional>
#include <string>

namespace mosty::net {

// A WebSocket's handshake that was found good; its acceptance is still to be sent.
struct Upgrade {
    Stream stream;
    std::string acceptance;
    access::SignIn sign_in;
};

// What a connection may ask for: by itself, and with all the others of who signed in. Both outlive it.
struct Budgets {
    const limits::Allowance::Rates& own;
    limits::Allowance& account;
};

using AtEnd = std::move_only_function<void()>;

// Serves one WebSocket from its acceptance to its end, of which `at_end` is told, on the connection's I/O
// thread; it returns at once. The framing is our own (FrameReader): Beast's counts neither fragments nor
// pings, keeps 2.5 KB a connection, and takes back the reason of a close when more comes.
void serve_websocket(Upgrade upgrade, std::size_t io_thread, const Settings& settings, core::Core& core,
                     core::Metrics& metrics, const access::ClientIds& client_ids, Budgets budgets,
                     AtEnd at_end);

} // namespace mosty::net
