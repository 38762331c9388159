#include "storage/crc32c.hpp"
#include "storage/flipped_bit.hpp"
#include "storage/rocksdb/likely_rows.hpp"
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

std::vector<WriteAheadRecord> records_of(std::string_view log) {
    std::vector<WriteAheadRecord> records;
    for_each_record(log, [&](WriteAheadRecord record) { records.push_back(std::move(record)); });
    return records;
}

std::vector<std::string> bytes_of(const std::vector<WriteAheadRecord>& records) {
    std::vector<std::string> bytes;
    for (const WriteAheadRecord& record : records)
        bytes.push_back(record.bytes);
    return bytes;
}

std::vector<std::pair<std::string, std::string>> rows_of(std::string_view record) {
    std::vector<std::pair<std::string, std::string>> rows;
    for_each_likely_row(record,
                        [&](std::string_view row, std::string_view value) { rows.emplace_back(row, value); });
    return rows;
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

TEST_CASE("every record of a write-ahead log is found, and one flipped bit is turned back", "[rocks]") {
    const Written log = write_batches(GENERATE(30, 30'000));
    const auto written = records_of(log.bytes);
    REQUIRE(written.size() >= 10); // before the batches, what the log is
    for (const WriteAheadRecord& record : written)
        REQUIRE(!record.damaged_at);

    for (std::size_t at = 0; at < log.bytes.size(); at += 1 + log.bytes.size() / 97) {
        std::string damaged = log.bytes;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
        INFO("damaged at " << at);
        const auto found = records_of(damaged);
        REQUIRE(found.size() == written.size());
        int turned_back = 0;
        for (std::size_t i = 0; i < found.size(); ++i) {
            REQUIRE(found[i].bytes == written[i].bytes);
            if (!found[i].damaged_at)
                continue;
            ++turned_back;
            REQUIRE(*found[i].damaged_at <= at);
            REQUIRE(found[i].turned_back == std::vector{Bit{at, 4}});
        }
        REQUIRE(turned_back == 1);
    }
}

TEST_CASE("all records of a write-ahead log but one that is damaged in many bytes are found whole",
          "[rocks]") {
    const Written log = write_batches(GENERATE(30, 30'000));
    const auto written = records_of(log.bytes);
    for (std::size_t at = 0; at + 7 < log.bytes.size(); at += 1 + log.bytes.size() / 97) {
        std::string damaged = log.bytes;
        damaged.replace(at, 7, "garbled");
        INFO("damaged at " << at);
        std::vector<std::string> left;
        std::size_t damages = 0;
        for (const WriteAheadRecord& record : records_of(damaged)) {
            if (record.damaged_at) {
                ++damages;
                REQUIRE(*record.damaged_at <= at + 7);
            } else
                left.push_back(record.bytes);
        }
        REQUIRE(damages >= 1);
        REQUIRE(left.size() + 2 >= written.size()); // seven bytes may lie in two
        REQUIRE(std::ranges::includes(sorted(bytes_of(written)), sorted(left)));
    }
    for (std::size_t length = 1; length < log.bytes.size(); length += 1 + log.bytes.size() / 97)
        for (const WriteAheadRecord& record : records_of(log.bytes.substr(0, length)))
            REQUIRE((record.damaged_at || std::ranges::count(bytes_of(written), record.bytes) == 1));
}

TEST_CASE("of a damaged record what looks like a row is found, but for the rows that were hit", "[rocks]") {
    const Written log = write_batches(3'000);
    const auto whole = records_of(log.bytes);
    const std::string& record = whole.back().bytes;
    const auto rows = rows_of(record);
    REQUIRE(rows.size() >= 4); // three entries and their hashes
    for (std::size_t at = 12; at + 7 < record.size(); at += 1 + record.size() / 97) {
        std::string damaged = record;
        damaged.replace(at, 7, "garbled");
        INFO("damaged at " << at);
        std::size_t left = 0;
        for (const auto& row : rows_of(damaged))
            left += static_cast<std::size_t>(std::ranges::count(rows, row));
        REQUIRE(left + 2 >= rows.size());
    }
}

TEST_CASE("the flipped bit of a string of bytes is found by its checksum, and none where two were flipped",
          "[storage]") {
    const std::string bytes = sample_bytes(1, 0, 2, 3'000);
    const std::uint32_t crc = crc32c(bytes);
    REQUIRE(!find_flipped_bit(bytes, crc));
    for (std::size_t at = 0; at < bytes.size(); at += 97)
        for (unsigned bit = 0; bit < 8; ++bit) {
            std::string flipped = bytes;
            flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
            REQUIRE(find_flipped_bit(flipped, crc) == Bit{at, bit});
            flipped[at ^ 1] = static_cast<char>(flipped[at ^ 1] ^ 1);
            REQUIRE(!find_flipped_bit(flipped, crc));
        }
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
