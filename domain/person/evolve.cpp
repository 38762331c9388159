#include "domain/person/evolve.hpp"

#include "domain/base/invariant.hpp"
#include "domain/base/result.hpp"
#include "domain/history/changes.hpp"
#include "domain/person/amend.hpp"
#include "domain/person/roles.hpp"

#include <algorithm>

namespace mosty::person {

std::string_view amend(Profile& profile, Changes changes) {
    take(profile.name, changes.name);
    take(profile.organisation, changes.organisation);
    take(profile.role, changes.role);
    take(profile.language, changes.language);
    return {};
}

bool State::is_represented_by(const ActorId& deputy, PartialDate today) const {
    return acts() && std::ranges::any_of(deputies, [&](const Deputy& one) {
               return one.deputy == deputy && one.from <= today && today <= one.until;
           });
}

Role acting_role(const ActorId& id, const State& own, PartialDate today,
                 const std::vector<const State*>& principals) {
    Role role = own.profile.role;
    for (const State* principal : principals)
        if (principal->profile.organisation == own.profile.organisation &&
            rank_of(principal->profile.role) > rank_of(role) && principal->is_represented_by(id, today))
            role = principal->profile.role;
    return role;
}

namespace {

void end_deputy(State& state, const ActorId& deputy) {
    std::erase_if(state.deputies, [&](const State::Deputy& one) { return one.deputy == deputy; });
}

} // namespace

void apply(State& state, const Event& event, const Recorded& recorded) {
    MOSTY_INVARIANT(recorded.revision == state.revision + 1, "history has no gaps");
    state.revision = recorded.revision;
    std::visit(Overloaded{
                   [&](const Registered& registered) {
                       state.trail.record(recorded.id, recorded.revision, registered.profile);
                       state.profile = registered.profile;
                   },
                   [&](const Corrected& corrected) {
                       auto* fact = state.trail.find(corrected.corrects);
                       if (!fact)
                           return;
                       amend(fact->data, corrected.changes);
                       if (state.trail.last() == fact)
                           amend(state.profile, corrected.changes);
                   },
                   [&](const RoleChanged& changed) {
                       state.role_changed = true;
                       state.profile.role = changed.role;
                       if (changed.organisation)
                           state.profile.organisation = *changed.organisation;
                   },
                   [&](const Invited& invited) { state.invitation = invited.invitation; },
                   [&](const InvitationWithdrawn&) { state.invitation.reset(); },
                   [&](const Joined& joined) {
                       state.joined = joined.invitation;
                       state.invitation.reset();
                   },
                   [&](const DeputyAppointed& appointed) {
                       end_deputy(state, appointed.deputy);
                       state.deputies.push_back({appointed.deputy, appointed.from, appointed.until});
                   },
                   [&](const DeputyEnded& ended) { end_deputy(state, ended.deputy); },
                   [&](const Left&) {
                       state.left = true;
                       state.invitation.reset();
                       state.deputies.clear();
                   },
                   [&](const HandedOver& handed) { state.successor = handed.to; },
                   // What only the credentials have to know.
                   [](const PasswordSet&) {},
                   [](const SecondFactorSet&) {},
                   [](const SecondFactorRemoved&) {},
                   [](const SignedOutEverywhere&) {},
                   [](const TokenMade&) {},
                   [](const TokenRevoked&) {},
                   [](const ProviderLinked&) {},
                   [](const ProviderUnlinked&) {},
                   [&](const Erased&) {
                       state = {};
                       state.revision = recorded.revision;
                       state.erased = true;
                   },
               },
               event);
}

} // namespace mosty::person
