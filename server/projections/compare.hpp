#pragma once

#include "domain/base/result.hpp"
#include "storage/view_store.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace mosty::projections {

// Two stores that stand for the same size of the same log, one of them folded anew.
struct Comparison {
    static constexpr std::size_t differences_max = 100;

    std::uint64_t rows = 0;               // of the one that was folded anew
    std::vector<std::string> differences; // the first of them, a sentence each
    std::uint64_t differences_total = 0;

    bool is_equal() const { return differences_total == 0; }
};

// Compares every row of two stores, byte for byte. Left out is what says how a store was used, and not what
// the log holds. The newest states of texts may be missing in `live`, which keeps them a little later.
// Any thread.
Result<Comparison, storage::ReadError> compare_views(const storage::ViewStore::Snapshot& live,
                                                     const storage::ViewStore::Snapshot& rebuilt);

} // namespace mosty::projections
