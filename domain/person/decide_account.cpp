// What changes how somebody takes part: roles, deputies, leaving, and what becomes of accounts.
#include "domain/person/decide_account.hpp"

#include "domain/person/roles.hpp"

#include <string>
#include <utility>

namespace mosty::person {

namespace {

constexpr std::size_t deputies_max = 10;

using Check = Result<void, Rejection>;
using rights::Deed;
using rights::Relation;

bool is_self(const Actor& actor, const StreamId& stream) {
    return stream == stream_of(actor.id);
}

// How the actor stands to somebody who has this organisation and role, or would get them.
Relation relation_to(const Actor& actor, const OrganisationId& organisation, Role role) {
    const bool is_in_charge = acts_for_municipality(actor.role) && actor.organisation == organisation &&
                              is_given_by_towns(role) && rank_of(role) <= rank_of(actor.role);
    return is_in_charge ? Relation::charge : Relation::none;
}

Relation relation_to(const Actor& actor, const StreamId& stream) {
    return is_self(actor, stream) ? Relation::self : Relation::none;
}

Check check_gives_role(Deed deed, const Actor& actor, const OrganisationId& organisation, Role role) {
    if (role != Role::service && rights::may(actor.role, deed, relation_to(actor, organisation, role)))
        return {};
    return refuse(
        RejectionCode::not_allowed,
        "A municipality's officers and mayors invite officers, to their own municipality. Write to the "
        "secretariat about other roles.",
        "role");
}

// Whether the actor looks after this person's account: the programme after everybody's but a service's, a
// municipality after those of its officers.
Check check_looks_after(Deed deed, const Actor& actor, const State& state) {
    const Role role = state.profile.role;
    if (role != Role::service &&
        rights::may(actor.role, deed, relation_to(actor, state.profile.organisation, role)))
        return {};
    return refuse(RejectionCode::not_allowed,
                  "The secretariat looks after this account. Write to the secretariat about it.");
}

// Whoever holds the link of a new invitation takes the account up: a colleague must not get there so.
Check check_takes_no_account_away(const Actor& actor, const State& state) {
    if (!state.joined || rights::may(actor.role, rights::deed_of<InviteAgain>, Relation::colleague))
        return {};
    return refuse(RejectionCode::not_allowed,
                  "This person has an account. The secretariat invites again those who cannot sign in.");
}

Check check_own_or_looks_after(Deed deed, const Actor& actor, const StreamId& stream, const State& state) {
    if (is_self(actor, stream) && rights::may(actor.role, deed, Relation::self))
        return {};
    return check_looks_after(deed, actor, state);
}

Check check_takes_part(const State& state) {
    if (!state.exists())
        return refuse(RejectionCode::not_found, "Nobody is registered under this id. Check the link.");
    if (state.left)
        return refuse(RejectionCode::wrong_status, "This person has left. Invite them as somebody new.", {},
                      {{"status", "left"}});
    return {};
}

Check check_vouched(const Actor& actor) {
    if (actor.vouched)
        return {};
    return refuse(RejectionCode::not_allowed,
                  "Accounts are kept by the server. Use the page of your account, or /v1/me and "
                  "/v1/invitations.");
}

Check check_day_to_come(PartialDate until, PartialDate today) {
    if (until >= today)
        return {};
    return refuse(RejectionCode::invalid_field, "until: this day is past. Choose one that is to come.",
                  "until");
}

// Somebody else of the same organisation, who takes part.
Check check_colleague(const Context& context, const StreamId& stream, const State& state,
                      const ActorId& colleague, std::string_view field) {
    const State* other = context.person(colleague);
    if (!other || other->left)
        return refuse(RejectionCode::not_found, "There is nobody of this id who takes part.", field);
    if (stream == stream_of(colleague) || other->profile.organisation != state.profile.organisation)
        return refuse(RejectionCode::invalid_field, "Choose somebody else of the same organisation for this.",
                      field);
    return {};
}

// The first check that refuses, or nothing.
template <class... Checks>
Check first_refusal(const Checks&... checks) {
    Check refusal;
    (void)((!(refusal = checks())) || ...);
    return refusal;
}

} // namespace

Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const ChangeRole& command) {
    constexpr Deed deed = rights::deed_of<ChangeRole>;
    const auto organisation = command.organisation.value_or(state.profile.organisation);
    const auto refusal = first_refusal(
        [&]() -> Check {
            if (!is_self(context.actor, stream) || rights::may(context.actor.role, deed, Relation::self))
                return {};
            return refuse(RejectionCode::not_allowed,
                          "Nobody changes their own role. Ask somebody else who may.");
        },
        [&] { return check_looks_after(deed, context.actor, state); },
        [&] { return check_gives_role(deed, context.actor, organisation, command.role); },
        [&] { return check_takes_part(state); });
    if (!refusal)
        return std::unexpected(refusal.error());
    if (command.role == state.profile.role && organisation == state.profile.organisation)
        return Events{};
    return Events{RoleChanged{command.organisation, command.role, command.reason}};
}

Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const AppointDeputy& command) {
    const auto refusal = first_refusal(
        [&]() -> Check {
            if (rights::may(context.actor.role, rights::deed_of<AppointDeputy>,
                            relation_to(context.actor, stream)))
                return {};
            return refuse(RejectionCode::not_allowed,
                          "Only the one who is represented, or the secretariat, appoints a deputy.");
        },
        [&] { return check_takes_part(state); },
        [&] { return check_colleague(context, stream, state, command.deputy, "deputy"); },
        [&] { return check_day_to_come(command.until, context.today); },
        [&]() -> Check {
            const PartialDate latest{command.from.year + 1, command.from.month, command.from.day};
            if (command.from <= command.until && command.until <= latest)
                return {};
            return refuse(RejectionCode::invalid_field,
                          "until: a deputy acts for a year at most, and not before the first day.", "until");
        });
    if (!refusal)
        return std::unexpected(refusal.error());
    const DeputyAppointed appointed{command.deputy, command.from, command.until};
    for (const State::Deputy& one : state.deputies)
        if (DeputyAppointed{one.deputy, one.from, one.until} == appointed)
            return Events{};
    if (state.deputies.size() >= deputies_max)
        return refuse(RejectionCode::too_many, "Ten deputies are the most. End one that is past first.",
                      "deputy", {{"max", std::to_string(deputies_max)}});
    return Events{appointed};
}

Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const EndDeputy& command) {
    const Relation relation =
        context.actor.id == command.deputy ? Relation::self : relation_to(context.actor, stream);
    if (!rights::may(context.actor.role, rights::deed_of<EndDeputy>, relation))
        return refuse(RejectionCode::not_allowed,
                      "Only the two of them, or the secretariat, end what a deputy does.");
    if (const auto takes_part = check_takes_part(state); !takes_part)
        return std::unexpected(takes_part.error());
    for (const State::Deputy& one : state.deputies)
        if (one.deputy == command.deputy)
            return Events{DeputyEnded{command.deputy}};
    return refuse(RejectionCode::not_found, "This person is no deputy here.", "deputy");
}

Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const Leave& command) {
    const auto allowed =
        check_own_or_looks_after(rights::deed_of<person::Leave>, context.actor, stream, state);
    if (!allowed)
        return std::unexpected(allowed.error());
    if (!state.exists())
        return std::unexpected(check_takes_part(state).error());
    if (state.left)
        return refuse(RejectionCode::already_done, "This person has left already.");
    return Events{Left{command.reason}};
}

