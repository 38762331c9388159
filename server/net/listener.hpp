#pragma once

#include "domain/base/result.hpp"
#include "server/config/settings.hpp"
#include "server/core/core.hpp"
#include "server/http/site.hpp"
#include "server/net/tls_context.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace mosty::net {

// Accepts connections and spreads them over the I/O threads: HTTP, and WebSocket at /v1/live.
//
// Threads: use(), start() and stop() before and while the I/O contexts run.
class Listener {
public:
    Listener(core::Core::Threads threads, const Settings& settings, core::Core& core, core::Metrics& metrics,
             http::Site& site);
    ~Listener();

    // Binds the address; the port that was given by the system when the settings say 0.
    Result<std::uint16_t, std::string> open();

    // Serves over TLS with this certificate those who connect from now on; the others keep theirs.
    void use(TlsContext tls);

    // Begins to accept. The site must have its gate by then.
    void start();

    // Accepts no more. Connections that are open stay.
    void stop();

private:
    struct Implementation;
    std::shared_ptr<Implementation> implementation_;
};

} // namespace mosty::net
