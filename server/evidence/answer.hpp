#pragma once

#include "server/evidence/collect.hpp"
#include "storage/log_reader.hpp"

#include <string>

namespace mosty::evidence {

// The whole bundle as JSON, its content folded from its own events. For worker threads; takes time and
// memory with the number of events, at most `entry_bytes_max` bytes of them. `at` is not above head.size.
Result<std::string, CollectError> bundle_of(const storage::LogReader& stored, const sealing::Keys& keys,
                                            const StreamId& proposal, const Head& head, Size at,
                                            std::size_t entry_bytes_max);

} // namespace mosty::evidence
