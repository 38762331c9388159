#pragma once

#include "domain/history/recorded.hpp"
#include "domain/text/state.hpp"

namespace mosty::text {

// Applies what happened, in place, at the cost of the change and of the anchors. Never refuses.
void apply(State& state, const Event& event, const Recorded& recorded);

} // namespace mosty::text
