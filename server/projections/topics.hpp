#pragma once

#include "domain/base/result.hpp"
#include "storage/view_store.hpp"

#include <string>
#include <vector>

namespace mosty::projections {

// The name of every view, list, feed and text under which the store holds anything, in the order of names.
// For workers and tools: it looks at every stream.
Result<std::vector<std::string>, storage::ReadError>
recorded_topics(const storage::ViewStore::Snapshot& snapshot);

} // namespace mosty::projections
