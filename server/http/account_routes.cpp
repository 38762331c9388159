#include "server/http/account_routes.hpp"

#include "domain/codec/time.hpp"
#include "server/http/body.hpp"
#include "server/http/cookie.hpp"
#include "server/http/person_json.hpp"
#include "server/realtime/json_text.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/json.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <span>

namespace mosty::http {
namespace json = boost::json;
namespace {

using realtime::Problem;

// The session itself ends sooner, on the server.
constexpr std::chrono::hours cookie_lasts{24 * 400};

Response json_response(json::value body) {
    return {200, "application/json", json::serialize(body), {{"Cache-Control", "no-store"}}};
}

Response done() {
    return {204, "application/json", {}, {{"Cache-Control", "no-store"}}};
}

template <class T>
Response done_or(const Result<T, Problem>& result) {
    return result ? done() : problem_response(result.error());
}

void set_cookies(Response& response, const accounts::Entered& entered, bool is_secure) {
    response.headers.emplace_back("Set-Cookie",
                                  set_cookie(Cookie::sign_in, entered.cookie, cookie_lasts, is_secure));
    response.headers.emplace_back("Set-Cookie",
                                  set_cookie(Cookie::device, entered.device, cookie_lasts, is_secure));
}

Response entered_response(const accounts::Entered& entered, bool is_secure, bool demo) {
    Response response{
        200, "application/json", me_json(entered.person, demo), {{"Cache-Control", "no-store"}}};
    set_cookies(response, entered, is_secure);
    return response;
}

Response signed_out_response(bool is_secure) {
    Response response = done();
    response.headers.emplace_back("Set-Cookie", forget_cookie(Cookie::sign_in, is_secure));
    return response;
}

std::string time_of(std::int64_t ms) {
    return codec::format_time(ms);
}

json::object invitation_json(const accounts::OpenInvitation& open) {
    return {{"person", open.person.actor.text()},
            {"name", open.person.profile.name},
            {"organisation", open.person.profile.organisation.text()},
            {"role", to_string(open.person.profile.role)},
            {"language", to_string(open.person.profile.language)},
            {"until", time_of(open.invitation.until_ms)}};
}

// What names a town to somebody who has not signed in yet.
json::object town_json(std::string_view row) {
    const json::object all = json::parse(row).as_object();
    json::object town;
    for (const std::string_view member : {"name", "name_local", "country"})
        if (const auto* value = all.if_contains(member))
            town[member] = *value;
    return town;
}

json::array providers_json(const std::vector<accounts::OfferedProvider>& providers, bool says_linked) {
    json::array list;
    for (const accounts::OfferedProvider& one : providers) {
        json::object provider{{"id", one.id.text()},
                              {"name", json::object{{"uk", one.name_uk}, {"en", one.name_en}}}};
        if (says_linked)
            provider["linked"] = one.is_linked;
        list.push_back(std::move(provider));
    }
    return list;
}

// "kyiv" and "start" of "/v1/openid/kyiv/start"; both are empty when the path has another form.
struct ProviderPath {
    std::string id;
    std::string deed;
};

ProviderPath provider_path(std::string_view path) {
    const auto deed = path.rfind('/');
    const auto id = path.rfind('/', deed - 1);
    if (path.substr(0, id) != "/v1/openid" && path.substr(0, id) != "/v1/me/openid")
        return {};
    return {std::string(path.substr(id + 1, deed - id - 1)), std::string(path.substr(deed + 1))};
}

Response nothing_here() {
    return problem_response({"not_found", "There is nothing here.", {}, {}});
}

// Where the page tells what became of a sign-in elsewhere.
std::string page_after(const accounts::Arrival& arrival, const std::string& provider) {
    std::string page = arrival.from_account ? "/account" : arrival.problem ? "/sign-in" : "/";
    if (!arrival.problem)
        return arrival.from_account ? page + "?linked=" + provider : page;
    page += "?problem=" + arrival.problem->code;
    for (const auto& [name, value] : arrival.problem->params)
        if (name == "seconds")
            page += "&seconds=" + value;
    return page;
}

json::object token_json(const accounts::Token& token) {
    json::array scope;
    for (const person::Scope one : token.scope)
        scope.emplace_back(to_string(one));
    return {{"token", token.id.text()},
            {"name", token.name},
            {"scope", std::move(scope)},
            {"made", time_of(token.made_ms)},
            {"until", time_of(token.until_ms)}};
}

} // namespace

// The members that bodies of requests have.
namespace bodies {
using enum Member::Kind;

constexpr Member sign_in[]{{"actor"}, {"email"}, {"password"}}; // `actor` counts in a demo alone
constexpr Member second_factor_code[]{{"ticket"}, {"code"}};
constexpr Member sign_out[]{{"forget_device", flag}};
constexpr Member sign_out_everywhere[]{{"tokens", flag}};
constexpr Member password[]{{"current"}, {"password"}, {"email"}};
constexpr Member code[]{{"code"}};
constexpr Member code_of_owner[]{{"current"}, {"code"}};
constexpr Member token[]{{"current"}, {"name"}, {"scope", list}, {"until"}};
constexpr Member invitee[]{{"person"}, {"name"}, {"organisation"}, {"role"}, {"language"}};
constexpr Member link[]{{"token"}};
constexpr Member join[]{{"token"}, {"email"}, {"password"}};
constexpr Member owner[]{{"current"}};
} // namespace bodies

// A route; a path that ends with / goes on with an id.
struct AccountRoutes::Known {
    std::string_view method;
    std::string_view path;
    Route route;
    std::span<const Member> members = {}; // of the body
    bool needs_session = true;

