#pragma once

#include "domain/base/ids.hpp"
#include "domain/person/event.hpp"
#include "server/access/sign_in.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What the credentials folder holds, each as JSON under its key: never a secret itself. Moments are UTC,
// milliseconds since 1970.
namespace mosty::accounts {

// "a/<actor>": with what somebody signs in. "e/<address>" leads there.
struct Account {
    ActorId actor;
    std::string email = {};
    std::string password = {};              // hashed by argon2id
    std::string second_factor = {};         // the secret, sealed; empty: none
    std::int64_t last_step = 0;             // of the codes that were used
    std::vector<std::string> recovery = {}; // marks of the codes not yet used
};

// "s/<digest of the cookie>": a browser that has signed in.
struct Session {
    ActorId actor;
    std::int64_t made_ms = 0;
    std::int64_t seen_ms = 0;
    std::string agent = {}; // what the browser says of itself, in short
};

// "x/<digest of the cookie>": a session that has ended, so that its browser can be told how.
struct EndedSession {
    ActorId actor;
    access::Ending ending = access::Ending::session_over;
    std::int64_t until_ms = 0; // remembered until then
};

// "t/<digest of the token>": a token for scripts.
struct Token {
    ActorId actor;
    person::TokenId id;
    std::string name;
    std::vector<person::Scope> scope = {};
    std::int64_t made_ms = 0;
    std::int64_t until_ms = 0;
};

// "i/<digest of the link's secret>": an invitation that is open.
struct Invitation {
    ActorId person;
    person::InvitationId id;
    ActorId by;
    std::int64_t made_ms = 0;
    std::int64_t until_ms = 0;
};

// "o/<mark of issuer and subject>": whom a provider knows. The mark is made with the credentials' key: what
// somebody is called at a provider may be a number that names them, and is nowhere here.
struct Identity {
    ActorId actor;
    person::ProviderId provider;
    std::int64_t made_ms = 0;
};

std::string to_json(const Account& account);
std::string to_json(const Session& session);
std::string to_json(const EndedSession& ended);
std::string to_json(const Token& token);
std::string to_json(const Invitation& invitation);
std::string to_json(const Identity& identity);

// Nothing when the text is no such record.
std::optional<Account> account_of(std::string_view json);
std::optional<Session> session_of(std::string_view json);
std::optional<EndedSession> ended_session_of(std::string_view json);
std::optional<Token> token_of(std::string_view json);
std::optional<Invitation> invitation_of(std::string_view json);
std::optional<Identity> identity_of(std::string_view json);

} // namespace mosty::accounts
