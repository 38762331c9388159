#include "storage/rocksdb/encrypt_records.hpp"
#include "tests/storage/child_process.hpp"
#include "tests/storage/record_folders.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <sys/wait.h>
#include <unistd.h>

namespace mosty::storage {
namespace {

namespace fs = std::filesystem;

constexpr int stopped = 7, finished = 0, refused = 1;

std::string address_of(int person) {
    return "person-" + std::to_string(person) + "@town.example";
}

// A store in the clear, with records in a table and in the write-ahead log, some of them changed or gone.
Records make_clear(const fs::path& folder) {
    constexpr int people = 2'500; // more than are copied at once
    const auto store = open_records(folder, "");
    std::vector<RecordChange> changes;
    for (int person = 0; person < people; ++person)
        changes.push_back({"a/" + std::to_string(person), address_of(person)});
    REQUIRE(store->write(changes).has_value());
    REQUIRE(store->forget().has_value());
    REQUIRE(store->write({{"a/7", address_of(70'000)}, {"a/8", std::nullopt}, {"z", "last"}}).has_value());
    return store->scan("").value();
}

// As a start does. What comes of it is all there, under the key, and alone.
void require_encrypted(const fs::path& folder, const Records& records) {
    const auto encrypted = encrypt_records(folder, record_key);
    if (!encrypted)
        FAIL(encrypted.error().sentence);
    REQUIRE(open_records(folder, record_key)->scan("").value() == records);
    REQUIRE_FALSE(stands_below(folder.parent_path(), "@town.example"));
    for (const auto& entry : fs::directory_iterator(folder.parent_path()))
        REQUIRE(entry.path() == folder);
    REQUIRE(encrypt_records(folder, record_key).value() == std::nullopt);
}

// Encrypts in a process of its own that is stopped after so many steps.
int encrypt_until(const fs::path& folder, int steps) {
    ChildProcess child("hidden: a child encrypts records until it is stopped",
                       {{"MOSTY_FOLDER", folder.string()}, {"MOSTY_STEPS", std::to_string(steps)}});
    const int status = child.wait();
    REQUIRE(WIFEXITED(status));
    return WEXITSTATUS(status);
}

// What one who only reads finds meanwhile.
std::size_t found_by_reader(const fs::path& folder) {
    const fs::path found = folder_of_records(folder);
    const auto kept = RocksRecordStore::kept_as(found, record_key).value();
    REQUIRE(kept.has_value());
    return RocksRecordStore::check(found, *kept == KeptAs::under_the_key ? record_key : "").value();
}

} // namespace

TEST_CASE("hidden: a child encrypts records until it is stopped", "[.]") {
    int left = std::atoi(std::getenv("MOSTY_STEPS"));
    const auto encrypted = encrypt_records(std::getenv("MOSTY_FOLDER"), record_key, [&] {
        if (--left == 0)
            ::_exit(stopped);
    });
    ::_exit(encrypted ? finished : refused);
}

TEST_CASE("a store in the clear is encrypted, and what was in the clear is gone", "[rocks][records]") {
    const TemporaryFolder folder;
    const fs::path path = folder.path() / "records";
    const Records records = make_clear(path);
    REQUIRE(stands_below(path, address_of(1)));
    REQUIRE(encrypt_records(path, record_key).value() == records.size());
    require_encrypted(path, records);
    const auto store = open_records(path, record_key);
    REQUIRE(store->write({{"a/1", "changed"}}).has_value());
    REQUIRE(store->get("a/1").value() == "changed");
}

TEST_CASE("a store that has no records yet is encrypted, and where there is none, none is made",
          "[rocks][records]") {
    const TemporaryFolder folder;
    const fs::path path = folder.path() / "records";
    REQUIRE(encrypt_records(path, record_key).value() == std::nullopt);
    REQUIRE(fs::is_empty(folder.path()));
    open_records(path, "");
    REQUIRE(encrypt_records(path, record_key).value() == 0);
    require_encrypted(path, {});
}

TEST_CASE("an encryption that is stopped at any step, and again at the next start, loses and doubles nothing",
          "[rocks][records][crash]") {
    const TemporaryFolder original;
    const Records records = make_clear(original.path() / "records");
    int steps = 0;
    for (int ended = stopped; ended == stopped;) {
        ++steps;
        for (int again = 0; again < 3; ++again) {
            INFO("stopped after " << steps << " steps, then after " << again);
            const TemporaryFolder folder;
            const fs::path path = folder.path() / "records";
            copy_folder(original.path() / "records", path);
            ended = encrypt_until(path, steps);
            REQUIRE(ended != refused);
            REQUIRE(found_by_reader(path) == records.size());
            if (again > 0)
                REQUIRE(encrypt_until(path, again) != refused);
            REQUIRE(found_by_reader(path) == records.size());
            require_encrypted(path, records);
        }
    }
    REQUIRE(steps > 10);
}

TEST_CASE("a copy that is left of an encryption is not believed when the store went on in the clear",
          "[rocks][records]") {
    const TemporaryFolder folder;
    const fs::path path = folder.path() / "records";
    make_clear(path);
    const int copied = 5; // nothing to tidy up, three batches, read back
    REQUIRE(encrypt_until(path, copied) == stopped);
    REQUIRE(fs::exists(folder.path() / "records.encrypted" / "CURRENT"));
    REQUIRE(fs::exists(path / "CURRENT"));
    REQUIRE(open_records(path, "")->write({{"a/9", "meanwhile"}, {"a/10", std::nullopt}}).has_value());
    const Records records = RocksRecordStore::read(path, "").value();
    require_encrypted(path, records);
}

TEST_CASE("a damaged store is not encrypted, and left as it is", "[rocks][records]") {
    const TemporaryFolder folder;
    const fs::path path = folder.path() / "records";
    make_clear(path);
    const bool in_table = GENERATE(true, false);
    for (const auto& file : fs::directory_iterator(path))
        if (in_table && file.path().extension() == ".sst")
            flip_bit(file.path(), 300);
    if (!in_table) {
        const auto store = open_records(path, ""); // begins a new write-ahead log
        const std::uintmax_t begin = fs::file_size(write_ahead_log_in(path));
        for (int i = 0; i < 3; ++i)
            REQUIRE(store->write({{"b/" + std::to_string(i), std::string(50, 'x')}}).has_value());
        flip_bit(write_ahead_log_in(path), begin + 30);
    }
    const auto before = files_below(folder.path());
    const auto encrypted = encrypt_records(path, record_key);
    REQUIRE_FALSE(encrypted.has_value());
    REQUIRE(encrypted.error().code == OpenError::Code::corrupted);
    REQUIRE(encrypted.error().sentence.find("damaged") != std::string::npos);
    REQUIRE(files_below(folder.path()) == before);
}

TEST_CASE("a store under another key is left as it is", "[rocks][records]") {
    const TemporaryFolder folder;
    const fs::path path = folder.path() / "records";
    REQUIRE(open_records(path, std::string(32, 'x'))->write({{"a", "b"}}).has_value());
    const auto before = files_below(folder.path());
    REQUIRE(encrypt_records(path, record_key).value() == std::nullopt);
    REQUIRE(files_below(folder.path()) == before);
    REQUIRE(RocksRecordStore::open(path, record_key).error().code == OpenError::Code::corrupted);
}

TEST_CASE("two stores of which neither came of the other are not guessed between", "[rocks][records]") {
    const TemporaryFolder folder;
    const fs::path path = folder.path() / "records";
    const Records records = make_clear(path);
    fs::rename(path, folder.path() / "records.clear");
    open_records(path, ""); // as an older version makes one where it finds none
    const auto encrypted = encrypt_records(path, record_key);
    REQUIRE_FALSE(encrypted.has_value());
    REQUIRE(encrypted.error().sentence.find("records.clear is left of an encryption") != std::string::npos);
    REQUIRE(RocksRecordStore::read(folder.path() / "records.clear", "").value() == records);
}

} // namespace mosty::storage
