#include "storage/merkle/multi_proof.hpp"
#include "storage/merkle/proof.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <fuzzer/FuzzedDataProvider.h>
#include <vector>

// Proofs that somebody sends: any positions, sizes and hashes. They are checked in bounded time, and what is
// accepted is no longer accepted once any part of it is another.
using namespace mosty;
using namespace mosty::storage::merkle;

namespace {

// Few different ones, so that some of them meet.
Hash hash_from(FuzzedDataProvider& input) {
    Hash hash{};
    hash.fill(input.ConsumeIntegralInRange<std::uint8_t>(0, 7));
    return hash;
}

Size number_from(FuzzedDataProvider& input) {
    return input.ConsumeBool() ? input.ConsumeIntegralInRange<Size>(0, 40) : input.ConsumeIntegral<Size>();
}

Hash other(Hash hash) {
    hash[31] = static_cast<std::uint8_t>(hash[31] ^ 1);
    return hash;
}

void check_inclusion(Position index, Size size, const Hash& leaf, std::vector<Hash> proof) {
    // The root that this path leads to is accepted, and no other.
    const std::vector<Leaf> leaves{{index, leaf}};
    std::vector<Hash> ordered = proof;
    MOSTY_PROMISE(!verify_inclusion(index, size, leaf, proof, empty_root()));
    if (const auto root = rebuild_root(leaves, size, ordered))
        MOSTY_PROMISE(index < size &&
                      rebuild_root(std::vector<Leaf>{{index, other(leaf)}}, size, ordered) != root);
}

void check_consistency(Size old_size, Size new_size, const Hash& old_root, const Hash& new_root,
                       std::vector<Hash> proof) {
    if (!verify_consistency(old_size, new_size, old_root, new_root, proof))
        return;
    MOSTY_PROMISE(old_size <= new_size);
    MOSTY_PROMISE(old_size != new_size || (proof.empty() && old_root == new_root));
    MOSTY_PROMISE(old_size != 0 || (proof.empty() && old_root == empty_root()));
    MOSTY_PROMISE(old_size == 0 || !verify_consistency(old_size, new_size, other(old_root), new_root, proof));
    proof.push_back(new_root);
    MOSTY_PROMISE(!verify_consistency(old_size, new_size, old_root, new_root, proof));
}

void check_several(std::vector<Leaf> leaves, Size size, std::vector<Hash> proof) {
    const auto root = rebuild_root(leaves, size, proof);
    if (!root)
        return;
    MOSTY_PROMISE(std::ranges::adjacent_find(leaves, std::ranges::greater_equal{}, &Leaf::position) ==
                  leaves.end());
    MOSTY_PROMISE(leaves.empty() || leaves.back().position < size);
    for (Leaf& leaf : leaves) {
        const Hash kept = std::exchange(leaf.hash, other(leaf.hash));
        MOSTY_PROMISE(rebuild_root(leaves, size, proof) != root);
        leaf.hash = kept;
    }
    for (Hash& hash : proof) {
        const Hash kept = std::exchange(hash, other(hash));
        MOSTY_PROMISE(rebuild_root(leaves, size, proof) != root);
        hash = kept;
    }
    proof.push_back(*root);
    MOSTY_PROMISE(!rebuild_root(leaves, size, proof));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider input(data, size);
    const Size first = number_from(input);
    const Size second = number_from(input);
    std::vector<Leaf> leaves(input.ConsumeIntegralInRange<std::size_t>(0, 8));
    for (Leaf& leaf : leaves)
        leaf = {number_from(input), hash_from(input)};
    const Hash one = hash_from(input);
    const Hash two = hash_from(input);
    std::vector<Hash> proof;
    while (input.remaining_bytes() > 0 && proof.size() < 80)
        proof.push_back(hash_from(input));

    check_inclusion(first, second, one, proof);
    check_consistency(first, second, one, two, proof);
    check_several(leaves, second, proof);
    return 0;
}
