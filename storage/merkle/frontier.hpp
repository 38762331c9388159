#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/invariant.hpp"
#include "storage/merkle/hash.hpp"

#include <array>

namespace mosty::storage::merkle {

// A tile holds 256 hashes (C2SP tlog-tiles): those of level 0 are leaves, one of level L is the root of
// 256^L leaves.
inline constexpr unsigned tile_height = 8;
inline constexpr std::size_t tile_width_max = 1u << tile_height;
inline constexpr unsigned tile_levels = 64 / tile_height;

// How many hashes of a level a tree of `size` leaves has.
constexpr std::uint64_t hashes_at(unsigned level, Size size) {
    return level < tile_levels ? size >> (level * tile_height) : 0;
}

// The roots of the whole subtrees that a tree is made of, one for each bit of its size: all that is
// needed to add leaves and to tell the tree's root. Adding n leaves costs fewer than n node hashes.
class Frontier {
public:
    Size size() const { return size_; }
    Hash root() const;

    // Adds a subtree of 2^height leaves at the end, where one of that height can stand. Calls
    // `tell(level, index, hash)` for each hash that belongs into a tile, a leaf itself included.
    template <class Tell>
    void add(unsigned height, Hash root, Tell&& tell) {
        const Size added = Size{1} << height;
        MOSTY_INVARIANT(size_ % added == 0, "a subtree stands at a multiple of its size");
        if (height == 0)
            tell(0u, size_, root);
        while (size_ >> height & 1) {
            root = node_hash(roots_[height], root);
            if (++height % tile_height == 0)
                tell(height / tile_height, size_ >> height, root);
        }
        roots_[height] = root;
        size_ += added;
    }
    void add(unsigned height, const Hash& root) {
        add(height, root, [](unsigned, std::uint64_t, const Hash&) {});
    }

private:
    Size size_ = 0;
    std::array<Hash, 64> roots_{}; // by height; those whose bit of the size is set count
};

} // namespace mosty::storage::merkle
