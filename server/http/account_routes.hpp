#pragma once

#include "server/access/sign_in.hpp"
#include "server/accounts/accounts.hpp"
#include "server/http/message.hpp"

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>

namespace mosty::http {

// Signing in and out, one's own account, invitations. A token for scripts opens none of it.
//
// Threads: any; the answers are made on the accounts' own.
class AccountRoutes {
public:
    AccountRoutes(accounts::Accounts& accounts, bool demo) : accounts_(accounts), demo_(demo) {}

    static bool has(std::string_view path);

    // `stranger`: what is answered without a sign-in by the routes that need one.
    void handle(Request request, std::optional<access::SignIn> sign_in, realtime::Problem stranger,
                Reply reply);

private:
    // One request on its way: what it says, and in whose name.
    struct Asked {
        Request request;
        std::optional<access::SignIn> sign_in;
        simdjson::dom::element body;

        std::string text(std::string_view name) const;
        accounts::Browser browser() const;
        std::string cookie_elsewhere() const;
        const ActorId& actor() const { return sign_in->actor; }
    };
    using Answered = boost::asio::awaitable<Response>;
    using Route = Answered (AccountRoutes::*)(const Asked& asked);
    struct Known;
    static const Known* find(std::string_view method, std::string_view path);
    static std::string methods_of(std::string_view path);

    Answered answer(Request request, std::optional<access::SignIn> sign_in, realtime::Problem stranger);

    Answered sign_in(const Asked& asked);
    Answered second_factor_code(const Asked& asked);
    Answered sign_out(const Asked& asked);
    Answered sign_out_everywhere(const Asked& asked);
    Answered account(const Asked& asked);
    Answered sessions(const Asked& asked);
    Answered end_session(const Asked& asked);
    Answered set_password(const Asked& asked);
    Answered begin_second_factor(const Asked& asked);
    Answered confirm_second_factor(const Asked& asked);
    Answered remove_second_factor(const Asked& asked);
    Answered tokens(const Asked& asked);
    Answered make_token(const Asked& asked);
    Answered revoke_token(const Asked& asked);
    Answered invitations(const Asked& asked);
    Answered invite(const Asked& asked);
    Answered withdraw_invitation(const Asked& asked);
    Answered look_at_invitation(const Asked& asked);
    Answered join(const Asked& asked);
    Answered providers(const Asked& asked);
    Answered depart(const Asked& asked);
    Answered arrive(const Asked& asked);
    Answered link_or_unlink(const Asked& asked);
    static Response departure_response(const Asked& asked,
                                       const Result<accounts::Departure, realtime::Problem>& departure);

    accounts::Accounts& accounts_;
    const bool demo_;
};

} // namespace mosty::http
