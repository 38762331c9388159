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

void close_invitation(State& state) {
    state.invitation.reset();
    state.invited = 0;
}

void note_token(State& state, const TokenId& token, Revision made) {
    state.tokens[token] = made;
    if (state.tokens.size() > tokens_remembered_max)
        state.tokens.erase(
            std::ranges::min_element(state.tokens, {}, [](const auto& one) { return one.second; }));
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
                   [&](const Invited& invited) {
                       state.invitation = invited.invitation;
                       state.invited = recorded.revision;
                   },
                   [&](const InvitationWithdrawn&) { close_invitation(state); },
                   [&](const Joined& joined) {
                       state.joined = joined.invitation;
                       close_invitation(state);
                   },
                   [&](const DeputyAppointed& one) {
                       end_deputy(state, one.deputy);
                       state.deputies.push_back({one.deputy, one.from, one.until, recorded.revision});
                   },
                   [&](const DeputyEnded& ended) { end_deputy(state, ended.deputy); },
                   [&](const Left&) {
                       state.left = true;
                       state.leaving = recorded.revision;
                       close_invitation(state);
                       state.deputies.clear();
                   },
                   [&](const HandedOver& handed) { state.successor = handed.to; },
                   // The rest of it only the credentials have to know.
                   [](const PasswordSet&) {},
                   [&](const SecondFactorSet&) { state.second_factor = recorded.revision; },
                   [&](const SecondFactorRemoved&) { state.second_factor = 0; },
                   [](const SignedOutEverywhere&) {},
                   [&](const TokenMade& one) { note_token(state, one.token, recorded.revision); },
                   [&](const TokenRevoked& one) { state.tokens.erase(one.token); },
                   [&](const ProviderLinked& one) { state.providers[one.provider] = recorded.revision; },
                   [&](const ProviderUnlinked& one) { state.providers.erase(one.provider); },
                   [&](const Erased&) {
                       state = {};
                       state.revision = recorded.revision;
                       state.erased = true;
                   },
               },
               event);
}

} // namespace mosty::person
