#include "storage/merkle/proof.hpp"
#include "storage/merkle/tree.hpp"
#include "storage/rocksdb/rocks_log_reader.hpp"
#include "tests/storage/log_places.hpp"
#include "tests/storage/merkle/naive_tree.hpp"
#include "tests/storage/random_seed.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstring>

// What every log must keep of its Merkle tree.

namespace mosty::storage::merkle {
namespace {

// Appends `count` entries in one batch to the log and to the list.
void append(EventLog& log, std::vector<std::string>& entries, std::size_t count, std::mt19937_64& random) {
    std::vector<NewEntry> batch;
    for (std::size_t i = 0; i < count; ++i) {
        std::string bytes(random_below(random, 60), static_cast<char>(random()));
        bytes += std::to_string(entries.size());
        entries.push_back(bytes);
        batch.push_back({bytes, {}});
    }
    REQUIRE(log.append(batch, log.size()).has_value());
}

template <class Value>
Value value_of(Result<Value, ReadError> result) {
    if (!result)
        FAIL(result.error().reason);
    return std::move(*result);
}

Hash hash_at(std::string_view tile, std::size_t index) {
    Hash hash;
    std::memcpy(hash.data(), tile.data() + index * hash.size(), hash.size());
    return hash;
}

} // namespace

TEMPLATE_TEST_CASE("the root of every size is that of a plain RFC 6962 tree, however the log grew",
                   "[merkle][event_log][property]", MemoryPlace, RocksPlace) {
    const std::uint64_t seed = random_seed("roots of a log");
    std::mt19937_64 random(seed);
    INFO("MOSTY_SEED=" << seed);
    TestType place;
    auto log = place.open();
    std::vector<std::string> entries;
    REQUIRE(value_of(root_at(*log, 0)) == naive::tree_hash({}));
    while (entries.size() < 600) {
        append(*log, entries, 1 + random_below(random, random_below(random, 4) == 0 ? 300 : 20), random);
        if (random_below(random, 8) == 0) {
            log.reset();
            log = place.open();
        }
        REQUIRE(value_of(root_at(*log, log->size())) == naive::tree_hash(entries));
    }
    for (std::size_t size = 0; size <= entries.size(); ++size)
        REQUIRE(value_of(root_at(*log, size)) == naive::tree_hash(naive::Entries(entries).first(size)));
    REQUIRE(!root_at(*log, entries.size() + 1).has_value());
}

TEMPLATE_TEST_CASE("proofs of random entries and sizes are those of RFC 6962, and are accepted",
                   "[merkle][event_log][property]", MemoryPlace, RocksPlace) {
    const std::uint64_t seed = random_seed("proofs of a log");
    std::mt19937_64 random(seed);
    TestType place;
    const auto log = place.open();
    std::vector<std::string> entries;
    while (entries.size() < 1'100)
        append(*log, entries, 1 + random_below(random, 90), random);
    for (int round = 0; round < 200; ++round) {
        const std::size_t size = 1 + random_below(random, entries.size());
        const std::size_t index = random_below(random, size), old_size = 1 + random_below(random, size);
        INFO("MOSTY_SEED=" << seed << " size " << size << " entry " << index << " from " << old_size);
        const naive::Entries tree(entries.data(), size);
        const Hash root = value_of(root_at(*log, size)), old_root = value_of(root_at(*log, old_size));

        const auto inclusion = value_of(inclusion_proof(*log, index, size));
        REQUIRE(inclusion == naive::inclusion_path(index, tree));
        REQUIRE(verify_inclusion(index, size, leaf_hash(entries[index]), inclusion, root));
        REQUIRE(!verify_inclusion(index, size, leaf_hash(entries[index] + "x"), inclusion, root));

        const auto consistency = value_of(consistency_proof(*log, old_size, size));
        REQUIRE(consistency == naive::consistency_path(old_size, tree));
        REQUIRE(verify_consistency(old_size, size, old_root, root, consistency));
        if (old_size < size)
            REQUIRE(!verify_consistency(old_size, size, root, root, consistency));
    }
}

TEMPLATE_TEST_CASE("proofs that cannot be are errors that say why", "[merkle][event_log]", MemoryPlace,
                   RocksPlace) {
    std::mt19937_64 random(1);
    TestType place;
    const auto log = place.open();
    std::vector<std::string> entries;
    append(*log, entries, 300, random);

    REQUIRE(inclusion_proof(*log, 300, 300).error().reason == "entry 300 is not among the first 300");
    REQUIRE(inclusion_proof(*log, 0, 301).error().reason ==
            "there is no tree of 301 entries: the log holds 300");
    REQUIRE(!inclusion_proof(*log, 0, 0));
    REQUIRE(!inclusion_proof(*log, ~Position{0}, ~Size{0}));
    REQUIRE(consistency_proof(*log, 201, 200).error().reason == "201 entries cannot begin 200");
    REQUIRE(!consistency_proof(*log, 1, 301));
    REQUIRE(value_of(consistency_proof(*log, 0, 300)).empty());
    REQUIRE(value_of(consistency_proof(*log, 300, 300)).empty());
    REQUIRE(!tile(*log, 0, 1, 45));
    REQUIRE(!tile(*log, 0, 0, 0));
    REQUIRE(!tile(*log, 0, 0, 257));
    REQUIRE(!tile(*log, 0, 2, 1));
    REQUIRE(!tile(*log, 2, 0, 1));
    REQUIRE(!tile(*log, 63, 0, 1));
    REQUIRE(!tile(*log, 0, ~std::uint64_t{0}, 1));
    REQUIRE(!entry_bundle(*log, 1, 45));
    REQUIRE(value_of(entry_bundle(*log, 1, 44)).size() > 2 * 44);
}

TEMPLATE_TEST_CASE("hashes past the end read as empty", "[merkle][event_log]", MemoryPlace, RocksPlace) {
    std::mt19937_64 random(2);
    TestType place;
    const auto log = place.open();
    std::vector<std::string> entries;
    append(*log, entries, 300, random);

    REQUIRE(value_of(log->leaf_hashes(0, 1'000)).size() == 300);
    REQUIRE(value_of(log->leaf_hashes(250, 10)).size() == 10);
    REQUIRE(value_of(log->leaf_hashes(299, 2)) == std::vector{leaf_hash(entries[299])});
    REQUIRE(value_of(log->leaf_hashes(0, 0)).empty());
    REQUIRE(value_of(log->leaf_hashes(300, 1)).empty());
    REQUIRE(value_of(log->leaf_hashes(~Position{0}, ~std::size_t{0})).empty());
    REQUIRE(value_of(log->hashes(1, 0, 5)).size() == 1);
    REQUIRE(value_of(log->hashes(2, 0, 5)).empty());
    REQUIRE(value_of(log->hashes(64, 0, 5)).empty());
}

TEMPLATE_TEST_CASE("the tiles of 70,000 entries are those of the specification's example",
                   "[merkle][event_log]", MemoryPlace, RocksPlace) {
    std::mt19937_64 random(3);
    TestType place;
    const auto log = place.open();
    std::vector<std::string> entries;
    for (const std::size_t batch : {1'000, 4'096, 3, 4'000, 257})
        append(*log, entries, batch, random);
    while (entries.size() < 70'000)
        append(*log, entries, std::min<std::size_t>(4'096, 70'000 - entries.size()), random);

    REQUIRE(tile_width(0, 272, 70'000) == 256);
    REQUIRE(tile_width(0, 273, 70'000) == 112);
    REQUIRE(tile_width(0, 274, 70'000) == 0);
    REQUIRE(tile_width(1, 0, 70'000) == 256);
    REQUIRE(tile_width(1, 1, 70'000) == 17);
    REQUIRE(tile_width(2, 0, 70'000) == 1);
    REQUIRE(tile_width(3, 0, 70'000) == 0);

    for (const std::uint64_t number : {0, 3, 4, 15, 36, 37, 272, 273}) {
        const std::size_t width = tile_width(0, number, 70'000);
        const std::string bytes = value_of(tile(*log, 0, number, width));
        REQUIRE(bytes.size() == width * 32);
        for (std::size_t i = 0; i < width; ++i)
            REQUIRE(hash_at(bytes, i) == leaf_hash(entries[number * 256 + i]));
        REQUIRE(value_of(tile(*log, 0, number, 5)) == bytes.substr(0, 5 * 32));
    }
    const std::string above = value_of(tile(*log, 1, 1, 17));
    for (std::size_t i = 0; i < 17; ++i)
        REQUIRE(hash_at(above, i) == naive::tree_hash(naive::Entries(entries).subspan((256 + i) * 256, 256)));
    REQUIRE(hash_at(value_of(tile(*log, 2, 0, 1)), 0) ==
            naive::tree_hash(naive::Entries(entries).first(65'536)));

    const std::string bundle = value_of(entry_bundle(*log, 273, 112));
    std::size_t at = 0;
    for (std::size_t i = 273 * 256; i < 70'000; ++i) {
        const auto length = static_cast<std::size_t>(static_cast<unsigned char>(bundle[at])) * 256 +
                            static_cast<unsigned char>(bundle[at + 1]);
        REQUIRE(bundle.substr(at + 2, length) == entries[i]);
        at += 2 + length;
    }
    REQUIRE(at == bundle.size());

    REQUIRE(value_of(root_at(*log, 70'000)) == naive::tree_hash(entries));
    const auto proof = value_of(inclusion_proof(*log, 12'345, 70'000));
    REQUIRE(proof == naive::inclusion_path(12'345, entries));
    REQUIRE(value_of(consistency_proof(*log, 65'537, 70'000)) == naive::consistency_path(65'537, entries));
}

TEST_CASE("a reader beside the server has the server's tree", "[merkle][rocks]") {
    const TemporaryFolder folder;
    std::mt19937_64 random(4);
    std::vector<std::string> entries;
    auto log = RocksEventLog::open(folder.path());
    REQUIRE(log.has_value());
    append(**log, entries, 300, random);
    const auto reader = RocksLogReader::open(folder.path());
    REQUIRE(reader.has_value());
    REQUIRE(value_of(root_at(**reader, 300)) == naive::tree_hash(entries));

    append(**log, entries, 400, random);
    REQUIRE(value_of(root_at(**reader, 300)) == naive::tree_hash(naive::Entries(entries).first(300)));
    REQUIRE((*reader)->catch_up().has_value());
    REQUIRE(value_of(root_at(**reader, 700)) == naive::tree_hash(entries));
}

TEST_CASE("parts of a tree are those that its own splitting gives", "[merkle]") {
    std::mt19937_64 random(5);
    MemoryPlace place;
    const auto log = place.open();
    std::vector<std::string> entries;
    append(*log, entries, 1'000, random);
    Nodes nodes(*log, 900);
    for (const auto& [from, count] : std::vector<std::pair<Position, Size>>{{0, 900},
                                                                            {0, 512},
                                                                            {512, 388},
                                                                            {512, 256},
                                                                            {768, 132},
                                                                            {896, 4},
                                                                            {899, 1},
                                                                            {256, 256},
                                                                            {64, 64}})
        REQUIRE(value_of(nodes.root_of(from, count)) ==
                naive::tree_hash(naive::Entries(entries).subspan(from, count)));
    REQUIRE(!nodes.root_of(0, 901));
    REQUIRE(!nodes.root_of(900, 1));
    REQUIRE(!nodes.root_of(0, 0));
}

} // namespace mosty::storage::merkle
