#include "storage/memory/memory_event_log.hpp"
#include "storage/merkle/multi_proof.hpp"
#include "storage/merkle/tree.hpp"
#include "tests/storage/random_seed.hpp"
#include "tests/storage/sample_entries.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <bit>
#include <set>

namespace mosty::storage::merkle {
namespace {

Hash leaf(Position position) {
    return leaf_hash(std::to_string(position));
}

// The tree by its definition, RFC 6962 §2.1.
Hash tree(Position from, Size size) {
    if (size == 0)
        return empty_root();
    if (size == 1)
        return leaf(from);
    const Size left = std::bit_floor(size - 1);
    return node_hash(tree(from, left), tree(from + left, size - left));
}

std::vector<Hash> prove(const std::vector<Position>& positions, Size size) {
    return multi_proof(positions, size,
                       [](Position from, Size count) -> Result<Hash, ReadError> { return tree(from, count); })
        .value();
}

std::vector<Leaf> leaves_at(const std::vector<Position>& positions) {
    std::vector<Leaf> leaves;
    for (const Position position : positions)
        leaves.push_back({position, leaf(position)});
    return leaves;
}

std::vector<Position> random_positions(std::mt19937_64& random, Size size) {
    std::set<Position> positions;
    for (std::uint64_t left = random_below(random, size + 1); left > 0; --left)
        positions.insert(random_below(random, size));
    return {positions.begin(), positions.end()};
}

} // namespace

TEST_CASE("a multi-proof holds the roots of the largest subtrees without a proven entry", "[merkle]") {
    REQUIRE(prove({2, 5}, 7) == std::vector{tree(0, 2), tree(3, 1), tree(4, 1), tree(6, 1)});
    REQUIRE(prove({}, 7) == std::vector{tree(0, 7)});
    REQUIRE(prove({0}, 1).empty());
    REQUIRE(prove({0, 1, 2, 3, 4}, 5).empty());
}

TEST_CASE("every choice of entries of every small log is proven by its multi-proof", "[merkle]") {
    for (Size size = 1; size <= 9; ++size)
        for (std::uint64_t chosen = 0; chosen < (1u << size); ++chosen) {
            std::vector<Position> positions;
            for (Position position = 0; position < size; ++position)
                if (chosen >> position & 1)
                    positions.push_back(position);
            REQUIRE(rebuild_root(leaves_at(positions), size, prove(positions, size)) == tree(0, size));
        }
}

TEST_CASE("a multi-proof of random entries gives the root, and no changed one does", "[merkle][property]") {
    std::mt19937_64 random(random_seed("multi-proof"));
    for (int round = random_rounds(200); round > 0; --round) {
        const Size size = 1 + random_below(random, 700);
        const auto positions = random_positions(random, size);
        const auto leaves = leaves_at(positions);
        const auto proof = prove(positions, size);
        const Hash root = tree(0, size);
        REQUIRE(rebuild_root(leaves, size, proof) == root);

        auto longer = proof;
        longer.push_back(root);
        REQUIRE(!rebuild_root(leaves, size, longer));
        if (!proof.empty()) {
            REQUIRE(!rebuild_root(leaves, size, std::span(proof).first(proof.size() - 1)));
            auto flipped = proof;
            flipped[random_below(random, proof.size())][random_below(random, 32)] ^=
                static_cast<std::uint8_t>(1u << random_below(random, 8));
            REQUIRE(rebuild_root(leaves, size, flipped) != root);
        }
        if (leaves.empty())
            continue;
        const std::size_t one = random_below(random, leaves.size());
        auto flipped = leaves;
        flipped[one].hash[random_below(random, 32)] ^=
            static_cast<std::uint8_t>(1u << random_below(random, 8));
        REQUIRE(rebuild_root(flipped, size, proof) != root);
        auto dropped = leaves;
        dropped.erase(dropped.begin() + static_cast<std::ptrdiff_t>(one));
        REQUIRE(rebuild_root(dropped, size, proof) != root);
        auto moved = leaves;
        moved[one].position = random_below(random, size);
        if (moved[one].position != leaves[one].position) {
            std::ranges::sort(moved, {}, &Leaf::position);
            REQUIRE(rebuild_root(moved, size, proof) != root);
        }
        if (leaves.size() > 1) {
            auto swapped = leaves;
            const std::size_t other = (one + 1) % leaves.size();
            std::swap(swapped[one].hash, swapped[other].hash);
            REQUIRE(rebuild_root(swapped, size, proof) != root);
            std::swap(swapped[one], swapped[other]);
            REQUIRE(!rebuild_root(swapped, size, proof));
        }
    }
}

TEST_CASE("leaves out of order, twice or past the end are refused", "[merkle]") {
    const auto leaves = leaves_at({1, 3});
    const auto proof = prove({1, 3}, 5);
    REQUIRE(rebuild_root(leaves, 5, proof) == tree(0, 5));
    REQUIRE(!rebuild_root(std::vector{leaves[1], leaves[0]}, 5, proof));
    REQUIRE(!rebuild_root(std::vector{leaves[0], leaves[0], leaves[1]}, 5, proof));
    REQUIRE(!rebuild_root(leaves_at({1, 5}), 5, proof));
    REQUIRE(!rebuild_root({}, 0, {}));
    REQUIRE(!rebuild_root({}, 0, std::vector{empty_root()}));
    REQUIRE(!rebuild_root(leaves_at({~Position{0}}), 5, proof));
}

TEST_CASE("a size beyond any log costs no more than the leaves and hashes given", "[merkle]") {
    const std::vector<Hash> many(200, leaf(0));
    REQUIRE(!rebuild_root(leaves_at({0, 1, 2}), ~Size{0}, many));
}

TEST_CASE("a log's stored hashes give the same multi-proofs as its entries", "[merkle]") {
    std::mt19937_64 random(random_seed("multi-proof of a log"));
    MemoryEventLog log;
    for (int i = 0; i < 12; ++i)
        REQUIRE(append_sample(log, 1 + random_below(random, 200)));
    for (int round = random_rounds(20); round > 0; --round) {
        const Size size = 1 + random_below(random, log.size());
        const auto positions = random_positions(random, size);
        std::vector<Leaf> leaves;
        for (const Position position : positions)
            leaves.push_back({position, leaf_hash(log.read(position, 1).value().front().bytes)});
        Nodes nodes(log, size);
        const auto proof = multi_proof(positions, size,
                                       [&](Position from, Size count) { return nodes.root_of(from, count); });
        REQUIRE(proof.has_value());
        REQUIRE(rebuild_root(leaves, size, *proof) == root_at(log, size).value());
    }
}

} // namespace mosty::storage::merkle
