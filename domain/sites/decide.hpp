#pragma once

#include "domain/base/result.hpp"
#include "domain/context.hpp"
#include "domain/sites/command.hpp"
#include "domain/sites/state.hpp"

namespace mosty::sites {

// The proposal whose sites a stream holds: "sites/p-7f3" → "proposal/p-7f3".
StreamId proposal_of(const StreamId& sites);

// Answers a command with the events to record, none when it would change nothing, or why it is refused.
// `stream` is the stream that the command was sent to. A change of the audience records the description anew,
// for the new audience alone.
Result<Events, Rejection> decide(const State& state, const Context& context, const StreamId& stream,
                                 const Command& command);

} // namespace mosty::sites
