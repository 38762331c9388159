// What changes how somebody takes part: roles, deputies, leaving, and what becomes of accounts.
#include "domain/person/decide_account.hpp"

#include "domain/person/roles.hpp"

#include <string>
#include <utility>

namespace mosty::person {

namespace {

constexpr std::size_t deputies_max = 10;

using Check = Result<void, Rejection>;

bool is_self(const Actor& actor, const StreamId& stream) {
    return stream == stream_of(actor.id);
}

bool gives_role(const Actor& actor, const OrganisationId& organisation, Role role) {
    if (role == Role::service)
        return false;
    if (acts_for_programme(actor.role))
        return true;
    return acts_for_municipality(actor.role) && actor.organisation == organisation &&
           is_given_by_towns(role) && rank_of(role) <= rank_of(actor.role);
}

Check check_gives_role(const Actor& actor, const OrganisationId& organisation, Role role) {
    if (gives_role(actor, organisation, role))
        return {};
    return refuse(RejectionCode::not_allowed,
                  "A municipality's officers and mayors give the roles of officer and expert, in their own "
                  "municipality. Write to the secretariat about others.",
                  "role");
}

// Whether the actor looks after this person's account: the programme after everybody's, a municipality after
// those of its officers and experts.
Check check_looks_after(const Actor& actor, const State& state) {
    if (gives_role(actor, state.profile.organisation, state.profile.role))
        return {};
    return refuse(RejectionCode::not_allowed,
                  "The secretariat looks after this account. Write to the secretariat about it.");
}

// Whoever holds the link of a new invitation takes the account up: a colleague must not get there so.
Check check_takes_no_account_away(const Actor& actor, const State& state) {
    if (!state.joined || acts_for_programme(actor.role))
        return {};
    return refuse(RejectionCode::not_allowed,
                  "This person has an account. The secretariat invites again those who cannot sign in.");
}

Check check_own_or_looks_after(const Actor& actor, const StreamId& stream, const State& state) {
    if (is_self(actor, stream))
        return {};
    return check_looks_after(actor, state);
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
    const auto organisation = command.organisation.value_or(state.profile.organisation);
    const auto refusal =
        first_refusal([&] { return check_takes_part(state); },
                      [&]() -> Check {
                          if (!is_self(context.actor, stream))
                              return {};
                          return refuse(RejectionCode::not_allowed,
                                        "Nobody changes their own role. Ask somebody else who may.");
                      },
                      [&] { return check_looks_after(context.actor, state); },
                      [&] { return check_gives_role(context.actor, organisation, command.role); });
    if (!refusal)
        return std::unexpected(refusal.error());
    if (command.role == state.profile.role && organisation == state.profile.organisation)
        return Events{};
    return Events{RoleChanged{command.organisation, command.role, command.reason}};
}

Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const AppointDeputy& command) {
    const auto refusal = first_refusal(
        [&] { return check_takes_part(state); },
        [&]() -> Check {
            if (is_self(context.actor, stream) || acts_for_programme(context.actor.role))
                return {};
            return refuse(RejectionCode::not_allowed,
                          "Only the one who is represented, or the secretariat, appoints a deputy.");
        },
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
    if (const auto takes_part = check_takes_part(state); !takes_part)
        return std::unexpected(takes_part.error());
    if (!is_self(context.actor, stream) && context.actor.id != command.deputy &&
        !acts_for_programme(context.actor.role))
        return refuse(RejectionCode::not_allowed,
                      "Only the two of them, or the secretariat, end what a deputy does.");
    for (const State::Deputy& one : state.deputies)
        if (one.deputy == command.deputy)
            return Events{DeputyEnded{command.deputy}};
    return refuse(RejectionCode::not_found, "This person is no deputy here.", "deputy");
}

Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const Leave& command) {
    if (!state.exists())
        return std::unexpected(check_takes_part(state).error());
    if (const auto allowed = check_own_or_looks_after(context.actor, stream, state); !allowed)
        return std::unexpected(allowed.error());
    if (state.left)
        return refuse(RejectionCode::already_done, "This person has left already.");
    return Events{Left{command.reason}};
}

// Possible after leaving, too: whoever leaves in haste hands nothing over.
Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const HandOver& command) {
    if (!state.exists())
        return std::unexpected(check_takes_part(state).error());
    const auto refusal =
        first_refusal([&] { return check_own_or_looks_after(context.actor, stream, state); },
                      [&] { return check_colleague(context, stream, state, command.to, "to"); });
    if (!refusal)
        return std::unexpected(refusal.error());
    if (state.successor == command.to)
        return Events{};
    return Events{HandedOver{command.to, command.reason}};
}

