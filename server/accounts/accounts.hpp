#pragma once

#include "server/access/sign_in.hpp"
#include "server/accounts/credentials.hpp"
#include "server/accounts/pending_flows.hpp"
#include "server/accounts/throttle.hpp"
#include "server/core/core.hpp"
#include "server/openid/provider.hpp"
#include "server/sequencing/entropy.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

namespace mosty::accounts {

template <class T>
using Answer = boost::asio::awaitable<Result<T, realtime::Problem>>;

// What a request says of the browser that sends it.
struct Browser {
    boost::asio::ip::address address;
    std::string device; // the cookie of one that has signed in before
    std::string agent;
};

// Somebody has signed in: what the browser is to keep.
struct Entered {
    core::Person person;
    std::string cookie;
    std::string device;
};

// The password was right, and a code is wanted as well.
struct CodeWanted {
    std::string ticket;
};

struct Invited {
    ActorId person;
    person::InvitationId invitation;
    std::string secret; // the link's, told once
    std::int64_t until_ms = 0;
};

struct OpenInvitation {
    Invitation invitation;
    core::Person person;
    std::string town = {}; // the person's, as JSON of its row; empty when it is not told, or is no town
};

// Where a browser goes to sign in at an organisation's own provider, and what it keeps until it is back.
struct Departure {
    std::string address;
    std::string cookie;
};

// With what a browser comes back from there.
struct Homecoming {
    std::string state;
    std::string cookie;
    std::string error; // the provider's; empty: none
    openid::Returned returned;
};

// What became of it. Somebody has `entered`, or is linked with the provider, or there is a `problem`.
struct Arrival {
    bool from_account = false; // it began on the page of one's own account
    std::optional<Entered> entered;
    std::optional<realtime::Problem> problem;
    bool forgets_cookie = true;
};

// A provider, as its people see it.
struct OfferedProvider {
    person::ProviderId id;
    std::string name_uk;
    std::string name_en;
    bool is_linked = false; // with the person who asks
};

// Whom to invite: a new person (`profile`: the JSON of name, organisation, role and language), or one who is
// entered already.
using Invitee = std::variant<std::string, ActorId>;

// Accounts: signing in and out, passwords and second factors, tokens, invitations. What happened goes to the
// log first, then what it takes to the credentials: of what the log does not know nothing works.
//
// Threads: the functions that say so, any; all others the context's. Passwords are hashed by `hashers`, whose
// threads are how many are hashed at once.
class Accounts {
public:
    Accounts(boost::asio::io_context& context, boost::asio::thread_pool& hashers, core::Core& core,
             Credentials& credentials, const AccountSettings& settings);

    // Before the threads run: people may sign in by this provider as well.
    void add_provider(std::unique_ptr<openid::Provider> provider);

    // Before the threads run: ties itself to the core, and begins to take away what has run out.
    void start();

    // Any thread: takes nothing away any more, so that the context has an end.
    void stop();

    // Any thread: invites on the word of somebody at the data folder, and calls back, on the context's, with
    // the link's secret. `invitee`: a JSON object with `person`, or with a new person's profile.
    void invite_by_service(std::string invitee,
                           std::move_only_function<void(Result<std::string, std::string>)> invited);

    // Any thread.
    std::optional<access::SignIn> session(std::string_view cookie) const;
    std::optional<access::SignIn> token(std::string_view token) const;
    // How the session of a cookie has ended; nothing when it is good, or nothing is known of it.
    std::optional<access::Ending> ending(std::string_view cookie) const;
    Credentials::Keyed<Session> sessions_of(const ActorId& actor) const;
    std::optional<Account> account_of(const ActorId& actor) const;
    boost::asio::io_context& context() { return context_; }

    Answer<std::variant<Entered, CodeWanted>> sign_in(std::string email, std::string password,
                                                      Browser browser);
    Answer<Entered> second_factor(std::string ticket, std::string code, Browser browser);
    // Without a password: in a demo.
    Answer<Entered> enter(ActorId actor, Browser browser);
    void sign_out(const std::string& key);
    struct SignedOut {
        std::size_t tokens_revoked = 0;
        std::size_t tokens_left = 0; // which go on letting scripts in
    };
    Answer<SignedOut> sign_out_everywhere(ActorId actor, bool and_tokens);

    std::optional<Account> account(const ActorId& actor) const { return credentials_.account(actor); }
    // Ends one of one's own sessions, named by id_of(its key).
    Answer<void> end_session(ActorId actor, std::string id);

    // `email` is for those who have no account yet; all others say their password. `key` is the session that
    // goes on, all others end.
    Answer<void> set_password(ActorId actor, std::string key, std::string current, std::string password,
                              std::string email);

    struct SecondFactorOffer {
        std::string secret; // in base 32
        std::string uri;
    };
    // `code`: of the second factor that there is, or a recovery code; not looked at when there is none.
    Answer<SecondFactorOffer> begin_second_factor(ActorId actor, std::string password, std::string code);
    // The recovery codes, told once.
    Answer<std::vector<std::string>> confirm_second_factor(ActorId actor, std::string code);
    Answer<void> remove_second_factor(ActorId actor, std::string password, std::string code);

    struct NewToken {
        std::string token; // told once
        Token record;
    };
    Credentials::Keyed<Token> tokens_of(const ActorId& actor) const;
    // A token outlives the session, so it takes what linking a provider takes: see check_own_hand().
    Answer<NewToken> make_token(ActorId actor, std::string key, std::string current, std::string name,
                                std::vector<person::Scope> scope, PartialDate until);
    Answer<void> revoke_token(ActorId actor, std::string id);

