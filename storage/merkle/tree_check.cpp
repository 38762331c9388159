#include "storage/merkle/tree_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mosty::storage::merkle {

TreeCheck::TreeCheck(const LogReader& log, std::vector<Anchor> anchors, Tell tell)
    : log_(log), anchors_(std::move(anchors)), tell_(std::move(tell)) {
    std::ranges::sort(anchors_, {}, &Anchor::size);
    compare_with_anchors();
}

std::vector<Position> TreeCheck::take(std::span<const std::optional<Hash>> leaves) {
    MOSTY_INVARIANT(known_, "beyond the end of what is known there is nothing to compare");
    std::vector<Position> changed;
    const auto stored = stored_leaves(leaves.size());
    growth_.clear();
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        const Position position = size();
        if (!stored[i] && !leaves[i]) {
            known_ = false;
            tell_(position,
                  fmt::format("neither entry {} nor its hash can be read: the tree is unknown from there",
                              position));
            break;
        }
        if (!stored[i])
            tell_(position,
                  fmt::format("the hash of entry {} cannot be read: {}", position, stored[i].error().reason));
        else if (leaves[i] && *stored[i] != *leaves[i]) {
            changed.push_back(position);
            tell_(position, fmt::format("entry {} is not the one whose hash was stored with it", position));
        }
        growth_.add(tree_, stored[i] ? *stored[i] : *leaves[i]);
        compare_with_anchors();
    }
    compare_upper_levels();
    return changed;
}

std::vector<Result<Hash, ReadError>> TreeCheck::stored_leaves(std::size_t count) const {
    const auto page = log_.leaf_hashes(size(), count);
    if (page && page->size() == count)
        return {page->begin(), page->end()};
    // One by one, to find out which are missing.
    std::vector<Result<Hash, ReadError>> hashes;
    for (Position position = size(); position < size() + count; ++position) {
        const auto alone = log_.leaf_hashes(position, 1);
        if (!alone)
            hashes.push_back(std::unexpected(alone.error()));
        else if (alone->empty())
            hashes.push_back(std::unexpected(ReadError{"nothing is there"}));
        else
            hashes.push_back(alone->front());
    }
    return hashes;
}

void TreeCheck::compare_with_anchors() {
    for (; next_anchor_ < anchors_.size() && anchors_[next_anchor_].size == size(); ++next_anchor_) {
        const Anchor& anchor = anchors_[next_anchor_];
        const bool is_same = root() == anchor.root;
        contradicted_ = !is_same;
        if (is_same)
            proven_ = size();
        else
            tell_(size() == 0 ? 0 : size() - 1,
                  fmt::format("the tree of the first {} entries is not that of {}", size(), anchor.name));
    }
}

void TreeCheck::compare_upper_levels() {
    const auto runs = growth_.runs();
    for (unsigned level = 1; level < runs.size(); ++level) {
        const Growth::Run& run = runs[level];
        if (run.hashes.empty())
            break;
        const auto stored = log_.hashes(level, run.first, run.hashes.size());
        const bool is_there = stored && stored->size() == run.hashes.size();
        for (std::size_t i = 0; i < run.hashes.size(); ++i) {
            if (is_there && (*stored)[i] == run.hashes[i])
                continue;
            const std::uint64_t index = run.first + i;
            const Position last = ((index + 1) << (level * tile_height)) - 1;
            tell_(last, fmt::format("hash {} on level {} of the tree, over entries {} to {}, {}", index,
                                    level, index << (level * tile_height), last,
                                    is_there ? "is not that of what is below it"
                                             : "cannot be read: " +
                                                   (stored ? "nothing is there" : stored.error().reason)));
        }
    }
}

} // namespace mosty::storage::merkle
