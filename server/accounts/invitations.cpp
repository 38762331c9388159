// Inviting people, and taking invitations up.
#include "domain/rights/table.hpp"
#include "server/accounts/accounts.hpp"
#include "server/accounts/hash_work.hpp"
#include "server/accounts/invitation_data.hpp"
#include "server/accounts/passwords.hpp"
#include "server/realtime/json_text.hpp"
#include "server/sequencing/day.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace mosty::accounts {
namespace json = boost::json;
namespace {

using realtime::Problem;

const Problem closed{
    "invitation_closed", "This invitation was used, withdrawn or has run out. Ask for a new one.", {}, {}};

bool looks_after(const core::Person& asker, const core::Person& person) {
    const bool of_own_town =
        acts_for_municipality(asker.acts_as) && asker.profile.organisation == person.profile.organisation;
    return rights::may(asker.acts_as, rights::Deed::withdraw_invitation,
                       of_own_town ? rights::Relation::charge : rights::Relation::none);
}

} // namespace

Answer<Invited> Accounts::invite(ActorId by, bool as_service, Invitee invitee) {
    const bool is_new = std::holds_alternative<std::string>(invitee);
    Invited invited{.person =
                        is_new ? ActorId(sequencing::random_id("u-", entropy_)) : std::get<ActorId>(invitee),
                    .invitation = person::InvitationId(sequencing::random_id("in-", entropy_)),
                    .secret = {},
                    .until_ms = now_ms() + std::chrono::milliseconds(settings_.invitation_lasts).count()};
    const std::string profile = is_new ? std::get<std::string>(invitee) : std::string("{}");
    if (!as_service && open_invitations_of(by, invited.person) >= settings_.invitations_max)
        co_return std::unexpected(
            Problem{"too_many",
                    fmt::format("{} open invitations are the most. Withdraw one that nobody takes up.",
                                settings_.invitations_max),
                    {},
                    {{"max", std::to_string(settings_.invitations_max)}}});
    auto recorded =
        co_await record(by, invited.person, is_new ? "invite_person" : "invite_again",
                        invitation_data(profile, invited.invitation, invited.until_ms), as_service);
    if (!recorded)
        co_return std::unexpected(recorded.error());
    if (!is_new)
        void_all_of(invited.person);
    invited.secret = credentials_.add(Invitation{.person = invited.person,
                                                 .id = invited.invitation,
                                                 .by = by,
                                                 .made_ms = now_ms(),
                                                 .until_ms = invited.until_ms});
    co_return invited;
}

// Those that somebody made, but for the one that a person's next invitation takes the place of.
std::size_t Accounts::open_invitations_of(const ActorId& by, const ActorId& person) const {
    const auto all = credentials_.invitations();
    return static_cast<std::size_t>(std::ranges::count_if(all, [&](const auto& one) {
        const Invitation& invitation = one.second;
        return invitation.by == by && invitation.person != person && invitation.until_ms > now_ms();
    }));
}

void Accounts::invite_by_service(std::string invitee,
                                 std::move_only_function<void(Result<std::string, std::string>)> invited) {
    boost::system::error_code error;
    const json::value parsed = json::parse(invitee, error);
    const auto* person = !error && parsed.is_object() ? parsed.as_object().if_contains("person") : nullptr;
    Invitee whom = person && person->is_string()
                       ? Invitee(ActorId(std::string(std::string_view(person->as_string()))))
                       : Invitee(std::move(invitee));
    boost::asio::co_spawn(
        context_, invite(ActorId("service-invite"), true, std::move(whom)),
        [invited = std::move(invited)](std::exception_ptr failure, Result<Invited, Problem> result) mutable {
            if (failure)
                return invited(std::unexpected("the credentials cannot be written"));
            if (!result)
                return invited(std::unexpected(result.error().detail));
            invited(std::move(result->secret));
        });
}

Answer<std::vector<OpenInvitation>> Accounts::invitations(ActorId asker) {
    const auto everybody = co_await people();
    const auto find = [&](const ActorId& actor) {
        return std::ranges::find(everybody, actor, &core::Person::actor);
    };
    const auto own = find(asker);
    std::vector<OpenInvitation> open;
    if (own == everybody.end())
        co_return open;
    for (const auto& [key, invitation] : credentials_.invitations())
        if (const auto person = find(invitation.person);
            person != everybody.end() && invitation.until_ms > now_ms() && looks_after(*own, *person))
            open.push_back({invitation, *person, {}});
    co_return open;
}

Answer<void> Accounts::withdraw_invitation(ActorId by, std::string id) {
    const Problem none{"not_found", "There is no such invitation.", {}, {}};
    for (const auto& [key, invitation] : credentials_.invitations()) {
        if (invitation.id.text() != id)
            continue;
        std::string data = "{";
        realtime::append_member(data, "invitation", id);
        auto recorded = co_await record(by, invitation.person, "withdraw_invitation", data + '}');
        // Nobody else learns that there is one.
        if (!recorded)
            co_return std::unexpected(recorded.error().code == "not_allowed" ? none : recorded.error());
        credentials_.remove_invitation(key);
        co_return Result<void, Problem>();
    }
    co_return std::unexpected(none);
}

