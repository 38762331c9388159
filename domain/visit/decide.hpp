#pragma once

#include "domain/base/result.hpp"
#include "domain/context.hpp"
#include "domain/visit/command.hpp"
#include "domain/visit/state.hpp"

namespace mosty::visit {

// Whether the visit exists for the actor: there is nothing that one may not read.
bool is_seen_by(const State& state, const Actor& actor);

// Answers a command with the events to record, none when it would change nothing, or why it is refused.
// `stream` is the stream that the command was sent to.
Result<Events, Rejection> decide(const State& state, const Context& context, const StreamId& stream,
                                 const Command& command);

} // namespace mosty::visit
