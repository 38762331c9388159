#include "domain/person/evolve.hpp"

#include "domain/base/invariant.hpp"
#include "domain/base/result.hpp"
#include "domain/history/changes.hpp"
#include "domain/person/amend.hpp"

namespace mosty::person {

std::string_view amend(Profile& profile, Changes changes) {
    take(profile.name, changes.name);
    take(profile.organisation, changes.organisation);
    take(profile.role, changes.role);
    take(profile.language, changes.language);
    return {};
}

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
                           state.profile = fact->data;
                   },
                   [&](const Erased&) {
                       state.profile = {};
                       state.trail = {};
                       state.erased = true;
                   },
               },
               event);
}

} // namespace mosty::person
