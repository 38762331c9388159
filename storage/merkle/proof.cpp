#include "storage/merkle/proof.hpp"

#include <bit>

namespace mosty::storage::merkle {

namespace {

// Where a climb from a leaf to the root stands: the node's number in its row, and the last one's.
struct Climb {
    std::uint64_t node;
    std::uint64_t last;

    bool at_root() const { return last == 0; }
    bool sibling_is_left() const { return node % 2 == 1 || node == last; }
    void up() {
        node /= 2;
        last /= 2;
    }
    // Rows in which the node is the last one and alone: it is its own parent there.
    void up_while_alone() {
        while (node % 2 == 0 && node != 0)
            up();
    }
};

} // namespace

bool verify_inclusion(Position index, Size size, const Hash& leaf, std::span<const Hash> proof,
                      const Hash& root) {
    if (index >= size)
        return false;
    Climb climb{index, size - 1};
    Hash hash = leaf;
    for (const Hash& sibling : proof) {
        if (climb.at_root())
            return false;
        if (climb.sibling_is_left()) {
            hash = node_hash(sibling, hash);
            climb.up_while_alone();
        } else {
            hash = node_hash(hash, sibling);
        }
        climb.up();
    }
    return climb.at_root() && hash == root;
}

bool verify_consistency(Size old_size, Size new_size, const Hash& old_root, const Hash& new_root,
                        std::span<const Hash> proof) {
    if (old_size > new_size)
        return false;
    if (old_size == 0 && old_root != empty_root())
        return false;
    if (old_size == new_size)
        return proof.empty() && old_root == new_root;
    if (old_size == 0)
        return proof.empty();

    // The climb begins at the largest whole subtree that ends the old log; where that is the whole old
    // log, the proof leaves its root out.
    Climb climb{old_size - 1, new_size - 1};
    while (climb.node % 2 == 1)
        climb.up();
    Hash first = old_root;
    if (!std::has_single_bit(old_size)) {
        if (proof.empty())
            return false;
        first = proof.front();
        proof = proof.subspan(1);
    }
    Hash old_hash = first, new_hash = first;
    for (const Hash& sibling : proof) {
        if (climb.at_root())
            return false;
        if (climb.sibling_is_left()) {
            old_hash = node_hash(sibling, old_hash);
            new_hash = node_hash(sibling, new_hash);
            climb.up_while_alone();
        } else {
            new_hash = node_hash(new_hash, sibling);
        }
        climb.up();
    }
    return climb.at_root() && old_hash == old_root && new_hash == new_root;
}

} // namespace mosty::storage::merkle
