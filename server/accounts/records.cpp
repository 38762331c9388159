#include "server/accounts/records.hpp"

#include <boost/json.hpp>

#include <exception>

namespace mosty::accounts {
namespace json = boost::json;
namespace {

std::string text_of(const json::object& object, std::string_view name) {
    return std::string(std::string_view(object.at(name).as_string()));
}

template <class Read>
auto read(std::string_view text, Read from) -> std::optional<decltype(from(json::object{}))> {
    try {
        return from(json::parse(text).as_object());
    } catch (const std::exception&) {
        return std::nullopt; // damaged, or written by a later version
    }
}

} // namespace

std::string to_json(const Account& account) {
    json::array recovery(account.recovery.begin(), account.recovery.end());
    return json::serialize(json::object{{"actor", account.actor.text()},
                                        {"email", account.email},
                                        {"password", account.password},
                                        {"second_factor", account.second_factor},
                                        {"last_step", account.last_step},
                                        {"recovery", std::move(recovery)}});
}

std::string to_json(const Session& session) {
    return json::serialize(json::object{{"actor", session.actor.text()},
                                        {"made", session.made_ms},
                                        {"seen", session.seen_ms},
                                        {"agent", session.agent}});
}

std::string to_json(const EndedSession& ended) {
    return json::serialize(json::object{{"actor", ended.actor.text()},
                                        {"ending", access::to_string(ended.ending)},
                                        {"until", ended.until_ms}});
}

std::string to_json(const Token& token) {
    json::array scope;
    for (const person::Scope one : token.scope)
        scope.emplace_back(to_string(one));
    return json::serialize(json::object{{"actor", token.actor.text()},
                                        {"id", token.id.text()},
                                        {"name", token.name},
                                        {"scope", std::move(scope)},
                                        {"made", token.made_ms},
                                        {"until", token.until_ms}});
}

std::string to_json(const Invitation& invitation) {
    return json::serialize(json::object{{"person", invitation.person.text()},
                                        {"id", invitation.id.text()},
                                        {"by", invitation.by.text()},
                                        {"made", invitation.made_ms},
                                        {"until", invitation.until_ms}});
}

std::string to_json(const Identity& identity) {
    return json::serialize(json::object{{"actor", identity.actor.text()},
                                        {"provider", identity.provider.text()},
                                        {"made", identity.made_ms}});
}

std::optional<Account> account_of(std::string_view text) {
    return read(text, [](const json::object& object) {
        Account account{.actor = ActorId(text_of(object, "actor")),
                        .email = text_of(object, "email"),
                        .password = text_of(object, "password"),
                        .second_factor = text_of(object, "second_factor"),
                        .last_step = object.at("last_step").as_int64(),
                        .recovery = {}};
        for (const json::value& mark : object.at("recovery").as_array())
            account.recovery.emplace_back(std::string_view(mark.as_string()));
        return account;
    });
}

std::optional<Session> session_of(std::string_view text) {
    return read(text, [](const json::object& object) {
        return Session{.actor = ActorId(text_of(object, "actor")),
                       .made_ms = object.at("made").as_int64(),
                       .seen_ms = object.at("seen").as_int64(),
                       .agent = text_of(object, "agent")};
    });
}

std::optional<EndedSession> ended_session_of(std::string_view text) {
    return read(text, [](const json::object& object) {
        const bool is_signed_out = text_of(object, "ending") == access::to_string(access::Ending::signed_out);
        return EndedSession{.actor = ActorId(text_of(object, "actor")),
                            .ending =
                                is_signed_out ? access::Ending::signed_out : access::Ending::session_over,
                            .until_ms = object.at("until").as_int64()};
    });
}

std::optional<Token> token_of(std::string_view text) {
    return read(text, [](const json::object& object) {
        Token token{.actor = ActorId(text_of(object, "actor")),
                    .id = person::TokenId(text_of(object, "id")),
                    .name = text_of(object, "name"),
                    .scope = {},
                    .made_ms = object.at("made").as_int64(),
                    .until_ms = object.at("until").as_int64()};
        for (const json::value& one : object.at("scope").as_array())
            token.scope.push_back(from_word<person::Scope>(std::string_view(one.as_string())).value());
        return token;
    });
}

std::optional<Invitation> invitation_of(std::string_view text) {
    return read(text, [](const json::object& object) {
        return Invitation{.person = ActorId(text_of(object, "person")),
                          .id = person::InvitationId(text_of(object, "id")),
                          .by = ActorId(text_of(object, "by")),
                          .made_ms = object.at("made").as_int64(),
                          .until_ms = object.at("until").as_int64()};
    });
}

std::optional<Identity> identity_of(std::string_view text) {
    return read(text, [](const json::object& object) {
        return Identity{.actor = ActorId(text_of(object, "actor")),
                        .provider = person::ProviderId(text_of(object, "provider")),
                        .made_ms = object.at("made").as_int64()};
    });
}

} // namespace mosty::accounts
