#include "storage/rocksdb/database_options.hpp"
#include "storage/rocksdb/durable_mark.hpp"
#include "storage/rocksdb/rocks_event_log.hpp"
#include "tests/storage/sample_entries.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <rocksdb/db.h>

#include <fstream>
#include <functional>
#include <thread>

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

// The code with which the folder is refused.
Code refusal(const fs::path& folder) {
    const auto log = RocksEventLog::open(folder);
    REQUIRE(!log.has_value());
    REQUIRE(!log.error().sentence.empty());
    return log.error().code;
}

// A closed log of 20 entries, marked to its end.
void make_log(const fs::path& folder, std::size_t batches = 10) {
    const auto log = open(folder);
    for (std::size_t i = 0; i < batches; ++i)
        REQUIRE(append_sample(*log, 2, 50));
}

// Changes a closed log's database behind its back.
void tamper(const fs::path& folder, const std::function<void(rocksdb::DB&)>& change) {
    rocksdb::DB* database = nullptr;
    REQUIRE(rocksdb::DB::Open(log_database_options(1u << 20), (folder / "log").string(), &database).ok());
    const std::unique_ptr<rocksdb::DB> owned(database);
    change(*database);
    REQUIRE(database->Flush(rocksdb::FlushOptions()).ok());
}

void garble(const fs::path& file, std::streamoff offset) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(offset);
    stream << "garbled";
    REQUIRE(stream.good());
}

fs::perms permissions(const fs::path& path) {
    return fs::status(path).permissions();
}

} // namespace