    // `as_service`: on the word of somebody at the data folder.
    Answer<Invited> invite(ActorId by, bool as_service, Invitee invitee);
    Answer<std::vector<OpenInvitation>> invitations(ActorId asker);
    Answer<void> withdraw_invitation(ActorId by, std::string id);
    Answer<OpenInvitation> look_at_invitation(std::string secret, Browser browser);
    Answer<Entered> join(std::string secret, std::string email, std::string password, Browser browser);

    // All providers, in the order of the settings. Any thread.
    std::vector<OfferedProvider> providers() const;
    // Those by which a person may sign in, or does.
    Answer<std::vector<OfferedProvider>> providers_of(ActorId actor);
    // Sends a browser to a provider. `origin`: where our pages are that it sees; `cookie`: the one that it
    // keeps from an earlier departure, or empty.
    Answer<Departure> depart(std::string provider, Purpose purpose, std::string origin, std::string cookie,
                             Browser browser);
    // To tie one's account to oneself at a provider: for those who have just shown that it is theirs, by
    // their password or, without one, by signing in.
    Answer<Departure> depart_to_link(std::string provider, ActorId actor, std::string key,
                                     std::string current, std::string origin, std::string cookie,
                                     Browser browser);
    boost::asio::awaitable<Arrival> arrive(std::string provider, Homecoming homecoming, Browser browser);
    // Never the last way in. All other sessions end.
    Answer<void> unlink_provider(ActorId actor, std::string key, std::string provider, std::string current);

    // The name of a session among its person's: the first digits of its key.
    static std::string id_of(const std::string& key) { return key.substr(2, 16); }

private:
    struct Ticket {
        ActorId actor;
        std::int64_t until_ms = 0;
        unsigned attempts = 0;
    };
    struct PendingFactor {
        std::string secret;
        std::int64_t until_ms = 0;
    };
    // The keys under which one attempt is counted.
    struct Attempt {
        std::string of_account; // or of the device
        std::string of_network; // empty for a known device
    };

    std::int64_t now_ms() const;
    std::optional<realtime::Problem> begin_attempt(const Attempt& attempt);
    void attempt_succeeded(const Attempt& attempt);
    Attempt attempt_at(const std::string& account, const std::optional<ActorId>& actor,
                       const Browser& browser) const;
    static std::string network_of(const Browser& browser);
    Result<Invitation, realtime::Problem> find_invitation(const std::string& secret, const Browser& browser);
    bool is_known_device(const ActorId& actor, std::string_view device) const;
    Entered enter_now(core::Person who, const Browser& browser);
    Answer<Account> check_own_password(ActorId actor, std::string password);
    Answer<void> check_own_hand(ActorId actor, std::string key, std::string password);
    Result<void, realtime::Problem> check_own_code(const ActorId& actor, const std::string& code);
    Answer<void> record_revocation(ActorId actor, person::TokenId token);
    std::size_t open_invitations_of(const ActorId& by, const ActorId& person) const;
    std::shared_ptr<void> begin_joining(const std::string& key);
    Answer<void> record_join(const Invitation& invitation);
    openid::Provider* provider(std::string_view id) const;
    Answer<openid::Claims> identify(const PendingFlow& pending, const Homecoming& homecoming);
    Answer<std::optional<Entered>> take_in(const PendingFlow& pending, const std::string& identity_key,
                                           const Browser& browser);
    Answer<Entered> enter_by(const openid::Provider& by, const std::string& identity_key,
                             const Browser& browser);
    Answer<Entered> join_by(const openid::Provider& by, const std::string& identity_key,
                            const std::string& secret, const Browser& browser);
    Answer<void> link_by(const openid::Provider& by, const std::string& identity_key, const ToLink& link);
    Answer<void> record_link(const ActorId& actor, const openid::Provider& by, std::string command);
    static realtime::Problem identity_taken();
    Answer<core::Person> person_for(const openid::Provider& by, const ActorId& actor);
    void end_others(const ActorId& actor, const std::string& key);
    void void_tickets(const ActorId& actor);
    void void_all_of(const ActorId& actor);
    bool takes_code(Account& account, const std::string& code);
    std::string recovery_mark(const ActorId& actor, std::string_view code) const;
    void end(std::vector<std::string> keys, access::Ending ending = access::Ending::signed_out);
    void forget(const ActorId& actor);

    template <class Work>
    auto hash(Work work) -> Answer<decltype(work())>;
    Answer<void> record(ActorId actor, ActorId person, std::string command, std::string data,
                        bool as_service = false);
    boost::asio::awaitable<std::optional<core::Person>> person(ActorId actor);
    boost::asio::awaitable<std::vector<core::Person>> people();
    boost::asio::awaitable<std::string> town_of(core::Person person);
    void await_sweep();
    void sweep();
    void keep_uses();

    boost::asio::io_context& context_;
    boost::asio::thread_pool& hashers_;
    core::Core& core_;
    Credentials& credentials_;
    const AccountSettings settings_;
    const sequencing::Entropy entropy_;
    const std::string dummy_hash_; // of nobody's password, at today's cost

    Throttle accounts_throttle_;
    Throttle networks_throttle_;
    std::unordered_map<std::string, Ticket> tickets_; // by digest
    std::unordered_map<ActorId, PendingFactor> pending_factors_;
    std::vector<std::unique_ptr<openid::Provider>> providers_;
    PendingFlows pending_flows_;
    std::size_t arriving_ = 0;                // whose code is being redeemed
    std::unordered_set<std::string> joining_; // keys of invitations that are being taken up
    bool stopping_ = false;
    std::size_t hashing_ = 0; // waiting, or under way
    boost::asio::steady_timer sweep_timer_;
};

} // namespace mosty::accounts
