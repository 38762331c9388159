#include "storage/merkle/tree_check.hpp"
#include "storage/rocksdb/rocks_event_log.hpp"
#include "storage/rocksdb/salvage.hpp"
#include "storage/rocksdb/salvaged_log.hpp"
#include "tests/storage/sample_entries.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>

namespace mosty::storage {
namespace {

namespace fs = std::filesystem;

// A closed log: its first entries in a table, its last ones in a write-ahead log.
void make_log(const fs::path& folder, std::size_t in_table, std::size_t in_write_ahead_log) {
    const auto append = [&](std::size_t count) {
        const auto log = RocksEventLog::open(folder);
        REQUIRE(log.has_value());
        for (; count > 0; count -= std::min<std::size_t>(count, 50))
            REQUIRE(append_sample(**log, std::min<std::size_t>(count, 50), 300));
    };
    append(in_table);
    append(in_write_ahead_log);
}

std::unique_ptr<SalvagedLog> salvage(const fs::path& folder, const TemporaryFolder& scratch) {
    auto log = SalvagedLog::open(folder, scratch.path() / "rows");
    if (!log)
        FAIL(log.error().sentence);
    return std::move(*log);
}

fs::path largest(const fs::path& folder, const std::string& extension) {
    fs::path found;
    for (const auto& file : fs::directory_iterator(folder / "log"))
        if (file.path().extension() == extension &&
            (found.empty() || file.file_size() > fs::file_size(found)))
            found = file.path();
    REQUIRE(!found.empty());
    return found;
}

void garble(const fs::path& file, std::uintmax_t offset) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(static_cast<std::streamoff>(offset));
    stream << "garbled";
    REQUIRE(stream.good());
}

void flip(const fs::path& file, std::uintmax_t offset) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(offset));
    const int byte = stream.get();
    stream.seekp(static_cast<std::streamoff>(offset));
    stream.put(static_cast<char>(byte ^ 0x10));
    REQUIRE(stream.good());
}

// The positions whose entries are there, each checked byte for byte.
std::vector<Position> readable(const LogReader& log) {
    std::vector<Position> positions;
    for (Position position = 0; position < log.size(); ++position) {
        const auto entry = log.read(position, 1);
        if (!entry || entry->empty())
            continue;
        REQUIRE(entry->front().bytes ==
                sample_bytes(position, position / 50 * 50, position / 50 * 50 + 50, 300));
        positions.push_back(position);
    }
    return positions;
}

std::map<std::string, fs::file_time_type> times_of(const fs::path& folder) {
    std::map<std::string, fs::file_time_type> times;
    for (const auto& file : fs::recursive_directory_iterator(folder))
        times.emplace(file.path().string(), file.last_write_time());
    return times;
}

} // namespace

