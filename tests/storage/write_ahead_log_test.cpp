#include "storage/rocksdb/rocks_event_log.hpp"
#include "storage/rocksdb/write_ahead_log.hpp"
#include "tests/storage/sample_entries.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace mosty::storage {
namespace {

// The write-ahead log of ten batches, each of which spans several of its blocks or none, and where the
// last batch begins.
struct Written {
    std::string bytes;
    std::size_t last_begin = 0;
};

Written write_batches(std::size_t padding) {
    const TemporaryFolder folder;
    const auto log = RocksEventLog::open(folder.path());
    REQUIRE(log.has_value());
    const auto bytes_now = [&] {
        for (const auto& file : std::filesystem::directory_iterator(folder.path() / "log")) {
            if (file.path().extension() != ".log")
                continue;
            std::ifstream stream(file.path(), std::ios::binary);
            return std::string{std::istreambuf_iterator<char>(stream), {}};
        }
        return std::string();
    };
    for (int i = 0; i < 9; ++i)
        REQUIRE(append_sample(**log, 3, padding));
    const std::size_t last_begin = bytes_now().size();
    REQUIRE(append_sample(**log, 3, padding));
    return {bytes_now(), last_begin};
}

std::vector<std::string> sorted(std::vector<std::string> strings) {
    std::ranges::sort(strings);
    return strings;
}

} // namespace

TEST_CASE("a write-ahead log that is whole or cut anywhere has no inner damage", "[rocks]") {
    const Written log = write_batches(GENERATE(30, 30'000));
    for (std::size_t length = 0; length <= log.bytes.size(); length += 1 + log.bytes.size() / 97)
        REQUIRE(!find_inner_damage(std::string_view(log.bytes).substr(0, length)));
    REQUIRE(!find_inner_damage(log.bytes));
}

TEST_CASE("a write-ahead log damaged before its last record has inner damage", "[rocks]") {
    const Written log = write_batches(GENERATE(30, 30'000));
    for (std::size_t at = 0; at < log.last_begin; at += 1 + log.bytes.size() / 97) {
        std::string damaged = log.bytes;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
        INFO("damaged at " << at);
        const auto found = find_inner_damage(damaged);
        REQUIRE(found.has_value());
        REQUIRE(*found <= at);
    }
}

TEST_CASE("all records of a write-ahead log but the damaged one are found", "[rocks]") {
    const Written log = write_batches(GENERATE(30, 30'000));
    std::vector<std::string> whole;
    REQUIRE(for_each_whole_record(log.bytes, [&](std::string record) { whole.push_back(record); }) == 0);
    REQUIRE(whole.size() >= 10); // before the batches, what the log is

    for (std::size_t at = 0; at < log.bytes.size(); at += 1 + log.bytes.size() / 97) {
        std::string damaged = log.bytes;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
        INFO("damaged at " << at);
        std::vector<std::string> left;
        REQUIRE(for_each_whole_record(damaged, [&](std::string record) { left.push_back(record); }) > 0);
        REQUIRE(left.size() == whole.size() - 1);
        REQUIRE(std::ranges::includes(sorted(whole), sorted(left)));
    }
    for (std::size_t length = 1; length < log.bytes.size(); length += 1 + log.bytes.size() / 97)
        for_each_whole_record(std::string_view(log.bytes).substr(0, length), [&](const std::string& record) {
            REQUIRE(std::ranges::find(whole, record) != whole.end());
        });
}

TEST_CASE("a write-ahead log whose last record came to the disk in pieces has no inner damage", "[rocks]") {
    const Written log = write_batches(30'000);
    REQUIRE(log.bytes.size() - log.last_begin > 2 * 32'768);
    for (std::size_t page = log.last_begin / 4'096 + 1; page * 4'096 + 4'096 < log.bytes.size(); ++page) {
        std::string torn = log.bytes;
        torn.replace(page * 4'096, 4'096, 4'096, '\0');
        REQUIRE(!find_inner_damage(torn));
    }
}

} // namespace mosty::storage
