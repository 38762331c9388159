#pragma once

#include "domain/history/recorded.hpp"
#include "domain/municipality/state.hpp"

namespace mosty::municipality {

// Applies what happened, in place. Never refuses: history is not up for debate.
void apply(State& state, const Event& event, const Recorded& recorded);

inline State evolve(State state, const Event& event, const Recorded& recorded) {
    apply(state, event, recorded);
    return state;
}

} // namespace mosty::municipality
