#pragma once

#include "domain/base/result.hpp"
#include "domain/context.hpp"
#include "domain/partnership/command.hpp"
#include "domain/partnership/state.hpp"

namespace mosty::partnership {

// Answers a command with the events to record, none when it would change nothing, or why it is refused.
// `stream` is the stream that the command was sent to.
Result<Events, Rejection> decide(const State& state, const Context& context, const StreamId& stream,
                                 const Command& command);

} // namespace mosty::partnership
