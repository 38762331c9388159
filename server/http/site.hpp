#pragma once

#include "server/access/client_ids.hpp"
#include "server/access/sign_in.hpp"
#include "server/core/core.hpp"
#include "server/core/metrics.hpp"
#include "server/http/assets.hpp"
#include "server/http/audit_routes.hpp"
#include "server/http/gate.hpp"
#include "server/http/message.hpp"

#include <atomic>
#include <optional>
#include <string>

namespace mosty::http {

// Every route of the server: what a request means and what answers it.
//
// Threads: any; immutable but for the flag of readiness.
class Site {
public:
    Site(core::Core& core, core::Metrics& metrics, const access::SignIns& sign_ins,
         const access::ClientIds& client_ids, const Assets& assets, AuditRoutes& audit, bool demo);

    // Whom to let in, known once the server listens.
    void put_gate(Gate gate) { gate_ = std::move(gate); }
    const Gate& gate() const { return gate_; }

    void set_ready(bool ready) { ready_ = ready; }

    void handle(Request request, Reply reply);

    // Who the cookie says one is; nothing when it says nothing we issued.
    std::optional<ActorId> signed_in(const std::string& token) const;

    const access::ClientIds& client_ids() const { return client_ids_; }

private:
    void get(Request& request, Reply reply);
    void post(Request& request, Reply reply);
    void me(const Request& request, Reply reply);
    void sign_in(const Request& request, Reply reply);
    void sign_out(const Request& request, Reply reply);
    void demo_people(Reply reply);
    void command(const Request& request, Reply reply);
    void new_client(const Request& request, Reply reply);
    void read(const Request& request, core::Question question, Reply reply);
    void stream_events(ActorId reader, core::EventsQuestion question, Reply reply);

    core::Core& core_;
    core::Metrics& metrics_;
    const access::SignIns& sign_ins_;
    const access::ClientIds& client_ids_;
    const Assets& assets_;
    AuditRoutes& audit_;
    const bool demo_;
    Gate gate_;
    std::atomic<bool> ready_ = false;
};

// A problem as a response.
Response problem_response(const realtime::Problem& problem);

} // namespace mosty::http