// A secret that opens nothing counts as a guess, for the network.
Result<Invitation, Problem> Accounts::find_invitation(const std::string& secret, const Browser& browser) {
    const auto now = Throttle::Time::clock::now();
    const std::string network = network_of(browser);
    if (const auto pause = networks_throttle_.pause(network, now); pause > Throttle::Pause{0})
        return std::unexpected(try_later(pause.count()));
    auto invitation = credentials_.invitation(secret, now_ms());
    if (invitation)
        return std::move(*invitation);
    networks_throttle_.begin(network, now);
    return std::unexpected(closed);
}

Answer<OpenInvitation> Accounts::look_at_invitation(std::string secret, Browser browser) {
    auto invitation = find_invitation(secret, browser);
    if (!invitation)
        co_return std::unexpected(std::move(invitation.error()));
    auto invited = co_await person(invitation->person);
    if (!invited)
        co_return std::unexpected(closed);
    auto town = co_await town_of(*invited);
    co_return OpenInvitation{*invitation, std::move(*invited), std::move(town)};
}

// Holds the invitation until it is let go; nothing when somebody else holds it.
std::shared_ptr<void> Accounts::begin_joining(const std::string& key) {
    if (!joining_.insert(key).second)
        return nullptr;
    return {this, [this, key](void*) { joining_.erase(key); }};
}

Answer<void> Accounts::record_join(const Invitation& invitation) {
    std::string data = "{";
    realtime::append_member(data, "invitation", invitation.id.text());
    auto recorded = co_await record(invitation.person, invitation.person, "join", data + '}');
    if (recorded)
        co_return Result<void, Problem>();
    const auto& code = recorded.error().code;
    co_return std::unexpected(code == "wrong_status" || code == "not_signed_in" ? closed : recorded.error());
}

// By an organisation's own provider.
Answer<Entered> Accounts::join_by(const openid::Provider& by, const std::string& identity_key,
                                  const std::string& secret, const Browser& browser) {
    const auto invitation = credentials_.invitation(secret, now_ms());
    if (!invitation)
        co_return std::unexpected(closed);
    const std::string key = Credentials::invitation_key(secret);
    const auto joining = begin_joining(key);
    if (!joining)
        co_return std::unexpected(try_later(1));
    const ActorId actor = invitation->person;
    if (auto invited = co_await person_for(by, actor); !invited)
        co_return std::unexpected(invited.error());
    if (const auto holder = credentials_.identity(identity_key); holder && holder->actor != actor)
        co_return std::unexpected(identity_taken());
    if (auto recorded = co_await record_join(*invitation); !recorded)
        co_return std::unexpected(recorded.error());
    if (auto recorded = co_await record_link(actor, by, "link_provider"); !recorded)
        co_return std::unexpected(recorded.error());
    const Identity identity{actor, person::ProviderId(by.setting().id), now_ms()};
    if (!credentials_.take_up(key, identity_key, identity))
        co_return std::unexpected(closed);
    auto known = co_await person(actor);
    if (!known) {
        forget(actor); // left meanwhile
        co_return std::unexpected(closed);
    }
    co_return enter_now(std::move(*known), browser);
}

Answer<Entered> Accounts::join(std::string secret, std::string email, std::string password, Browser browser) {
    const auto invitation = find_invitation(secret, browser);
    if (!invitation)
        co_return std::unexpected(invitation.error());
    const auto address = plain_email(email);
    if (!address)
        co_return std::unexpected(Problem{"invalid_field", "email: this is no e-mail address.", "email", {}});
    if (auto weak = refuse_password(password, *address))
        co_return std::unexpected(std::move(*weak));

    // Twice at once is once.
    const std::string key = Credentials::invitation_key(secret);
    const auto joining = begin_joining(key);
    if (!joining)
        co_return std::unexpected(try_later(1));

    const ActorId actor = invitation->person;
    const auto is_taken = [&] {
        const auto holder = credentials_.account_by_email(*address);
        return holder && holder->actor != actor;
    };
    const Problem taken{"email_taken", "Somebody signs in with this address already.", "email", {}};
    // Whoever holds a link must not find out with it who has an account here: each try counts as a guess, for
    // the invitation and for the network, until somebody has joined.
    const Attempt attempt{"j/" + invitation->id.text(), network_of(browser)};
    if (auto wait = begin_attempt(attempt))
        co_return std::unexpected(std::move(*wait));
    if (is_taken())
        co_return std::unexpected(taken);
    const PasswordCost cost{settings_.password_memory_mib, settings_.password_passes};
    auto hashed = co_await hash([password, cost] { return hash_password(password, cost); });
    if (!hashed)
        co_return std::unexpected(hashed.error());
    if (is_taken())
        co_return std::unexpected(taken);
    if (auto recorded = co_await record_join(*invitation); !recorded)
        co_return std::unexpected(recorded.error());
    if (!credentials_.take_up(key, Account{.actor = actor, .email = *address, .password = *hashed}))
        co_return std::unexpected(closed);
    attempt_succeeded(attempt);
    auto known = co_await person(actor);
    if (!known) {
        forget(actor); // left meanwhile
        co_return std::unexpected(closed);
    }
    co_return enter_now(std::move(*known), browser);
}

} // namespace mosty::accounts
