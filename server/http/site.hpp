#pragma once

#include "server/access/client_ids.hpp"
#include "server/access/sign_in.hpp"
#include "server/accounts/accounts.hpp"
#include "server/core/core.hpp"
#include "server/core/metrics.hpp"
#include "server/http/account_routes.hpp"
#include "server/http/assets.hpp"
#include "server/http/audit_routes.hpp"
#include "server/http/gate.hpp"
#include "server/http/message.hpp"
#include "server/limits/account_allowances.hpp"

#include <atomic>
#include <optional>
#include <string>
#include <string_view>

namespace mosty::http {

// Every route of the server: what a request means and what answers it.
//
// Threads: any; immutable but for the flag of readiness.
class Site {
public:
    Site(core::Core& core, core::Metrics& metrics, accounts::Accounts& accounts,
         const access::ClientIds& client_ids, const Assets& assets, AuditRoutes& audit,
         limits::AccountAllowances& allowances, bool demo);

    // Whom to let in, known once the server listens.
    void put_gate(Gate gate) { gate_ = std::move(gate); }
    const Gate& gate() const { return gate_; }

    void set_ready(bool ready) { ready_ = ready; }

    void handle(Request request, Reply reply);

    // As whom the request is made, by its cookie or its token; nothing when it shows nothing good.
    std::optional<access::SignIn> signed_in(const Request& request) const;

    // Why a request that shows nothing good is refused: how the session of its cookie ended, or else that
    // nobody has signed in, with what to do.
    realtime::Problem not_signed_in(const Request& request, std::string detail) const;

    const access::ClientIds& client_ids() const { return client_ids_; }

    limits::Allowance& allowance_of(const ActorId& actor) { return allowances_.of(actor); }

    // 429 `too_fast` when the account has asked for more than its share.
    std::optional<Response> refuse_too_fast(const ActorId& actor, const limits::Asked& asked);

private:
    static bool is_for_posting(std::string_view path);
    bool is_for_getting(const Request& request) const;
    std::string_view methods_of(const Request& request) const;
    void get(Request& request, Reply reply);
    void post(Request& request, Reply reply);
    void me(const Request& request, Reply reply);
    void demo_people(Reply reply);
    std::optional<realtime::Problem> refuse(const Request& request,
                                            const std::optional<access::SignIn>& sign_in,
                                            bool access::SignIn::* right, std::string_view what) const;
    void command(const Request& request, Reply reply);
    void new_client(const Request& request, Reply reply);
    void read(const Request& request, core::Question question, Reply reply);
    void stream_events(access::SignIn reader, core::EventsQuestion question, Reply reply);

    core::Core& core_;
    core::Metrics& metrics_;
    accounts::Accounts& accounts_;
    AccountRoutes account_routes_;
    const access::ClientIds& client_ids_;
    const Assets& assets_;
    AuditRoutes& audit_;
    limits::AccountAllowances& allowances_;
    const bool demo_;
    Gate gate_;
    std::atomic<bool> ready_ = false;
};

} // namespace mosty::http
