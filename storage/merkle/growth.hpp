#pragma once

#include "storage/merkle/frontier.hpp"

#include <array>
#include <span>
#include <vector>

namespace mosty::storage::merkle {

// What an append adds to the tiles of a tree: on each level a run of neighbours. Kept and cleared
// between appends, it allocates only for its largest.
class Growth {
public:
    struct Run {
        std::uint64_t first = 0; // the index of the first hash within its level
        std::vector<Hash> hashes;
    };

    // Adds an entry's leaf to the tree.
    void add(Frontier& tree, const Hash& leaf) {
        tree.add(0, leaf, [this](unsigned level, std::uint64_t index, const Hash& hash) {
            Run& run = runs_[level];
            if (run.hashes.empty())
                run.first = index;
            run.hashes.push_back(hash);
        });
    }

    // By level.
    std::span<const Run> runs() const { return runs_; }

    void clear() {
        for (Run& run : runs_)
            run.hashes.clear();
    }

private:
    std::array<Run, tile_levels> runs_;
};

} // namespace mosty::storage::merkle
