#pragma once

#include "domain/base/rejection.hpp"
#include "domain/base/result.hpp"
#include "domain/context.hpp"
#include "domain/text/command.hpp"
#include "domain/text/prepared.hpp"
#include "domain/text/state.hpp"

#include <cstddef>

namespace mosty::text {

inline constexpr std::size_t threads_max = 500;
inline constexpr std::size_t replies_max = 200;
inline constexpr std::size_t suggestions_open_max = 200;
inline constexpr std::size_t suggestions_max = 2'000;
inline constexpr std::size_t versions_max = 500;

// Answers a command with the events to record, or why it is refused. What `preparation_for` asks for must
// be in the context.
Result<Events, Rejection> decide(const State& state, const Context& context, const StreamId& stream,
                                 const Command& command);

} // namespace mosty::text