Decision decide_one(const State& state, const Context& context, const StreamId&, const Invite& command) {
    const auto& profile = command.profile;
    const auto refusal =
        first_refusal([&] { return check_vouched(context.actor); },
                      [&] { return check_gives_role(context.actor, profile.organisation, profile.role); },
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
        first_refusal([&] { return check_vouched(context.actor); }, [&] { return check_takes_part(state); },
                      [&] { return check_looks_after(context.actor, state); },
                      [&] { return check_takes_no_account_away(context.actor, state); },
                      [&] { return check_day_to_come(command.until, context.today); });
    if (!refusal)
        return std::unexpected(refusal.error());
    return Events{Invited{command.invitation, command.until}};
}

Decision decide_one(const State& state, const Context& context, const StreamId&,
                    const WithdrawInvitation& command) {
    const auto refusal =
        first_refusal([&] { return check_vouched(context.actor); }, [&] { return check_takes_part(state); },
                      [&] { return check_looks_after(context.actor, state); });
    if (!refusal)
        return std::unexpected(refusal.error());
    if (state.invitation != command.invitation)
        return refuse(RejectionCode::already_done, "This invitation is no longer open.");
    return Events{InvitationWithdrawn{command.invitation}};
}

namespace {

// What only the person does, through the server.
Check check_own_account(const State& state, const Context& context, const StreamId& stream) {
    return first_refusal([&] { return check_vouched(context.actor); },
                         [&] { return check_takes_part(state); },
                         [&]() -> Check {
                             if (is_self(context.actor, stream))
                                 return {};
                             return refuse(RejectionCode::not_allowed, "This is somebody else's account.");
                         });
}

template <class Event>
Decision own_account_event(const State& state, const Context& context, const StreamId& stream, Event event) {
    if (const auto own = check_own_account(state, context, stream); !own)
        return std::unexpected(own.error());
    return Events{std::move(event)};
}

} // namespace

Decision decide_one(const State& state, const Context& context, const StreamId& stream, const Join& command) {
    if (const auto own = check_own_account(state, context, stream); !own)
        return std::unexpected(own.error());
    if (state.invitation == command.invitation)
        return Events{Joined{command.invitation}};
    if (state.joined == command.invitation)
        return Events{};
    return refuse(RejectionCode::wrong_status, "This invitation is no longer open. Ask for a new one.", {},
                  {{"status", "closed"}});
}

Decision decide_one(const State& state, const Context& context, const StreamId& stream, const SetPassword&) {
    return own_account_event(state, context, stream, PasswordSet{});
}

Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const SetSecondFactor&) {
    return own_account_event(state, context, stream, SecondFactorSet{});
}

Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const RemoveSecondFactor&) {
    return own_account_event(state, context, stream, SecondFactorRemoved{});
}

Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const SignOutEverywhere&) {
    return own_account_event(state, context, stream, SignedOutEverywhere{});
}

Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const MakeToken& command) {
    if (const auto in_time = check_day_to_come(command.until, context.today); !in_time)
        return std::unexpected(in_time.error());
    return own_account_event(state, context, stream,
                             TokenMade{command.token, command.label, command.scope, command.until});
}

Decision decide_one(const State& state, const Context& context, const StreamId& stream,
                    const RevokeToken& command) {
    return own_account_event(state, context, stream, TokenRevoked{command.token});
}

} // namespace mosty::person