TEST_CASE("a log's folders belong to their owner alone", "[rocks]") {
    const TemporaryFolder folder;
    const auto log = open(folder.path() / "city" / "data");

    for (const fs::path each : {"city", "city/data", "city/data/log"})
        REQUIRE(permissions(folder.path() / each) == fs::perms::owner_all);
    for (const fs::path each : {"city/data/mark", "city/data/lock"})
        REQUIRE(permissions(folder.path() / each) == (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("two new logs have different ids", "[rocks]") {
    const TemporaryFolder one, other;
    REQUIRE(open(one.path())->log_id() != open(other.path())->log_id());
}

TEST_CASE("a second server on the folder is refused as locked, until the first is gone", "[rocks]") {
    const TemporaryFolder folder;
    {
        const auto first = open(folder.path());
        REQUIRE(refusal(folder.path()) == Code::locked);
        REQUIRE(append_sample(*first, 1));
    }
    REQUIRE(open(folder.path())->size() == 1);
}

TEST_CASE("a file where the folder should be is refused as io", "[rocks]") {
    const TemporaryFolder folder;
    std::ofstream(folder.path() / "data") << "not a folder";
    REQUIRE(refusal(folder.path() / "data") == Code::io);
}

TEST_CASE("the durable mark follows an append without being asked", "[rocks]") {
    const TemporaryFolder folder;
    const auto log = open(folder.path());
    REQUIRE(append_sample(*log, 3));

    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    Size marked = 0;
    while (marked != 3 && std::chrono::steady_clock::now() < deadline) {
        marked = DurableMark::look(folder.path() / "mark")->newest->tail.size;
        std::this_thread::yield();
    }
    REQUIRE(marked == 3);
}

TEST_CASE("the durable mark is brought up to date on demand and at close", "[rocks]") {
    const TemporaryFolder folder;
    const auto marked = [&] { return DurableMark::look(folder.path() / "mark")->newest->tail; };
    {
        auto log = RocksEventLog::open(folder.path(), {.mark_delay = std::chrono::hours(1)});
        REQUIRE(append_sample(**log, 2));
        REQUIRE(marked().size == 0);
        REQUIRE((*log)->mark_now());
        REQUIRE(marked().size == 2);
        REQUIRE(marked().last_entry_hash == sha256(sample_bytes(1, 0, 2)));
        REQUIRE(append_sample(**log, 1));
        REQUIRE(marked().size == 2);
    }
    REQUIRE(marked().size == 3);
}

TEST_CASE("a log that is gone while its mark is there is refused", "[rocks]") {
    const TemporaryFolder folder;
    make_log(folder.path());
    fs::remove_all(folder.path() / "log");

    REQUIRE(refusal(folder.path()) == Code::missing_acknowledged);
    REQUIRE(refusal(folder.path()) == Code::missing_acknowledged); // the attempt did not begin a new log
}

TEST_CASE("a log whose write-ahead log is gone is refused", "[rocks]") {
    const TemporaryFolder folder;
    make_log(folder.path());
    for (const auto& file : fs::directory_iterator(folder.path() / "log"))
        if (file.path().extension() == ".log")
            fs::remove(file.path());

    REQUIRE(refusal(folder.path()) == Code::missing_acknowledged);
}

TEST_CASE("a log older than its mark is refused", "[rocks]") {
    const TemporaryFolder folder, older;
    make_log(folder.path());
    copy_folder(folder.path() / "log", older.path() / "log");
    make_log(folder.path());
    fs::remove_all(folder.path() / "log");
    copy_folder(older.path() / "log", folder.path() / "log");

    REQUIRE(refusal(folder.path()) == Code::missing_acknowledged);
}

TEST_CASE("a log whose marked entry differs is refused", "[rocks]") {
    const TemporaryFolder folder;
    make_log(folder.path());
    tamper(folder.path(), [](rocksdb::DB& database) {
        REQUIRE(database.Put(rocksdb::WriteOptions(), entry_row(19), "another").ok());
    });

    REQUIRE(refusal(folder.path()) == Code::missing_acknowledged);
}

TEST_CASE("a log with another log's mark is refused as corrupted", "[rocks]") {
    const TemporaryFolder folder, other;
    make_log(folder.path());
    make_log(other.path());
    fs::copy_file(other.path() / "mark", folder.path() / "mark", fs::copy_options::overwrite_existing);

    REQUIRE(refusal(folder.path()) == Code::corrupted);
}

TEST_CASE("one unreadable slot of the mark is survived, two are refused as corrupted", "[rocks]") {
    const TemporaryFolder folder;
    make_log(folder.path());

    garble(folder.path() / "mark", 0);
    REQUIRE(open(folder.path())->size() == 20);
    garble(folder.path() / "mark", 4'096);
    REQUIRE(open(folder.path())->size() == 20);

    garble(folder.path() / "mark", 50);
    garble(folder.path() / "mark", 4'096 + 50);
    REQUIRE(refusal(folder.path()) == Code::corrupted);
}

TEST_CASE("a log with entries but without its mark is refused as corrupted", "[rocks]") {
    const TemporaryFolder folder;
    make_log(folder.path());
    fs::remove(folder.path() / "mark");

    REQUIRE(refusal(folder.path()) == Code::corrupted);
    REQUIRE(refusal(folder.path()) == Code::corrupted); // the attempt did not make a new mark
}

TEST_CASE("an empty log without its mark gets a new one", "[rocks]") {
    const TemporaryFolder folder;
    make_log(folder.path(), 0);
    fs::remove(folder.path() / "mark");

    REQUIRE(append_sample(*open(folder.path()), 1));
    REQUIRE(open(folder.path())->size() == 1);
}

TEST_CASE("a log of another format is refused as format", "[rocks]") {
    const TemporaryFolder folder;
    make_log(folder.path());
    tamper(folder.path(), [](rocksdb::DB& database) {
        REQUIRE(database.Put(rocksdb::WriteOptions(), format_row, "3").ok());
    });

    REQUIRE(refusal(folder.path()) == Code::format);
}

TEST_CASE("a flipped byte in a table is refused or an error, never an answer", "[rocks]") {
    const TemporaryFolder folder;
    make_log(folder.path());
    tamper(folder.path(), [](rocksdb::DB&) {}); // moves all into a table
    fs::path table;
    for (const auto& file : fs::directory_iterator(folder.path() / "log"))
        if (file.path().extension() == ".sst" && (table.empty() || file.file_size() > fs::file_size(table)))
            table = file.path();
    REQUIRE(!table.empty());
    const TemporaryFolder damaged;
    for (std::uintmax_t offset = 0; offset < fs::file_size(table); offset += 53) {
        const fs::path copy = damaged.path() / std::to_string(offset);
        copy_folder(folder.path(), copy);
        garble(copy / "log" / table.filename(), static_cast<std::streamoff>(offset));
        const auto log = RocksEventLog::open(copy);
        if (!log)
            continue;
        INFO("offset " << offset);
        const auto entries = (*log)->read(0, 100);
        if (!entries)
            continue;
        REQUIRE(entries->size() == 20);
        for (const Entry& entry : *entries)
            REQUIRE(entry.bytes ==
                    sample_bytes(entry.position, entry.position / 2 * 2, entry.position / 2 * 2 + 2, 50));
        fs::remove_all(copy);
    }
}

TEST_CASE("a log of many tables reads and finds as a small one does", "[rocks]") {
    const TemporaryFolder folder;
    for (int part = 0; part < 4; ++part) {
        auto log = RocksEventLog::open(folder.path(), {.write_buffer_bytes = 64u << 10});
        REQUIRE(log.has_value());
        for (int i = 0; i < 20; ++i)
            REQUIRE(append_sample(**log, 16, 400));
    }
    const auto log = open(folder.path());
    REQUIRE(log->size() == 4 * 20 * 16);
    REQUIRE(fault_of_sample(*log) == "");
}

} // namespace mosty::storage
