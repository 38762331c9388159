#include "storage/memory/memory_event_log.hpp"
#include "storage/merkle/proof.hpp"
#include "storage/merkle/tree.hpp"
#include "tests/storage/merkle/naive_tree.hpp"
#include "tests/storage/random_seed.hpp"

#include <catch2/catch.hpp>

#include <functional>

namespace mosty::storage::merkle {
namespace {

using Hashes = std::vector<Hash>;

std::vector<std::string> some_entries(std::size_t count) {
    std::vector<std::string> entries;
    for (std::size_t i = 0; i < count; ++i)
        entries.push_back("entry " + std::to_string(i));
    return entries;
}

Hash with_bit_flipped(Hash hash, std::uint64_t bit) {
    hash[bit / 8 % hash.size()] ^= static_cast<std::uint8_t>(1u << bit % 8);
    return hash;
}

// All that is near a proof but is not it.
std::vector<Hashes> near(const Hashes& proof, std::mt19937_64& random) {
    std::vector<Hashes> all;
    for (std::size_t i = 0; i < proof.size(); ++i) {
        Hashes flipped = proof, dropped = proof, doubled = proof;
        flipped[i] = with_bit_flipped(flipped[i], random());
        dropped.erase(dropped.begin() + static_cast<std::ptrdiff_t>(i));
        doubled.insert(doubled.begin() + static_cast<std::ptrdiff_t>(i), doubled[i]);
        all.insert(all.end(), {flipped, dropped, doubled});
        if (i > 0) {
            Hashes swapped = proof;
            std::swap(swapped[i], swapped[i - 1]);
            all.push_back(swapped);
        }
    }
    Hashes longer = proof;
    longer.push_back(Hash{});
    all.push_back(longer);
    return all;
}

} // namespace

TEST_CASE("the hashes are those of RFC 6962", "[merkle]") {
    // Known answers: the empty tree, the leaf "", and the leaf "L123456" of transparency-dev/merkle.
    const auto hex = [](const Hash& hash) {
        std::string text;
        for (const std::uint8_t byte : hash) {
            text += "0123456789abcdef"[byte / 16];
            text += "0123456789abcdef"[byte % 16];
        }
        return text;
    };
    REQUIRE(hex(empty_root()) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    REQUIRE(hex(leaf_hash("")) == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    REQUIRE(hex(leaf_hash("L123456")) == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
}

TEST_CASE("every inclusion proof of a small tree is accepted, and nothing near it", "[merkle][property]") {
    const std::uint64_t seed = random_seed("inclusion proofs");
    std::mt19937_64 random(seed);
    const auto entries = some_entries(70);
    for (std::size_t size = 1; size <= entries.size(); ++size) {
        const naive::Entries tree(entries.data(), size);
        const Hash root = naive::tree_hash(tree);
        for (std::size_t index = 0; index < size; ++index) {
            INFO("MOSTY_SEED=" << seed << " entry " << index << " of " << size);
            const Hash leaf = leaf_hash(entries[index]);
            const Hashes proof = naive::inclusion_path(index, tree);
            REQUIRE(verify_inclusion(index, size, leaf, proof, root));

            for (const Hashes& other : near(proof, random))
                if (other != proof)
                    REQUIRE(!verify_inclusion(index, size, leaf, other, root));
            REQUIRE(!verify_inclusion(index, size, with_bit_flipped(leaf, random()), proof, root));
            REQUIRE(!verify_inclusion(index, size, leaf, proof, with_bit_flipped(root, random())));
            for (const std::size_t other : {index + 1, index - 1, index ^ 2, size, size + index, ~index})
                if (other != index)
                    REQUIRE(!verify_inclusion(other, size, leaf, proof, root));
            REQUIRE(!verify_inclusion(index, 0, leaf, proof, root));
            REQUIRE(!verify_inclusion(index, 2 * size + 1, leaf, proof, root));
        }
    }
}

TEST_CASE("every consistency proof of a small tree is accepted, and nothing near it", "[merkle][property]") {
    const std::uint64_t seed = random_seed("consistency proofs");
    std::mt19937_64 random(seed);
    const auto entries = some_entries(60);
    for (std::size_t size = 1; size <= entries.size(); ++size) {
        const naive::Entries tree(entries.data(), size);
        const Hash root = naive::tree_hash(tree);
        for (std::size_t old_size = 1; old_size <= size; ++old_size) {
            INFO("MOSTY_SEED=" << seed << " from " << old_size << " to " << size);
            const Hash old_root = naive::tree_hash(tree.first(old_size));
            const Hashes proof = naive::consistency_path(old_size, tree);
            REQUIRE(verify_consistency(old_size, size, old_root, root, proof));

            for (const Hashes& other : near(proof, random))
                if (other != proof)
                    REQUIRE(!verify_consistency(old_size, size, old_root, root, other));
            const Hash wrong_old = with_bit_flipped(old_root, random());
            const Hash wrong_new = with_bit_flipped(root, random());
            REQUIRE(!verify_consistency(old_size, size, wrong_old, root, proof));
            REQUIRE(!verify_consistency(old_size, size, old_root, wrong_new, proof));
            REQUIRE(!verify_consistency(old_size, old_size - 1, old_root, root, proof));
            if (old_size < size) {
                REQUIRE(!verify_consistency(old_size + 1, size, old_root, root, proof));
                REQUIRE(!verify_consistency(size, old_size, root, old_root, proof));
                REQUIRE(!verify_consistency(0, size, old_root, root, proof));
            }
        }
    }
}

TEST_CASE("the empty log begins every log, with an empty proof and its own root alone", "[merkle]") {
    const Hash root = leaf_hash("a");
    REQUIRE(verify_consistency(0, 0, empty_root(), empty_root(), {}));
    REQUIRE(verify_consistency(0, 1, empty_root(), root, {}));
    REQUIRE(!verify_consistency(0, 1, root, root, {}));
    REQUIRE(!verify_consistency(0, 1, empty_root(), root, Hashes{root}));
    REQUIRE(!verify_consistency(0, 0, empty_root(), root, {}));
    REQUIRE(!verify_consistency(0, 0, root, root, {}));
}

TEST_CASE("a proof for the largest sizes is answered without overflow", "[merkle]") {
    const Hashes proof(64, Hash{});
    constexpr Size most = ~Size{0};
    REQUIRE(!verify_inclusion(most - 1, most, Hash{}, proof, Hash{}));
    REQUIRE(!verify_inclusion(0, most, Hash{}, proof, Hash{}));
    REQUIRE(!verify_consistency(most - 1, most, Hash{}, Hash{}, proof));
    REQUIRE(!verify_consistency(Size{1} << 63, most, Hash{}, Hash{}, proof));
}

} // namespace mosty::storage::merkle
