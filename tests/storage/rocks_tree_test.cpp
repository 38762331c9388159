#include "storage/merkle/tree.hpp"
#include "storage/rocksdb/database_options.hpp"
#include "storage/rocksdb/durable_mark.hpp"
#include "storage/rocksdb/rocks_event_log.hpp"
#include "storage/rocksdb/rocks_log_reader.hpp"
#include "tests/storage/earlier_formats.hpp"
#include "tests/storage/merkle/naive_tree.hpp"
#include "tests/storage/sample_entries.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <rocksdb/db.h>

#include <functional>

// The tree in a folder: how it comes into one that has none, and what is refused.

namespace mosty::storage {
namespace {

using Code = OpenError::Code;
namespace fs = std::filesystem;

std::unique_ptr<RocksEventLog> open(const fs::path& folder) {
    auto log = RocksEventLog::open(folder);
    if (!log)
        FAIL(name_of(log.error().code) << ": " << log.error().sentence);
    return std::move(*log);
}

// A closed log in batches of odd sizes.
void make_log(const fs::path& folder, Size size) {
    const auto log = open(folder);
    for (std::size_t batch = 1; log->size() < size; batch = batch * 3 % 700 + 1)
        REQUIRE(append_sample(*log, std::min<Size>(batch, size - log->size()), 20));
}

merkle::Hash naive_root(const LogReader& log) {
    std::vector<std::string> bytes;
    const auto entries = log.read(0, log.size());
    REQUIRE(entries.has_value());
    for (const Entry& entry : *entries)
        bytes.push_back(entry.bytes);
    return merkle::naive::tree_hash(bytes);
}

void tamper(const fs::path& folder, const std::function<void(rocksdb::DB&)>& change) {
    rocksdb::DB* database = nullptr;
    REQUIRE(rocksdb::DB::Open(log_database_options(1u << 20), (folder / "log").string(), &database).ok());
    const std::unique_ptr<rocksdb::DB> owned(database);
    change(*database);
}

// Why the log is refused after its database was changed behind its back.
std::string refusal_after(Size size, const std::function<void(rocksdb::DB&)>& change) {
    const TemporaryFolder folder;
    make_log(folder.path(), size);
    tamper(folder.path(), change);
    const auto log = RocksEventLog::open(folder.path());
    REQUIRE(!log.has_value());
    REQUIRE(log.error().code == Code::corrupted);
    return log.error().sentence;
}

// The value of the row that holds the level's last hash, with its last byte changed.
void change_last_hash(rocksdb::DB& database, unsigned level) {
    const std::unique_ptr<rocksdb::Iterator> cursor(database.NewIterator(rocksdb::ReadOptions()));
    cursor->SeekForPrev(tree_row(level, ~std::uint64_t{0}));
    REQUIRE(cursor->Valid());
    std::string value = cursor->value().ToString();
    value.back() ^= 1;
    REQUIRE(database.Put(synced_write(), cursor->key(), value).ok());
}

} // namespace

TEST_CASE("a log of the format without a tree gets the tree that it would have had", "[rocks][merkle]") {
    const Size size = GENERATE(as<Size>{}, 0, 1, 256, 4'096, 9'001);
    const TemporaryFolder folder;
    make_log(folder.path(), size);
    const std::string log_id = open(folder.path())->log_id();
    make_log_without_tree(folder.path());
    const auto reader = RocksLogReader::open(folder.path());
    REQUIRE(!reader.has_value());
    REQUIRE(reader.error().code == Code::format);
    REQUIRE(reader.error().sentence.ends_with("a server that opens it brings it up to date"));

    const auto log = open(folder.path());
    REQUIRE(log->log_id() == log_id);
    REQUIRE(log->size() == size);
    REQUIRE(merkle::root_at(*log, size) == naive_root(*log));
    REQUIRE(append_sample(*log, 300));
    REQUIRE(merkle::root_at(*log, size + 300) == naive_root(*log));
    REQUIRE(fault_of_sample(*log) == "");
}

TEST_CASE("a log that lost power while it got its tree gets it at the next start", "[rocks][merkle]") {
    const TemporaryFolder folder;
    make_log(folder.path(), 5'000);
    make_log_without_tree(folder.path());
    {
        const TemporaryFolder other; // whose first rows are what the first write had brought
        make_log(other.path(), 4'096);
        make_log_without_tree(other.path());
        open(other.path());
        std::vector<std::pair<std::string, std::string>> rows;
        tamper(other.path(), [&](rocksdb::DB& database) {
            const std::unique_ptr<rocksdb::Iterator> cursor(database.NewIterator(rocksdb::ReadOptions()));
            for (cursor->Seek("t"); cursor->Valid() && cursor->key().starts_with("t"); cursor->Next())
                rows.emplace_back(cursor->key().ToString(), cursor->value().ToString());
        });
        tamper(folder.path(), [&](rocksdb::DB& database) {
            for (const auto& [row, value] : rows)
                REQUIRE(database.Put(synced_write(), row, value).ok());
        });
    }
    const auto log = open(folder.path());
    REQUIRE(merkle::root_at(*log, 5'000) == naive_root(*log));
}

TEST_CASE("a log whose tree ends elsewhere than it does is refused", "[rocks][merkle]") {
    const auto with_more = [](rocksdb::DB& database) {
        REQUIRE(database.Put(synced_write(), tree_row(0, 1'000), std::string(32, 'x')).ok());
    };
    REQUIRE(refusal_after(1'000, with_more) ==
            "level 0 of the log's tree has 1001 hashes, 1000 entries have 1000");
    const auto with_less = [](rocksdb::DB& database) {
        const std::unique_ptr<rocksdb::Iterator> cursor(database.NewIterator(rocksdb::ReadOptions()));
        cursor->SeekForPrev(tree_row(1, ~std::uint64_t{0}));
        REQUIRE(database.Delete(synced_write(), cursor->key()).ok());
    };
    REQUIRE(refusal_after(1'000, with_less).starts_with("level 1 of the log's tree has "));
}

TEST_CASE("a log whose tree contradicts its last entries is refused", "[rocks][merkle]") {
    for (const unsigned level : {0u, 1u})
        REQUIRE(refusal_after(1'000, [&](rocksdb::DB& database) {
                    change_last_hash(database, level);
                }).starts_with("level " + std::to_string(level) + " of the log's tree contradicts"));
}

TEST_CASE("a log whose tree is not the one that was marked is refused", "[rocks][merkle]") {
    const std::string sentence = refusal_after(1'000, [](rocksdb::DB& database) {
        // The first tile's root, far from the end: only the mark's root stands for it.
        std::string value;
        const std::unique_ptr<rocksdb::Iterator> cursor(database.NewIterator(rocksdb::ReadOptions()));
        cursor->Seek(tree_row(1, 0));
        value = cursor->value().ToString();
        value.front() ^= 1;
        REQUIRE(database.Put(synced_write(), cursor->key(), value).ok());
    });
    REQUIRE(sentence == "the tree of the first 1000 entries is not the one that was marked");
}

TEST_CASE("the durable mark holds the root of the tree", "[rocks][merkle]") {
    const TemporaryFolder folder;
    make_log(folder.path(), 700);
    const auto marked = DurableMark::look(folder.path() / "mark")->newest->tail;
    REQUIRE(marked.size == 700);
    REQUIRE(marked.root == naive_root(*open(folder.path())));
}

} // namespace mosty::storage
