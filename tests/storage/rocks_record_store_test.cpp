#include "storage/rocksdb/rocks_record_store.hpp"
#include "tests/storage/record_folders.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <rocksdb/env.h>

#include <set>

namespace mosty::storage {
namespace {

namespace fs = std::filesystem;

// Whether the words stand in a file of the folder for one who has the key.
bool stands_for_owner(const fs::path& folder, const std::string& key, const std::string& words) {
    if (key.empty())
        return stands_below(folder, words);
    const auto env = encrypted_env(key);
    for (const auto& file : fs::directory_iterator(folder)) {
        std::string bytes;
        const std::string name = file.path().filename().string();
        if (name == "LOG" || name.starts_with("LOG.") || name == "LOCK") // in the clear, and empty
            bytes = bytes_of_file(file.path());
        else
            REQUIRE(rocksdb::ReadFileToString(env.get(), file.path().string(), &bytes).ok());
        if (bytes.find(words) != std::string::npos)
            return true;
    }
    return false;
}

} // namespace

TEST_CASE("a record store gives what was written, in the order of keys, also when it is opened again",
          "[rocks][records]") {
    const auto key = GENERATE(std::string(), record_key);
    const TemporaryFolder folder;
    const fs::path path = folder.path() / "records";
    {
        const auto store = open_records(path, key);
        REQUIRE(store->write({{"b/2", "two"}, {"a/1", "one"}, {"b/1", "gone"}}).has_value());
        REQUIRE(store->write({{"b/1", std::nullopt}, {"a/1", "other"}, {"b/3", ""}}).has_value());
        REQUIRE(RocksRecordStore::open(path, key).error().code == OpenError::Code::locked);
        REQUIRE(RocksRecordStore::check(path, key).value() == 3);
    }
    const auto store = open_records(path, key);
    REQUIRE(store->get("a/1").value() == "other");
    REQUIRE(store->get("b/1").value() == std::nullopt);
    REQUIRE(store->scan("b/").value() == Records{{"b/2", "two"}, {"b/3", ""}});
    REQUIRE(store->scan("c").value().empty());
    REQUIRE((fs::status(path).permissions() & fs::perms::all) == fs::perms::owner_all);
}

TEST_CASE("what a record store has forgotten is in none of its files", "[rocks][records]") {
    const auto key = GENERATE(std::string(), record_key);
    const std::string address = "olena.koval@town.example";
    const TemporaryFolder folder;
    const fs::path path = folder.path() / "records";
    const auto store = open_records(path, key);
    REQUIRE(store->write({{"a/1", address}, {"a/2", "stays@town.example"}}).has_value());
    REQUIRE(stands_for_owner(path, key, address));
    REQUIRE(store->write({{"a/1", std::nullopt}}).has_value());
    REQUIRE(store->forget().has_value());
    REQUIRE_FALSE(stands_for_owner(path, key, address));
    REQUIRE(stands_for_owner(path, key, "stays@town.example"));
}

TEST_CASE("a record store under a key says nothing in the clear, and opens by that key alone",
          "[rocks][records]") {
    const std::string other(32, 'x'), address = "olena.koval@town.example";
    const TemporaryFolder folder;
    const fs::path path = folder.path() / "records";
    REQUIRE(RocksRecordStore::kept_as(path, record_key).value() == std::nullopt);
    for (int round = 0; round < 3; ++round) {
        const auto store = open_records(path, record_key);
        REQUIRE(store->write({{"a/" + address, address}, {std::to_string(round), address}}).has_value());
        REQUIRE_FALSE(stands_below(path, address));
        if (round == 1)
            REQUIRE(store->forget().has_value());
        REQUIRE_FALSE(stands_below(path, address));
    }
    const auto before = files_below(path);
    for (const std::string& with : {other, std::string()}) {
        REQUIRE(RocksRecordStore::open(path, with).error().code == OpenError::Code::corrupted);
        REQUIRE_FALSE(RocksRecordStore::check(path, with).has_value());
        REQUIRE_FALSE(RocksRecordStore::read(path, with).has_value());
        REQUIRE(RocksRecordStore::kept_as(path, with).value() == KeptAs::under_another_key);
    }
    REQUIRE(RocksRecordStore::kept_as(path, record_key).value() == KeptAs::under_the_key);
    REQUIRE(RocksRecordStore::read(path, record_key).value().size() == 4);
    for (const auto& [name, bytes] : before)
        if (!name.starts_with("LOG"))
            REQUIRE(bytes_of_file(path / name) == bytes);

    // Each file is encrypted from a place of its own: no two share a part of the key stream.
    std::set<std::string> counters;
    std::size_t encrypted = 0;
    for (const auto& [name, bytes] : before)
        if (bytes.starts_with("mosty encrypted\n")) {
            ++encrypted;
            counters.insert(bytes.substr(16, 16));
        }
    REQUIRE(encrypted >= 5);
    REQUIRE(counters.size() == encrypted);
}

TEST_CASE("a record store that a crash cut short anywhere in its newest file holds what was written before",
          "[rocks][records]") {
    const auto key = GENERATE(std::string(), record_key);
    const TemporaryFolder folder;
    const fs::path path = folder.path() / "records", crashed = folder.path() / "crashed";
    std::uintmax_t before_last = 0;
    {
        {
            REQUIRE(open_records(path, key)->write({{"old", "kept"}}).has_value());
        }
        const auto store = open_records(path, key); // with a new file, in which nothing stands yet
        REQUIRE(store->write({{"a", "1"}}).has_value());
        before_last = fs::file_size(write_ahead_log_in(path));
        REQUIRE(store->write({{"b", std::string(100, '2')}}).has_value());
        copy_folder(path, crashed);
    }
    const fs::path newest = write_ahead_log_in(crashed).filename();
    const std::uintmax_t length = fs::file_size(crashed / newest);
    const std::uintmax_t first_record = key.empty() ? 0 : first_page_bytes;
    REQUIRE(before_last > first_record);
    for (std::uintmax_t cut :
         {std::uintmax_t{0}, std::uintmax_t{10}, std::uintmax_t{16}, std::uintmax_t{4'095}, first_record,
          first_record + 5, before_last, before_last + 5, length - 1, length}) {
        if (cut > length)
            continue;
        INFO("cut to " << cut << " of " << length);
        const TemporaryFolder once;
        const fs::path cut_short = once.path() / "records";
        copy_folder(crashed, cut_short);
        fs::resize_file(cut_short / newest, cut);
        const std::size_t expected = cut == length ? 3 : cut >= before_last ? 2 : 1;
        REQUIRE(RocksRecordStore::check(cut_short, key).value() == expected);
        REQUIRE(RocksRecordStore::read(cut_short, key).value().size() == expected);
        const auto store = open_records(cut_short, key);
        REQUIRE(store->get("old").value() == "kept");
        REQUIRE(store->scan("").value().size() == expected);
        REQUIRE(store->write({{"c", "3"}}).has_value());
    }
}

TEST_CASE("damage to a record store is told, and changes nothing", "[rocks][records]") {
    const auto key = GENERATE(std::string(), record_key);
    const TemporaryFolder folder;
    const fs::path path = folder.path() / "records";
    std::uintmax_t begin = 0;
    {
        const auto store = open_records(path, key);
        begin = fs::file_size(write_ahead_log_in(path));
        for (int i = 0; i < 10; ++i)
            REQUIRE(store->write({{std::to_string(i), std::string(50, 'x')}}).has_value());
    }
    // The length of the second record or so: RocksDB would take it for the end.
    flip_bit(write_ahead_log_in(path), begin + 90);
    const auto damaged = files_below(path);
    REQUIRE(RocksRecordStore::check(path, key).error().find("is damaged at byte") != std::string::npos);
    REQUIRE(RocksRecordStore::read(path, key).error().find("is damaged at byte") != std::string::npos);
    REQUIRE(files_below(path) == damaged);
}

} // namespace mosty::storage
