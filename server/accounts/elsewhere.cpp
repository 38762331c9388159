// Signing in by an organisation's own provider.
#include "server/accounts/accounts.hpp"
#include "server/accounts/hash_work.hpp"
#include "server/realtime/json_text.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace mosty::accounts {
namespace {

using realtime::Problem;

constexpr std::size_t arriving_max = 64;
constexpr std::size_t code_length_max = 4'096;

const Problem no_provider{"not_found", "There is no such provider here.", {}, {}};
const Problem over{"openid_over",
                   "This sign-in took too long, was used already, or began in another browser. Begin again.",
                   {},
                   {}};
const Problem cancelled{"openid_cancelled", "You were not signed in at the provider. Begin again.", {}, {}};
const Problem refused{
    "openid_refused", "The provider's answer cannot be believed. Tell those who run this server.", {}, {}};
const Problem unavailable{"openid_unavailable",
                          "The provider does not answer as it should. Try again in a few minutes, or sign in "
                          "with your password.",
                          {},
                          {}};
const Problem unknown{"openid_unknown",
                      "Nobody here is linked with this sign-in. Open the link of your invitation first, or "
                      "sign in with your password and link it on the page of your account.",
                      {},
                      {}};
const Problem not_for_you{
    "openid_not_for_you", "This provider is not your organisation's. Sign in in another way.", {}, {}};
const Problem linked_already{
    "already_done", "Your account is linked with this provider. Unlink it first.", {}, {}};

bool is_for(const openid::Provider& provider, const core::Person& person) {
    return std::ranges::find(provider.setting().organisations, person.profile.organisation.text()) !=
           provider.setting().organisations.end();
}

OfferedProvider offered(const openid::Provider& provider, bool is_linked = false) {
    const OpenIdSetting& setting = provider.setting();
    return {person::ProviderId(setting.id), setting.name_uk, setting.name_en, is_linked};
}

bool is_linked(const Credentials::Keyed<Identity>& identities, const openid::Provider& provider) {
    return std::ranges::any_of(
        identities, [&](const auto& one) { return one.second.provider.text() == provider.setting().id; });
}

} // namespace

Problem Accounts::identity_taken() {
    return {"openid_taken", "Somebody else here is linked with this sign-in.", {}, {}};
}

openid::Provider* Accounts::provider(std::string_view id) const {
    const auto found = std::ranges::find(
        providers_, id, [](const auto& one) -> std::string_view { return one->setting().id; });
    return found == providers_.end() ? nullptr : found->get();
}

std::vector<OfferedProvider> Accounts::providers() const {
    std::vector<OfferedProvider> all;
    for (const auto& one : providers_)
        all.push_back(offered(*one));
    return all;
}

Answer<std::vector<OfferedProvider>> Accounts::providers_of(ActorId actor) {
    std::vector<OfferedProvider> own;
    if (providers_.empty())
        co_return own;
    const auto who = co_await person(actor);
    const auto identities = credentials_.identities_of(actor);
    for (const auto& one : providers_)
        if (const bool linked = is_linked(identities, *one); linked || (who && is_for(*one, *who)))
            own.push_back(offered(*one, linked));
    co_return own;
}

