#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "domain/domain.hpp"
#include "storage/log_reader.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace mosty::sequencing {

// Folds a stream from the log. Nothing when it has more than `events_max` events: then the caller has it
// done on a worker. Safe from any thread.
Result<std::optional<domain::State>, std::string> load_stream(const storage::LogReader& log,
                                                              const StreamId& stream, std::size_t events_max);

} // namespace mosty::sequencing