// Possible after leaving, too: whoever leaves in haste hands nothing over.
Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const HandOver& command) {
    const auto refusal = first_refusal(
        [&] { return check_own_or_looks_after(rights::deed_of<HandOver>, context.actor, stream, state); },
        [&] { return state.exists() ? Check() : check_takes_part(state); },
        [&] { return check_colleague(context, stream, state, command.to, "to"); });
    if (!refusal)
        return std::unexpected(refusal.error());
    if (state.successor == command.to)
        return Events{};
    return Events{HandedOver{command.to, command.reason}};
}

Decision decide_one(const State& state, const Context& context, const StreamId&, const Invite& command) {
    const auto& profile = command.profile;
    const auto refusal = first_refusal([&] { return check_vouched(context.actor); },
                                       [&] {
                                           return check_gives_role(rights::deed_of<Invite>, context.actor,
                                                                   profile.organisation, profile.role);
                                       },
                                       [&] { return check_day_to_come(command.until, context.today); });
    if (!refusal)
        return std::unexpected(refusal.error());
    if (state.exists())
        return refuse(RejectionCode::already_exists,
                      "Somebody is registered under this id. Invite that person again instead.");
    return Events{Registered{profile}, Invited{command.invitation, command.until}};
}

Decision decide_one(const State& state, const Context& context, const StreamId&, const InviteAgain& command) {
    const auto refusal =
        first_refusal([&] { return check_vouched(context.actor); },
                      [&] { return check_looks_after(rights::deed_of<InviteAgain>, context.actor, state); },
                      [&] { return check_takes_no_account_away(context.actor, state); },
                      [&] { return check_takes_part(state); },
                      [&] { return check_day_to_come(command.until, context.today); });
    if (!refusal)
        return std::unexpected(refusal.error());
    return Events{Invited{command.invitation, command.until}};
}