TEST_CASE("all of a sound log is salvaged, and its folder is left as it was", "[rocks][repair]") {
    const TemporaryFolder folder, scratch;
    make_log(folder.path(), 1'000, 200);
    const std::string log_id = (*RocksEventLog::open(folder.path()))->log_id();
    const auto before = times_of(folder.path());

    const auto log = salvage(folder.path(), scratch);
    REQUIRE(log->damages().empty());
    REQUIRE(log->log_id() == log_id);
    REQUIRE(log->size() == 1'200);
    REQUIRE(log->marked_tail()->size == 1'200);
    REQUIRE(readable(*log).size() == 1'200);
    REQUIRE(log->leaf_hashes(0, 2'000)->size() == 1'200);
    REQUIRE(!log->find("position/0"));
    REQUIRE(times_of(folder.path()) == before);
}

TEST_CASE("a damaged block of a table costs its own entries and no others", "[rocks][repair]") {
    const TemporaryFolder folder, scratch;
    make_log(folder.path(), 2'000, 50);
    const fs::path table = largest(folder.path(), ".sst");
    // Entries sort first, so they fill the table's beginning.
    garble(table, GENERATE(as<std::uintmax_t>{}, 100, 2'000, 9'000, 20'000));

    INFO("of " << fs::file_size(table));
    const auto log = salvage(folder.path(), scratch);
    REQUIRE(log->damages().size() == 1);
    REQUIRE(log->damages().front().starts_with(table.filename().string() + " is damaged between its bytes "));
    REQUIRE(log->size() == 2'050);
    const auto positions = readable(*log);
    REQUIRE(positions.size() < 2'050);
    REQUIRE(positions.size() > 1'900); // a block holds 16 KiB
    REQUIRE(positions.back() == 2'049);
    REQUIRE(log->leaf_hashes(0, 3'000)->size() == 2'050);
}

TEST_CASE("a damaged record of a write-ahead log is told with its place and its entries, which are unsure",
          "[rocks][repair]") {
    const TemporaryFolder folder, scratch;
    make_log(folder.path(), 50, 500);
    const fs::path file = largest(folder.path(), ".log");
    garble(file, fs::file_size(file) / 2);

    const auto log = salvage(folder.path(), scratch);
    REQUIRE(log->damages().size() == 1);
    REQUIRE(log->unsure_entries().size() >= 40);
    const Position first = log->unsure_entries().front() / 50 * 50;
    const std::string& damage = log->damages().front();
    INFO(damage);
    REQUIRE(damage.starts_with(file.filename().string() + " is damaged at byte "));
    REQUIRE(damage.ends_with(fmt::format(", in the append of entries {} to {}", first, first + 49)));
    Size right = 0;
    for (Position position = 0; position < log->size(); ++position) {
        const auto entry = log->read(position, 1);
        const bool is_right =
            entry && !entry->empty() &&
            entry->front().bytes == sample_bytes(position, position / 50 * 50, position / 50 * 50 + 50, 300);
        REQUIRE((is_right || (first <= position && position < first + 50)));
        right += is_right;
    }
    REQUIRE(right >= 548); // seven bytes lie in two entries at most
}

TEST_CASE("after one flipped bit all entries are there again, those of its append as unsure ones",
          "[rocks][repair]") {
    const TemporaryFolder folder, scratch;
    make_log(folder.path(), 50, 500);
    const fs::path file = largest(folder.path(), ".log");
    const auto at = fs::file_size(file) / 2;
    flip(file, at);

    const auto log = salvage(folder.path(), scratch);
    REQUIRE(readable(*log).size() == 550);
    REQUIRE(log->unsure_entries().size() == 50);
    REQUIRE(log->damages().size() == 1);
    REQUIRE(log->damages().front().ends_with(fmt::format("; tried with bit 4 of byte {} turned back", at)));
    REQUIRE(log->forget_unsure_hashes());
    REQUIRE(readable(*log).size() == 550);
    REQUIRE(!log->leaf_hashes(log->unsure_entries().front(), 1));
}

TEST_CASE("a log is salvaged without what its database says of it", "[rocks][repair]") {
    const TemporaryFolder folder, scratch;
    make_log(folder.path(), 300, 100);
    for (const auto& file : fs::directory_iterator(folder.path() / "log"))
        if (file.path().extension() != ".sst" && file.path().extension() != ".log")
            fs::remove(file.path());
    REQUIRE(!RocksEventLog::open(folder.path()));

    const auto log = salvage(folder.path(), scratch);
    REQUIRE(readable(*log).size() == 400);
}

TEST_CASE("what the mark remembers beyond the last entry counts to the log's size", "[rocks][repair]") {
    const TemporaryFolder folder, scratch;
    make_log(folder.path(), 100, 50);
    fs::remove(largest(folder.path(), ".log"));

    const auto log = salvage(folder.path(), scratch);
    REQUIRE(log->size() == 150);
    REQUIRE(readable(*log).size() == 100);
}

TEST_CASE("a mark of another log says nothing of this one", "[rocks][repair]") {
    const TemporaryFolder folder, other, scratch;
    make_log(folder.path(), 100, 50);
    make_log(other.path(), 300, 0);
    fs::copy_file(other.path() / "mark", folder.path() / "mark", fs::copy_options::overwrite_existing);

    const auto log = salvage(folder.path(), scratch);
    REQUIRE(!log->marked_tail());
    REQUIRE(log->size() == 150);
    REQUIRE(log->damages().front().starts_with("mark is of another log, "));
}

TEST_CASE("a log that a server has open, or that is not there, is not salvaged", "[rocks][repair]") {
    const TemporaryFolder folder, scratch;
    make_log(folder.path(), 1, 0);
    {
        const auto server = RocksEventLog::open(folder.path());
        const auto refused = SalvagedLog::open(folder.path(), scratch.path() / "rows");
        REQUIRE(refused.error().code == OpenError::Code::locked);
    }
    REQUIRE(SalvagedLog::open(folder.path() / "absent", scratch.path() / "rows").error().code ==
            OpenError::Code::io);
}

} // namespace mosty::storage