Answer<Departure> Accounts::depart(std::string provider, Purpose purpose, std::string origin,
                                   std::string cookie, Browser browser) {
    openid::Provider* by = this->provider(provider);
    if (!by)
        co_return std::unexpected(no_provider);
    if (const auto* join = std::get_if<ToJoin>(&purpose)) {
        auto open = co_await look_at_invitation(join->secret, browser);
        if (!open)
            co_return std::unexpected(open.error());
        if (!is_for(*by, open->person))
            co_return std::unexpected(not_for_you);
    }
    PendingFlow pending{.provider = std::move(provider),
                        .purpose = std::move(purpose),
                        .flow = {.state = new_secret(),
                                 .nonce = new_secret(),
                                 .verifier = new_secret(),
                                 .redirect_uri = origin + "/v1/openid/" + by->setting().id + "/callback"},
                        .browser = {},
                        .network = attempt_at({}, std::nullopt, browser).of_network};
    const auto address = co_await by->authorization_address(pending.flow);
    if (!address) {
        spdlog::warn("{} cannot be signed in at: {}", by->setting().id, address.error().reason);
        co_return std::unexpected(unavailable);
    }
    // A browser that is away in another tab keeps its cookie, so that both can come back.
    Departure departure{*address, pending_flows_.knows(cookie) ? cookie : new_secret()};
    pending.browser = digest_of(departure.cookie);
    if (!pending_flows_.add(std::move(pending), now_ms()))
        co_return std::unexpected(try_later(PendingFlows::lasts_ms / 1'000));
    co_return departure;
}

Answer<Departure> Accounts::depart_to_link(std::string provider, ActorId actor, std::string key,
                                           std::string current, std::string origin, std::string cookie,
                                           Browser browser) {
    const openid::Provider* by = this->provider(provider);
    if (!by)
        co_return std::unexpected(no_provider);
    if (is_linked(credentials_.identities_of(actor), *by))
        co_return std::unexpected(linked_already);
    if (auto own = co_await check_own_hand(actor, key, std::move(current)); !own)
        co_return std::unexpected(own.error());
    if (auto known = co_await person_for(*by, actor); !known)
        co_return std::unexpected(known.error());
    co_return co_await depart(std::move(provider), ToLink{actor, std::move(key)}, std::move(origin),
                              std::move(cookie), std::move(browser));
}

boost::asio::awaitable<Arrival> Accounts::arrive(std::string provider, Homecoming homecoming,
                                                 Browser browser) {
    Arrival arrival;
    const auto pending = pending_flows_.take(homecoming.state, homecoming.cookie, now_ms());
    arrival.forgets_cookie = !pending_flows_.knows(homecoming.cookie);
    if (!pending || pending->provider != provider) {
        arrival.problem = over;
        co_return arrival;
    }
    arrival.from_account = std::holds_alternative<ToLink>(pending->purpose);
    const auto now = Throttle::Time::clock::now();
    const auto pause = networks_throttle_.pause(pending->network, now);
    if (pause > Throttle::Pause{0} || arriving_ >= arriving_max) {
        arrival.problem = try_later(std::max<std::int64_t>(pause.count(), 2));
        co_return arrival;
    }
    networks_throttle_.begin(pending->network, now);
    const auto claims = co_await identify(*pending, homecoming);
    auto taken_in = Result<std::optional<Entered>, Problem>(std::nullopt);
    if (claims)
        taken_in = co_await take_in(
            *pending, credentials_.identity_key(this->provider(provider)->setting().issuer, claims->subject),
            browser);
    else
        taken_in = std::unexpected(claims.error());
    if (taken_in || taken_in.error().code == unavailable.code || taken_in.error().code == cancelled.code)
        networks_throttle_.take_back(pending->network);
    if (taken_in)
        arrival.entered = std::move(*taken_in);
    else
        arrival.problem = std::move(taken_in.error());
    co_return arrival;
}

// Who it is at the provider.
Answer<openid::Claims> Accounts::identify(const PendingFlow& pending, const Homecoming& homecoming) {
    openid::Provider* by = provider(pending.provider);
    if (homecoming.error == "access_denied")
        co_return std::unexpected(cancelled);
    const std::string& code = homecoming.returned.code;
    if (!homecoming.error.empty() || code.empty() || code.size() > code_length_max) {
        spdlog::warn("{} sent a browser back without a code", pending.provider);
        co_return std::unexpected(refused);
    }
    struct Counted {
        std::size_t& count;
        explicit Counted(std::size_t& c) : count(c) { ++count; }
        ~Counted() { --count; }
    } const counted(arriving_);
    const auto claims = co_await by->redeem(pending.flow, homecoming.returned);
    if (claims)
        co_return *claims;
    spdlog::warn("{} let nobody sign in: {}", pending.provider, claims.error().reason);
    co_return std::unexpected(claims.error().kind == openid::Fault::Kind::refused ? refused : unavailable);
}

Answer<std::optional<Entered>> Accounts::take_in(const PendingFlow& pending, const std::string& identity_key,
                                                 const Browser& browser) {
    const openid::Provider& by = *provider(pending.provider);
    if (const auto* link = std::get_if<ToLink>(&pending.purpose)) {
        if (auto linked = co_await link_by(by, identity_key, *link); !linked)
            co_return std::unexpected(linked.error());
        co_return std::nullopt;
    }
    const auto* join = std::get_if<ToJoin>(&pending.purpose);
    auto entered = join ? co_await join_by(by, identity_key, join->secret, browser)
                        : co_await enter_by(by, identity_key, browser);
    if (!entered)
        co_return std::unexpected(entered.error());
    co_return std::move(*entered);
}

// Who takes part, and may use the provider.
Answer<core::Person> Accounts::person_for(const openid::Provider& by, const ActorId& actor) {
    auto known = co_await person(actor);
    if (!known)
        co_return std::unexpected(unknown);
    if (!is_for(by, *known))
        co_return std::unexpected(not_for_you);
    co_return std::move(*known);
}

Answer<Entered> Accounts::enter_by(const openid::Provider& by, const std::string& identity_key,
                                   const Browser& browser) {
    const auto identity = credentials_.identity(identity_key);
    if (!identity)
        co_return std::unexpected(unknown);
    auto known = co_await person_for(by, identity->actor);
    if (!known)
        co_return std::unexpected(known.error());
    // It may have been unlinked while the person was looked at.
    if (const auto still = credentials_.identity(identity_key); !still || still->actor != identity->actor)
        co_return std::unexpected(unknown);
    co_return enter_now(std::move(*known), browser);
}

Answer<void> Accounts::record_link(const ActorId& actor, const openid::Provider& by, std::string command) {
    std::string data = "{";
    realtime::append_member(data, "provider", by.setting().id);
    co_return co_await record(actor, actor, std::move(command), data + '}');
}

Answer<void> Accounts::link_by(const openid::Provider& by, const std::string& identity_key,
                               const ToLink& link) {
    if (auto known = co_await person_for(by, link.actor); !known)
        co_return std::unexpected(known.error());
    // Twice: recording takes a while, in which the session may end and another tab may come home.
    const auto forbidden = [&]() -> std::optional<Problem> {
        if (credentials_.ending(link.session, now_ms()))
            return over;
        if (const auto holder = credentials_.identity(identity_key); holder && holder->actor != link.actor)
            return identity_taken();
        if (is_linked(credentials_.identities_of(link.actor), by))
            return linked_already;
        return std::nullopt;
    };
    if (auto problem = forbidden())
        co_return std::unexpected(std::move(*problem));
    if (auto recorded = co_await record_link(link.actor, by, "link_provider"); !recorded)
        co_return std::unexpected(recorded.error());
    if (auto problem = forbidden())
        co_return std::unexpected(std::move(*problem));
    credentials_.put(identity_key, {link.actor, person::ProviderId(by.setting().id), now_ms()});
    co_return Result<void, Problem>();
}

Answer<void> Accounts::unlink_provider(ActorId actor, std::string key, std::string provider,
                                       std::string current) {
    if (auto own = co_await check_own_hand(actor, key, std::move(current)); !own)
        co_return std::unexpected(own.error());
    const auto who = co_await person(actor);
    std::vector<std::string> keys;
    bool is_another = credentials_.account(actor).has_value();
    for (const auto& [identity_key, identity] : credentials_.identities_of(actor)) {
        const openid::Provider* by = this->provider(identity.provider.text());
        if (identity.provider.text() == provider)
            keys.push_back(identity_key);
        else
            is_another = is_another || (by && who && is_for(*by, *who));
    }
    if (keys.empty())
        co_return std::unexpected(no_provider);
    if (!is_another)
        co_return std::unexpected(
            Problem{"last_way_in", "You have no other way to sign in. Set a password first.", {}, {}});
    credentials_.remove_identities(keys);
    end_others(actor, key);
    std::string data = "{";
    realtime::append_member(data, "provider", provider);
    co_return co_await record(actor, actor, "unlink_provider", data + '}');
}

} // namespace mosty::accounts