Decision decide_one(const State& state, const Context& context, const StreamId&,
                    const WithdrawInvitation& command) {
    const auto refusal = first_refusal(
        [&] { return check_vouched(context.actor); },
        [&] { return check_looks_after(rights::deed_of<WithdrawInvitation>, context.actor, state); },
        [&] { return check_takes_part(state); });
    if (!refusal)
        return std::unexpected(refusal.error());
    if (state.invitation != command.invitation)
        return refuse(RejectionCode::already_done, "This invitation is no longer open.");
    return Events{InvitationWithdrawn{command.invitation}};
}

namespace {

// What only the person does, through the server.
Check check_own_account(Deed deed, const State& state, const Context& context, const StreamId& stream) {
    return first_refusal([&] { return check_vouched(context.actor); },
                         [&]() -> Check {
                             if (rights::may(context.actor.role, deed, relation_to(context.actor, stream)))
                                 return {};
                             return refuse(RejectionCode::not_allowed, "This is somebody else's account.");
                         },
                         [&] { return check_takes_part(state); });
}

template <class Event>
Decision own_account_event(Deed deed, const State& state, const Context& context, const StreamId& stream,
                           Event event) {
    if (const auto own = check_own_account(deed, state, context, stream); !own)
        return std::unexpected(own.error());
    return Events{std::move(event)};
}

} // namespace

Decision decide_one(const State& state, const Context& context, const StreamId& stream, const Join& command) {
    if (const auto own = check_own_account(rights::deed_of<Join>, state, context, stream); !own)
        return std::unexpected(own.error());
    if (state.invitation == command.invitation)
        return Events{Joined{command.invitation}};
    if (state.joined == command.invitation)
        return Events{};
    return refuse(RejectionCode::wrong_status, "This invitation is no longer open. Ask for a new one.", {},
                  {{"status", "closed"}});
}

Decision decide_one(const State& state, const Context& context, const StreamId& stream, const SetPassword&) {
    return own_account_event(rights::deed_of<SetPassword>, state, context, stream, PasswordSet{});
}

Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const SetSecondFactor&) {
    return own_account_event(rights::deed_of<SetSecondFactor>, state, context, stream, SecondFactorSet{});
}

Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const RemoveSecondFactor&) {
    return own_account_event(rights::deed_of<RemoveSecondFactor>, state, context, stream,
                             SecondFactorRemoved{});
}

Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const SignOutEverywhere&) {
    return own_account_event(rights::deed_of<SignOutEverywhere>, state, context, stream,
                             SignedOutEverywhere{});
}

Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const MakeToken& command) {
    if (const auto in_time = check_day_to_come(command.until, context.today); !in_time)
        return std::unexpected(in_time.error());
    return own_account_event(rights::deed_of<MakeToken>, state, context, stream,
                             TokenMade{command.token, command.label, command.scope, command.until});
}

Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const RevokeToken& command) {
    return own_account_event(rights::deed_of<RevokeToken>, state, context, stream,
                             TokenRevoked{command.token});
}

Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const LinkProvider& command) {
    return own_account_event(rights::deed_of<LinkProvider>, state, context, stream,
                             ProviderLinked{command.provider});
}

Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const UnlinkProvider& command) {
    return own_account_event(rights::deed_of<UnlinkProvider>, state, context, stream,
                             ProviderUnlinked{command.provider});
}

} // namespace mosty::person