    bool fits(std::string_view asked) const {
        return path.ends_with('/') ? asked.starts_with(path) && asked.size() > path.size() : asked == path;
    }
};

const AccountRoutes::Known* AccountRoutes::find(std::string_view method, std::string_view path) {
    using Self = AccountRoutes;
    static constexpr std::array all{
        Known{"POST", "/v1/sign-in", &Self::sign_in, bodies::sign_in, false},
        Known{"POST", "/v1/sign-in/second-factor", &Self::second_factor_code, bodies::second_factor_code,
              false},
        Known{"POST", "/v1/sign-out", &Self::sign_out, bodies::sign_out, false},
        Known{"POST", "/v1/sign-out-everywhere", &Self::sign_out_everywhere, bodies::sign_out_everywhere},
        Known{"GET", "/v1/me/account", &Self::account},
        Known{"GET", "/v1/me/sessions", &Self::sessions},
        Known{"DELETE", "/v1/me/sessions/", &Self::end_session},
        Known{"POST", "/v1/me/password", &Self::set_password, bodies::password},
        Known{"POST", "/v1/me/second-factor", &Self::begin_second_factor, bodies::code_of_owner},
        Known{"POST", "/v1/me/second-factor/confirm", &Self::confirm_second_factor, bodies::code},
        Known{"POST", "/v1/me/second-factor/remove", &Self::remove_second_factor, bodies::code_of_owner},
        Known{"GET", "/v1/me/tokens", &Self::tokens},
        Known{"POST", "/v1/me/tokens", &Self::make_token, bodies::token},
        Known{"DELETE", "/v1/me/tokens/", &Self::revoke_token},
        Known{"GET", "/v1/invitations", &Self::invitations},
        Known{"POST", "/v1/invitations", &Self::invite, bodies::invitee},
        Known{"DELETE", "/v1/invitations/", &Self::withdraw_invitation},
        Known{"POST", "/v1/join/look", &Self::look_at_invitation, bodies::link, false},
        Known{"POST", "/v1/join", &Self::join, bodies::join, false},
        Known{"GET", "/v1/openid", &Self::providers, {}, false},
        Known{"POST", "/v1/openid/", &Self::depart, bodies::link, false},
        Known{"GET", "/v1/openid/", &Self::arrive, {}, false},
        Known{"POST", "/v1/me/openid/", &Self::link_or_unlink, bodies::owner},
    };
    const auto found = std::ranges::find_if(all, [&](const Known& known) {
        return known.fits(path) && (method.empty() || known.method == method);
    });
    return found == all.end() ? nullptr : found;
}

bool AccountRoutes::has(std::string_view path) {
    return find({}, path) != nullptr;
}

std::string AccountRoutes::methods_of(std::string_view path) {
    std::string methods;
    for (const auto& [method, told] :
         {std::pair{"GET", "GET, HEAD"}, std::pair{"POST", "POST"}, std::pair{"DELETE", "DELETE"}})
        if (find(method, path))
            methods += (methods.empty() ? "" : ", ") + std::string{told};
    return methods;
}

std::string AccountRoutes::Asked::text(std::string_view name) const {
    std::string_view text;
    return body[name].get(text) == simdjson::SUCCESS ? std::string{text} : std::string{};
}

accounts::Browser AccountRoutes::Asked::browser() const {
    return {request.address, read_cookie(Cookie::device, request.cookies, request.is_secure),
            request.user_agent};
}

std::string AccountRoutes::Asked::cookie_elsewhere() const {
    return read_cookie(Cookie::elsewhere, request.cookies, request.is_secure);
}

void AccountRoutes::handle(Request request, std::optional<access::SignIn> sign_in, Problem stranger,
                           Reply reply) {
    boost::asio::co_spawn(
        accounts_.context(), answer(std::move(request), std::move(sign_in), std::move(stranger)),
        [reply = std::move(reply)](std::exception_ptr failure, Response response) mutable {
            try {
                if (failure)
                    std::rethrow_exception(failure);
            } catch (const std::exception& exception) {
                spdlog::error("an account could not be looked at: {}", exception.what());
                response = problem_response(
                    {"unavailable", "This cannot be done just now. Try again in a moment.", {}, {}});
            }
            reply(std::move(response));
        });
}

AccountRoutes::Answered AccountRoutes::answer(Request request, std::optional<access::SignIn> sign_in,
                                              Problem stranger) {
    const Known* known = find(request.method == "HEAD" ? "GET" : request.method, request.path);
    if (known == nullptr)
        co_return method_not_allowed(methods_of(request.path));
    if (known->needs_session && !sign_in)
        co_return problem_response(stranger);
    if (known->needs_session && !sign_in->is_session)
        co_return problem_response(
            {"token_scope", "A token cannot change accounts. Do this in the browser.", {}, {}});
    Asked asked{std::move(request), std::move(sign_in), {}};
    simdjson::dom::parser parser;
    if (known->method == "POST" && !asked.request.body.empty()) {
        simdjson::dom::object object;
        if (parser.parse(asked.request.body).get(asked.body) != simdjson::SUCCESS ||
            asked.body.get(object) != simdjson::SUCCESS)
            co_return problem_response({"not_json", "The body must be a JSON object.", {}, {}});
        if (const auto mistake = mistake_in(object, known->members))
            co_return problem_response(*mistake);
    } else {
        asked.body = parser.parse(std::string_view("{}")).value();
    }
    co_return co_await (this->*known->route)(asked);
}

AccountRoutes::Answered AccountRoutes::sign_in(const Asked& asked) {
    if (demo_)
        if (std::string actor = asked.text("actor"); !actor.empty()) {
            const auto entered = co_await accounts_.enter(ActorId(std::move(actor)), asked.browser());
            co_return entered ? entered_response(*entered, asked.request.is_secure, demo_)
                              : problem_response(entered.error());
        }
    if (asked.text("email").empty() || asked.text("password").empty())
        co_return problem_response(
            {"malformed", "Say who you are: {\"email\":\"…\",\"password\":\"…\"}.", "email", {}});
    const auto result =
        co_await accounts_.sign_in(asked.text("email"), asked.text("password"), asked.browser());
    if (!result)
        co_return problem_response(result.error());
    if (const auto* wanted = std::get_if<accounts::CodeWanted>(&*result))
        co_return json_response({{"second_factor", true}, {"ticket", wanted->ticket}});
    co_return entered_response(std::get<accounts::Entered>(*result), asked.request.is_secure, demo_);
}

AccountRoutes::Answered AccountRoutes::second_factor_code(const Asked& asked) {
    const auto entered =
        co_await accounts_.second_factor(asked.text("ticket"), asked.text("code"), asked.browser());
    co_return entered ? entered_response(*entered, asked.request.is_secure, demo_)
                      : problem_response(entered.error());
}

AccountRoutes::Answered AccountRoutes::sign_out(const Asked& asked) {
    if (asked.sign_in && asked.sign_in->is_session)
        accounts_.sign_out(asked.sign_in->key);
    Response response = signed_out_response(asked.request.is_secure);
    if (bool forgets = false; asked.body["forget_device"].get(forgets) == simdjson::SUCCESS && forgets)
        response.headers.emplace_back("Set-Cookie", forget_cookie(Cookie::device, asked.request.is_secure));
    co_return response;
}

AccountRoutes::Answered AccountRoutes::sign_out_everywhere(const Asked& asked) {
    bool and_tokens = false;
    if (asked.body["tokens"].get(and_tokens) != simdjson::SUCCESS)
        and_tokens = false; // not asked for
    const auto ended = co_await accounts_.sign_out_everywhere(asked.actor(), and_tokens);
    if (!ended)
        co_return problem_response(ended.error());
    Response response = json_response(
        json::object{{"tokens_revoked", ended->tokens_revoked}, {"tokens_left", ended->tokens_left}});
    response.headers.emplace_back("Set-Cookie", forget_cookie(Cookie::sign_in, asked.request.is_secure));
    co_return response;
}

AccountRoutes::Answered AccountRoutes::account(const Asked& asked) {
    const auto providers = co_await accounts_.providers_of(asked.actor());
    if (!providers)
        co_return problem_response(providers.error());
    const auto account = accounts_.account(asked.actor());
    json::object body{{"password", account.has_value()},
                      {"second_factor", account && !account->second_factor.empty()},
                      {"providers", providers_json(*providers, true)}};
    if (account) {
        body["email"] = account->email;
        body["recovery_codes"] = account->recovery.size();
    }
    co_return json_response(std::move(body));
}

AccountRoutes::Answered AccountRoutes::sessions(const Asked& asked) {
    json::array list;
    for (const auto& [key, session] : accounts_.sessions_of(asked.actor()))
        list.push_back(json::object{{"session", accounts::Accounts::id_of(key)},
                                    {"made", time_of(session.made_ms)},
                                    {"seen", time_of(session.seen_ms)},
                                    {"agent", session.agent},
                                    {"current", key == asked.sign_in->key}});
    co_return json_response(json::object{{"sessions", std::move(list)}});
}

AccountRoutes::Answered AccountRoutes::end_session(const Asked& asked) {
    const auto id = asked.request.path.substr(asked.request.path.rfind('/') + 1);
    co_return done_or(co_await accounts_.end_session(asked.actor(), id));
}

AccountRoutes::Answered AccountRoutes::set_password(const Asked& asked) {
    co_return done_or(co_await accounts_.set_password(asked.actor(), asked.sign_in->key,
                                                      asked.text("current"), asked.text("password"),
                                                      asked.text("email")));
}

AccountRoutes::Answered AccountRoutes::begin_second_factor(const Asked& asked) {
    const auto offer =
        co_await accounts_.begin_second_factor(asked.actor(), asked.text("current"), asked.text("code"));
    if (!offer)
        co_return problem_response(offer.error());
    co_return json_response(json::object{{"secret", offer->secret}, {"uri", offer->uri}});
}

AccountRoutes::Answered AccountRoutes::confirm_second_factor(const Asked& asked) {
    const auto codes = co_await accounts_.confirm_second_factor(asked.actor(), asked.text("code"));
    if (!codes)
        co_return problem_response(codes.error());
    co_return json_response(json::object{{"recovery_codes", json::array(codes->begin(), codes->end())}});
}

AccountRoutes::Answered AccountRoutes::remove_second_factor(const Asked& asked) {
    co_return done_or(
        co_await accounts_.remove_second_factor(asked.actor(), asked.text("current"), asked.text("code")));
}

AccountRoutes::Answered AccountRoutes::tokens(const Asked& asked) {
    json::array list;
    for (const auto& [key, token] : accounts_.tokens_of(asked.actor()))
        list.push_back(token_json(token));
    co_return json_response(json::object{{"tokens", std::move(list)}});
}

AccountRoutes::Answered AccountRoutes::make_token(const Asked& asked) {
    std::vector<person::Scope> scope;
    simdjson::dom::array wanted;
    if (asked.body["scope"].get(wanted) == simdjson::SUCCESS)
        for (const simdjson::dom::element one : wanted) {
            std::string_view word;
            const auto known =
                one.get(word) == simdjson::SUCCESS ? from_word<person::Scope>(word) : std::nullopt;
            if (!known)
                co_return problem_response(
                    {"invalid_field", "scope: choose among read, write and events.", "scope", {}});
            scope.push_back(*known);
        }
    const auto until = parse_partial_date(asked.text("until"));
    const auto made =
        co_await accounts_.make_token(asked.actor(), asked.sign_in->key, asked.text("current"),
                                      asked.text("name"), std::move(scope), until.value_or(PartialDate{}));
    if (!made)
        co_return problem_response(made.error());
    json::object body = token_json(made->record);
    body["secret"] = made->token;
    co_return json_response(std::move(body));
}

AccountRoutes::Answered AccountRoutes::revoke_token(const Asked& asked) {
    const auto id = asked.request.path.substr(asked.request.path.rfind('/') + 1);
    co_return done_or(co_await accounts_.revoke_token(asked.actor(), id));
}

AccountRoutes::Answered AccountRoutes::invitations(const Asked& asked) {
    const auto open = co_await accounts_.invitations(asked.actor());
    if (!open)
        co_return problem_response(open.error());
    json::array list;
    for (const accounts::OpenInvitation& one : *open) {
        json::object line = invitation_json(one);
        line["invitation"] = one.invitation.id.text();
        line["by"] = one.invitation.by.text();
        list.push_back(std::move(line));
    }
    co_return json_response(json::object{{"invitations", std::move(list)}});
}

AccountRoutes::Answered AccountRoutes::invite(const Asked& asked) {
    const std::string person = asked.text("person");
    const auto invitee =
        person.empty() ? accounts::Invitee(asked.request.body) : accounts::Invitee(ActorId(person));
    const auto invited = co_await accounts_.invite(asked.actor(), false, invitee);
    if (!invited)
        co_return problem_response(invited.error());
    co_return json_response(json::object{{"person", invited->person.text()},
                                         {"invitation", invited->invitation.text()},
                                         {"secret", invited->secret},
                                         {"until", time_of(invited->until_ms)}});
}

AccountRoutes::Answered AccountRoutes::withdraw_invitation(const Asked& asked) {
    const auto id = asked.request.path.substr(asked.request.path.rfind('/') + 1);
    co_return done_or(co_await accounts_.withdraw_invitation(asked.actor(), id));
}

AccountRoutes::Answered AccountRoutes::look_at_invitation(const Asked& asked) {
    const auto open = co_await accounts_.look_at_invitation(asked.text("token"), asked.browser());
    if (!open)
        co_return problem_response(open.error());
    const auto providers = co_await accounts_.providers_of(open->person.actor);
    if (!providers)
        co_return problem_response(providers.error());
    json::object body = invitation_json(*open);
    if (!open->town.empty())
        body["town"] = town_json(open->town);
    body["providers"] = providers_json(*providers, false);
    co_return json_response(std::move(body));
}

AccountRoutes::Answered AccountRoutes::join(const Asked& asked) {
    const auto entered = co_await accounts_.join(asked.text("token"), asked.text("email"),
                                                 asked.text("password"), asked.browser());
    co_return entered ? entered_response(*entered, asked.request.is_secure, demo_)
                      : problem_response(entered.error());
}

AccountRoutes::Answered AccountRoutes::providers(const Asked&) {
    co_return json_response(json::object{{"providers", providers_json(accounts_.providers(), false)}});
}

// A page asks for it, never a link: the gate has seen that it is one of ours, and the secret of an invitation
// stands in no address.
AccountRoutes::Answered AccountRoutes::depart(const Asked& asked) {
    const auto [id, deed] = provider_path(asked.request.path);
    if (deed != "start")
        co_return nothing_here();
    if (!asked.request.authorization.empty())
        co_return problem_response(
            {"token_scope", "A token cannot sign in. Do this in the browser.", {}, {}});
    accounts::Purpose purpose = accounts::ToSignIn{};
    if (std::string secret = asked.text("token"); !secret.empty())
        purpose = accounts::ToJoin{std::move(secret)};
    co_return departure_response(asked,
                                 co_await accounts_.depart(id, std::move(purpose), asked.request.origin,
                                                           asked.cookie_elsewhere(), asked.browser()));
}

AccountRoutes::Answered AccountRoutes::link_or_unlink(const Asked& asked) {
    const auto [id, deed] = provider_path(asked.request.path);
    if (deed == "unlink")
        co_return done_or(
            co_await accounts_.unlink_provider(asked.actor(), asked.sign_in->key, id, asked.text("current")));
    if (deed != "link")
        co_return nothing_here();
    co_return departure_response(asked, co_await accounts_.depart_to_link(
                                            id, asked.actor(), asked.sign_in->key, asked.text("current"),
                                            asked.request.origin, asked.cookie_elsewhere(), asked.browser()));
}

Response AccountRoutes::departure_response(const Asked& asked,
                                           const Result<accounts::Departure, Problem>& departure) {
    if (!departure)
        return problem_response(departure.error());
    Response response = json_response({{"location", departure->address}});
    response.headers.emplace_back("Set-Cookie",
                                  set_cookie(Cookie::elsewhere, departure->cookie,
                                             std::chrono::seconds(accounts::PendingFlows::lasts_ms / 1'000),
                                             asked.request.is_secure));
    return response;
}

// What the provider says besides is not ours to judge: parameters that we do not know are passed over.
AccountRoutes::Answered AccountRoutes::arrive(const Asked& asked) {
    const auto [id, deed] = provider_path(asked.request.path);
    if (deed != "callback")
        co_return nothing_here();
    const auto said = [&](const std::string& name) {
        const auto found = asked.request.query.find(name);
        return found == asked.request.query.end() || asked.request.repeated == name ? std::string()
                                                                                    : found->second;
    };
    const auto arrival = co_await accounts_.arrive(
        id, {said("state"), asked.cookie_elsewhere(), said("error"), {said("code"), said("iss")}},
        asked.browser());
    Response response{303,
                      "text/plain; charset=utf-8",
                      {},
                      {{"Location", page_after(arrival, id)}, {"Cache-Control", "no-store"}}};
    if (arrival.entered)
        set_cookies(response, *arrival.entered, asked.request.is_secure);
    if (arrival.forgets_cookie)
        response.headers.emplace_back("Set-Cookie",
                                      forget_cookie(Cookie::elsewhere, asked.request.is_secure));
    co_return response;
}

} // namespace mosty::http
