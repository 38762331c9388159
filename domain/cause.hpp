#pragma once

#include "domain/domain.hpp"

#include <optional>

namespace mosty::domain {

// Which event of the same stream this one answers or follows from, by the rule of its type (README,
// "Causes"); nothing for one that begins of itself. It is always an earlier one.
//
// `decided_on` is the state on which the event's command was decided, `leader` the first event of that
// command when this is a later one. Pure, safe from any thread, and cheap: only a correction looks through
// the stream's facts.
std::optional<Revision> cause_of(const State& decided_on, const Event& event, std::optional<Revision> leader);

} // namespace mosty::domain
