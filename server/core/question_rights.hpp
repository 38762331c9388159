#pragma once

#include "domain/base/actor.hpp"
#include "domain/base/result.hpp"
#include "server/core/reads.hpp"
#include "server/projections/projector.hpp"
#include "server/realtime/problem.hpp"

#include <optional>
#include <string>

namespace mosty::core {

using Refusal = std::optional<realtime::Problem>;

// Why the reader may not ask it; nothing when they may. `reader` is nothing for somebody unknown. What does
// not exist is refused in the same words as what the reader may not see. The error says that the views could
// not be read.
//
// Threads: the projector's.
Result<Refusal, std::string> refusal_of(const std::optional<Actor>& reader, const Question& question,
                                        projections::Projector& projector);

} // namespace mosty::core
