#pragma once

#include "domain/history/recorded.hpp"
#include "domain/sites/state.hpp"

namespace mosty::sites {

// Applies what happened, in place or moved through. Never refuses; the event must be the next revision.
void apply(State& state, const Event& event, const mosty::Recorded& recorded);

inline State evolve(State state, const Event& event, const mosty::Recorded& recorded) {
    apply(state, event, recorded);
    return state;
}

} // namespace mosty::sites
