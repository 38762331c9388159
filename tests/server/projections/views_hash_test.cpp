#include "folded.hpp"
#include "random_history.hpp"
#include "server/projections/views_hash.hpp"
#include "tests/storage/random_seed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>

namespace mosty::test {

using projections::element_of;
using projections::hash_of_rows;
using projections::noted_views_hash;
using projections::noted_views_hashes;
using projections::Projector;
using projections::SetHash;
using projections::ViewsHash;

namespace {

std::string hex(const SetHash& hash) {
    std::string text;
    for (const std::uint8_t byte : hash.bytes())
        text += fmt::format("{:02x}", byte);
    return text;
}

SetHash from_scratch(const storage::ViewStore& store) {
    return hash_of_rows(*store.snapshot()).value();
}

} // namespace

TEST_CASE("a set hash forgets the order, what left, and nothing else", "[set_hash][property]") {
    std::mt19937_64 dice(storage::random_seed("projections: set hash"));
    std::vector<SetHash::Element> elements;
    for (int i = 0; i < 200; ++i)
        elements.push_back(element_of(fmt::format("key {}", i), "value"));
    SetHash in_order, shuffled;
    for (const auto& element : elements)
        in_order.add(element);
    std::ranges::shuffle(elements, dice);
    const auto gone = element_of("another", "");
    shuffled.remove(gone); // below zero and back
    for (const auto& element : elements)
        shuffled.add(element);
    CHECK(shuffled != in_order);
    shuffled.add(gone);
    CHECK(shuffled == in_order);
    CHECK(SetHash::of(in_order.bytes()) == in_order);
    in_order.add(elements.front()); // twice is not once
    CHECK(shuffled != in_order);
    for (const auto& element : elements)
        shuffled.remove(element);
    CHECK(shuffled == SetHash());
}

// Computed with Python: hashlib and integers.
TEST_CASE("a set hash is what the header says", "[set_hash]") {
    SetHash hash;
    hash.add(element_of("r/proposals/p-1", "{}"));
    CHECK(hex(hash) == "e14bff39d4e5a8cef4f96718d6137707bade51185ebf95604b228354691cf9ec");
    for (int i = 0; i < 10; ++i)
        hash.add(element_of("r/proposals/p-1", "{}"));
    CHECK(hex(hash) == "ae43f77c25de40e486b76e1132d61d55078d7c0c123b6b233a7ba4a0843ebd24");
}

TEST_CASE("lengths keep a key apart from its value", "[set_hash]") {
    CHECK(element_of("ab", "c") != element_of("a", "bc"));
    CHECK(element_of("", "abc") != element_of("abc", ""));
}

TEST_CASE("the hash kept at each commit is that of all rows, however the log is cut and restarted",
          "[views_hash][property]") {
    const auto seed = storage::random_seed("projections: views hash");
    RandomHistory random(seed);
    random.grow_to(900);
    const auto& entries = random.history().entries();
    const auto log = log_of(random.history());
    std::vector<SetHash> after; // of each size, folded one by one
    {
        storage::MemoryViewStore store;
        Projector projector(store);
        std::vector<projections::Change> ignored;
        after.push_back(from_scratch(store));
        for (const auto& entry : entries) {
            projector.fold(projector.size(), entry, ignored);
            const ViewsHash now = projector.views_hash().value();
            REQUIRE(now.size == projector.size());
            after.push_back(now.hash);
        }
        REQUIRE(after.back() == from_scratch(store));
    }
    REQUIRE(after.front() == SetHash());
    for (std::size_t size = 1; size < after.size(); ++size)
        if (!entries[size - 1].envelope.stream.text().starts_with("text/")) // most say nothing in a view
            REQUIRE(after[size] != after[size - 1]);

    std::mt19937_64 dice(seed);
    for (int round = 0; round < 8; ++round) {
        storage::MemoryViewStore store;
        const Projector::Limits limits{.documents_cached_max = 1U << storage::random_below(dice, 5)};
        const auto commit_odds = 1 + storage::random_below(dice, 60);
        const auto restart_odds = 1 + storage::random_below(dice, 200);
        auto projector = std::make_unique<Projector>(store, limits);
        std::vector<projections::Change> ignored;
        for (const auto& entry : entries) {
            projector->fold(projector->size(), entry, ignored);
            const bool restarts = storage::random_below(dice, restart_odds) == 0;
            if (!restarts && storage::random_below(dice, commit_odds) != 0)
                continue;
            REQUIRE(projector->views_hash().value().hash == after[projector->size()]);
            if (storage::random_below(dice, 4) == 0)
                REQUIRE(from_scratch(store) == after[projector->size()]);
            if (!restarts)
                continue;
            projector = std::make_unique<Projector>(store, limits);
            REQUIRE(projector->recall(*log).has_value());
        }
        REQUIRE(projector->views_hash().value().hash == after.back());
        REQUIRE(from_scratch(store) == after.back());
    }
}

TEST_CASE("a changed, lost or added row that is read changes the hash of all rows",
          "[views_hash][property]") {
    const auto seed = storage::random_seed("projections: hash of damage");
    RandomHistory random(seed);
    random.grow_to(300);
    Folded folded(random.history());
    const auto rows = contents(folded.store);
    const SetHash sound = from_scratch(folded.store);
    std::mt19937_64 dice(seed);
    int counted = 0;
    for (int round = 0; round < 200; ++round) {
        const auto row =
            std::next(rows.begin(), static_cast<std::ptrdiff_t>(storage::random_below(dice, rows.size())));
        storage::ViewBatch batch{.puts = {rows.begin(), rows.end()}, .removes = {}, .applied = 300};
        if (round % 3 == 0)
            batch.puts.emplace_back(row->first, row->second + "!");
        else if (round % 3 == 1)
            batch.removes.push_back(row->first);
        else
            batch.puts.emplace_back(row->first + "!", row->second);
        storage::MemoryViewStore damaged;
        REQUIRE(damaged.write(batch).has_value());
        INFO(row->first);
        REQUIRE((from_scratch(damaged) == sound) == !projections::is_counted(row->first));
        counted += projections::is_counted(row->first) ? 1 : 0;
    }
    CHECK(counted > 50);
}

TEST_CASE("the newest hashes noted are kept with their sizes", "[views_hash]") {
    History history = History::with_partnership();
    for (int i = 0; i < 600; ++i)
        history.record("partnership/p-1", "partnership.corrected",
                       fmt::format(R"({{"corrects":"e-2","reason":"Again","note":"{}"}})", i));
    storage::MemoryViewStore store;
    Projector projector(store);
    std::vector<projections::Change> ignored;
    std::vector<ViewsHash> noted;
    for (const auto& entry : history.entries()) {
        projector.fold(projector.size(), entry, ignored);
        noted.push_back(projector.note_views_hash().value());
        REQUIRE(projector.note_views_hash().value().hash == noted.back().hash); // noted once
    }
    const auto snapshot = store.snapshot();
    const auto kept = noted_views_hashes(*snapshot, 1'000).value();
    REQUIRE(kept.size() == 512);
    for (std::size_t i = 0; i < kept.size(); ++i) {
        REQUIRE(kept[i].size == history.size() - i);
        REQUIRE(kept[i].hash == noted[kept[i].size - 1].hash);
    }
    CHECK(noted_views_hash(*snapshot, history.size()).value()->hash == noted.back().hash);
    CHECK_FALSE(noted_views_hash(*snapshot, 3).value().has_value());
    CHECK_FALSE(noted_views_hash(*snapshot, history.size() + 1).value().has_value());
    CHECK(noted_views_hashes(*snapshot, 2).value().size() == 2);
    // What is noted is no part of what it is a hash of.
    CHECK(from_scratch(store) == noted.back().hash);
    Folded plain(history);
    CHECK(from_scratch(plain.store) == noted.back().hash);
}

TEST_CASE("a store that does not say what its rows add up to is refused", "[views_hash]") {
    Folded folded(History::with_partnership());
    REQUIRE(folded.store.write({.puts = {}, .removes = {"h"}, .applied = 4}).has_value());
    Projector projector(folded.store);
    CHECK_FALSE(projector.commit().has_value());
    CHECK_FALSE(projector.views_hash().has_value());
}

} // namespace mosty::test
