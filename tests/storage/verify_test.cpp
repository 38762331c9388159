#include "storage/memory/memory_event_log.hpp"
#include "storage/merkle/tree.hpp"
#include "storage/rocksdb/database_options.hpp"
#include "storage/rocksdb/rocks_event_log.hpp"
#include "storage/rocksdb/rocks_log_reader.hpp"
#include "storage/rocksdb/tree_table.hpp"
#include "storage/verify.hpp"
#include "tests/storage/sample_entries.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <rocksdb/db.h>

#include <algorithm>
#include <functional>

namespace mosty::storage {
namespace {

using Kind = Problem::Kind;
const rocksdb::WriteOptions plainly;

// A log of 2,500 entries whose database was changed behind its back.
VerifyReport verify_tampered(const std::function<void(rocksdb::DB&)>& change,
                             std::size_t problems_kept_max = 100) {
    const TemporaryFolder folder;
    {
        auto log = RocksEventLog::open(folder.path());
        REQUIRE(log.has_value());
        for (int i = 0; i < 5; ++i)
            REQUIRE(append_sample(**log, 500));
    }
    {
        rocksdb::DB* database = nullptr;
        const auto path = (folder.path() / "log").string();
        REQUIRE(rocksdb::DB::Open(log_database_options(1u << 20), path, &database).ok());
        const std::unique_ptr<rocksdb::DB> owned(database);
        change(*database);
    }
    const auto reader = RocksLogReader::open(folder.path(), Accept::anything);
    REQUIRE(reader.has_value());
    return verify(**reader, {.keys_of = sample_keys,
                             .marked_tail = (*reader)->marked_tail(),
                             .go_on = {},
                             .problems_kept_max = problems_kept_max});
}

// The only problem of the report that is of this kind.
Problem only(const VerifyReport& report, Kind kind) {
    REQUIRE(std::ranges::count(report.problems, kind, &Problem::kind) == 1);
    return *std::ranges::find(report.problems, kind, &Problem::kind);
}

} // namespace

TEST_CASE("verify finds nothing wrong with a sound log", "[verify]") {
    const auto report = verify_tampered([](rocksdb::DB&) {});
    REQUIRE(report.is_sound());
    REQUIRE(report.entries == 2'500);
    REQUIRE(report.keys == 5'000);
    REQUIRE(report.proven == 2'500); // by the mark's root
}

TEST_CASE("verify names an entry that was changed, and still proves all others", "[verify]") {
    const auto report = verify_tampered([](rocksdb::DB& database) {
        REQUIRE(database.Put(plainly, entry_row(77), sample_bytes(77, 0, 500, 1)).ok());
    });
    REQUIRE(report.problems_total == 1);
    REQUIRE(only(report, Kind::tree).position == 77);
    REQUIRE(only(report, Kind::tree).sentence == "entry 77 is not the one whose hash was stored with it");
    REQUIRE(report.proven == 2'500); // the stored hash is the recorded one
}

TEST_CASE("verify tells an entry and its hash that were changed together, by the mark", "[verify]") {
    const std::string bytes = sample_bytes(77, 0, 500, 1);
    const auto report = verify_tampered([&](rocksdb::DB& database) {
        std::string row;
        REQUIRE(database.Get(rocksdb::ReadOptions(), tree_row(0, 0), &row).ok());
        const auto hash = merkle::leaf_hash(bytes);
        row.replace(77 * hash.size(), hash.size(), reinterpret_cast<const char*>(hash.data()), hash.size());
        REQUIRE(database.Put(plainly, entry_row(77), bytes).ok());
        REQUIRE(database.Put(plainly, tree_row(0, 0), row).ok());
    });
    REQUIRE(report.problems_total == 2);
    REQUIRE(report.problems[0].sentence ==
            "hash 0 on level 1 of the tree, over entries 0 to 255, is not that of what is below it");
    REQUIRE(report.problems[1].sentence == "the tree of the first 2500 entries is not that of the mark");
    REQUIRE(report.proven == 0);
}

TEST_CASE("verify names what is missing of the tree", "[verify]") {
    const auto report = verify_tampered([](rocksdb::DB& database) {
        REQUIRE(database.Delete(plainly, tree_row(0, 512)).ok());
        REQUIRE(database.Delete(plainly, tree_row(1, 2)).ok());
        REQUIRE(database.Delete(plainly, entry_row(600)).ok());
    });
    std::vector<Position> hashes_missing;
    for (const Problem& problem : report.problems)
        if (problem.sentence.starts_with("the hash of entry"))
            hashes_missing.push_back(*problem.position);
    REQUIRE(hashes_missing.size() == 600 - 512);
    REQUIRE(hashes_missing.front() == 512);
    REQUIRE(std::ranges::count(report.problems,
                               "neither entry 600 nor its hash can be read: the tree is unknown from there",
                               &Problem::sentence) == 1);
    REQUIRE(report.proven == 0);
}

TEST_CASE("verify holds the tree against roots known from outside", "[verify]") {
    MemoryEventLog log;
    REQUIRE(append_sample(log, 300));
    const auto root_of = [&](Size size) { return *merkle::root_at(log, size); };
    const auto sound = verify(log, {.keys_of = sample_keys,
                                    .anchors = {{"a checkpoint", 257, root_of(257)},
                                                {"an older one", 100, root_of(100)},
                                                {"the oldest", 0, merkle::empty_root()}}});
    REQUIRE(sound.is_sound());
    REQUIRE(sound.proven == 257);
    REQUIRE(sound.root == root_of(300));

    const auto forked = verify(log, {.keys_of = sample_keys,
                                     .anchors = {{"the checkpoint of 257", 257, root_of(256)},
                                                 {"the checkpoint of 100", 100, root_of(100)},
                                                 {"the checkpoint of 301", 301, root_of(300)}}});
    REQUIRE(forked.problems_total == 2);
    REQUIRE(only(forked, Kind::tree).sentence ==
            "the tree of the first 257 entries is not that of the checkpoint of 257");
    REQUIRE(only(forked, Kind::anchor).sentence ==
            "the checkpoint of 301 is of 301 entries, the log holds 300");
    REQUIRE(forked.proven == 100);
}

TEST_CASE("verify accepts an empty log", "[verify]") {
    const MemoryEventLog log;
    REQUIRE(verify(log, {.keys_of = sample_keys}).is_sound());
}

TEST_CASE("verify names each missing entry", "[verify]") {
    const auto report = verify_tampered([](rocksdb::DB& database) {
        for (const Position position : {Position{0}, Position{1'234}, Position{1'235}})
            REQUIRE(database.Delete(plainly, entry_row(position)).ok());
    });
    REQUIRE(report.problems_total == 3);
    REQUIRE(report.problems[0].kind == Kind::entry_missing);
    REQUIRE(report.problems[0].position == 0);
    REQUIRE(report.problems[1].position == 1'234);
    REQUIRE(report.problems[2].position == 1'235);
    REQUIRE(report.problems[1].sentence.find("1234") != std::string::npos);
}

TEST_CASE("verify names a missing key", "[verify]") {
    const auto report = verify_tampered(
        [](rocksdb::DB& database) { REQUIRE(database.Delete(plainly, index_row("position/77")).ok()); });
    REQUIRE(report.problems_total == 1);
    const Problem problem = only(report, Kind::key_missing);
    REQUIRE(problem.position == 77);
    REQUIRE(problem.key == "position/77");
}

TEST_CASE("verify names a key that leads to the wrong entry", "[verify]") {
    const auto report = verify_tampered([](rocksdb::DB& database) {
        REQUIRE(database.Put(plainly, index_row("position/77"), position_value(78)).ok());
    });
    REQUIRE(only(report, Kind::key_wrong).position == 77);
    REQUIRE(only(report, Kind::key_extra).position == 78);
    REQUIRE(only(report, Kind::key_extra).key == "position/77");
}

TEST_CASE("verify names a key that no entry has", "[verify]") {
    const auto report = verify_tampered([](rocksdb::DB& database) {
        REQUIRE(database.Put(plainly, index_row("stray\n"), position_value(3)).ok());
    });
    REQUIRE(report.problems_total == 1);
    REQUIRE(only(report, Kind::key_extra).key == "stray\n");
    REQUIRE(only(report, Kind::key_extra).sentence.find('\n') == std::string::npos);
}

TEST_CASE("verify names a key that leads past the end", "[verify]") {
    const auto report = verify_tampered([](rocksdb::DB& database) {
        REQUIRE(database.Put(plainly, index_row("stray"), position_value(2'500)).ok());
    });
    REQUIRE(report.problems_total == 1);
    REQUIRE(only(report, Kind::key_extra).position == 2'500);
}

TEST_CASE("verify says where the index cannot be read", "[verify]") {
    const auto report = verify_tampered([](rocksdb::DB& database) {
        REQUIRE(database.Put(plainly, index_row("position/77"), "seven").ok());
    });
    REQUIRE(report.problems_total == 2); // in the pass over the entries, and in that over the index
    REQUIRE(report.problems.front().kind == Kind::unreadable);
    REQUIRE(report.problems.front().key == "position/77");
}

TEST_CASE("verify compares the log with its mark", "[verify]") {
    const auto changed = verify_tampered([](rocksdb::DB& database) {
        REQUIRE(database.Put(plainly, entry_row(2'499), sample_bytes(2'499, 2'000, 2'500, 1)).ok());
    });
    REQUIRE(changed.problems_total == 2);
    REQUIRE(only(changed, Kind::mark).position == 2'499);
    REQUIRE(only(changed, Kind::tree).position == 2'499);

    MemoryEventLog log;
    REQUIRE(append_sample(log, 3));
    const auto check = [&](MarkedTail marked) {
        return verify(log, {.keys_of = sample_keys, .marked_tail = std::move(marked)});
    };
    const Sha256 last = sha256(sample_bytes(2, 0, 3));
    REQUIRE(check({.log_id = log.log_id(), .size = 3, .last_entry_hash = last}).is_sound());
    REQUIRE(check({.log_id = log.log_id(), .size = 0}).is_sound());
    REQUIRE(only(check({.log_id = log.log_id(), .size = 4, .last_entry_hash = last}), Kind::mark).position ==
            3);
    REQUIRE(!check({.log_id = "another", .size = 3, .last_entry_hash = last}).is_sound());
}

TEST_CASE("verify counts all problems but keeps a bounded number", "[verify]") {
    const auto report = verify_tampered(
        [](rocksdb::DB& database) {
            for (Position position = 0; position < 2'000; ++position)
                REQUIRE(database.Delete(plainly, entry_row(position)).ok());
        },
        10);
    REQUIRE(report.problems_total == 2'000);
    REQUIRE(report.problems.size() == 10);
}

TEST_CASE("verify reports its progress and ends early when told to", "[verify]") {
    MemoryEventLog log;
    for (int i = 0; i < 10; ++i)
        REQUIRE(append_sample(log, 500));
    std::vector<Size> told;
    const auto report =
        verify(log, {.keys_of = sample_keys, .marked_tail = {}, .go_on = [&](const VerifyProgress& progress) {
                         told.push_back(progress.entries_checked);
                         REQUIRE(progress.entries == 5'000);
                         return told.size() < 3;
                     }});
    REQUIRE(told == std::vector<Size>{0, 1'000, 2'000});
    REQUIRE(report.ended_early);
    REQUIRE(!report.is_sound());
    REQUIRE(report.entries == 2'000);
}

} // namespace mosty::storage
