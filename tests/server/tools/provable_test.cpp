#include "server/tools/provable.hpp"
#include "storage/merkle/tree.hpp"
#include "storage/rocksdb/rocks_event_log.hpp"
#include "tests/server/desk.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <map>
#include <set>

using namespace mosty;
using namespace mosty::test;
using storage::TemporaryFolder;
using storage::merkle::Anchor;
using storage::merkle::Hash;
using tools::find_provable;
using tools::write_kept;

namespace {

// A log of 600 entries of which some cannot be read, and others are not what they were.
class DamagedLog final : public storage::LogReader {
public:
    DamagedLog() {
        desk_.say("municipality/HU1", "register_municipality", town("HU1", 1));
        for (int i = 2; i <= 600; ++i)
            desk_.say("municipality/HU1", "register_municipality", town("HU1", i));
        desk_.settle();
        REQUIRE(desk_.log->size() == 600);
    }

    std::set<Position> lost_entries, lost_hashes;
    std::map<Position, std::string> changed;
    Size end = 600; // what lies beyond is gone

    Hash root_at(Size size) const { return *storage::merkle::root_at(*desk_.log, size); }

    Result<std::vector<storage::Entry>, storage::ReadError> read(Position from,
                                                                 std::size_t count) const override {
        auto entries = desk_.log->read(from, count);
        for (auto& entry : *entries) {
            if (lost_entries.contains(entry.position) || entry.position >= end)
                return std::unexpected(storage::ReadError{"lost"});
            if (const auto at = changed.find(entry.position); at != changed.end())
                entry.bytes = at->second;
        }
        return entries;
    }
    Result<std::vector<Hash>, storage::ReadError> hashes(unsigned level, std::uint64_t from,
                                                         std::size_t count) const override {
        auto hashes = desk_.log->hashes(level, from, count);
        for (std::size_t i = 0; level == 0 && i < hashes->size(); ++i)
            if (lost_hashes.contains(from + i) || from + i >= end)
                return std::unexpected(storage::ReadError{"lost"});
        return hashes;
    }
    Result<std::optional<Position>, storage::ReadError> find(std::string_view key) const override {
        return desk_.log->find(key);
    }
    Result<std::vector<storage::KeyedPosition>, storage::ReadError>
    scan(std::string_view prefix, std::string_view from, std::size_t count) const override {
        return desk_.log->scan(prefix, from, count);
    }
    Size size() const override { return 600; }
    const std::string& log_id() const override { return desk_.log->log_id(); }

private:
    Desk desk_;
};

std::string text_of(const std::filesystem::path& file) {
    std::ifstream stream(file);
    return {std::istreambuf_iterator<char>(stream), {}};
}

} // namespace

TEST_CASE("all of a sound log is whole, and proven as far as its anchors go", "[repair]") {
    const DamagedLog log;
    const auto found = find_provable(log, {{"the mark", 580, log.root_at(580)}});
    REQUIRE(found.size == 600);
    REQUIRE(found.lost.empty());
    REQUIRE(found.kept == 600);
    REQUIRE(found.proven == 580);
    REQUIRE(found.findings.none());
}

TEST_CASE("lost and changed entries are named, and what precedes them is kept", "[repair]") {
    DamagedLog log;
    log.lost_entries = {300, 301, 302, 500};
    log.changed[400] = log.read(399, 1)->front().bytes;
    const auto found = find_provable(log, {{"the mark", 600, log.root_at(600)}});
    REQUIRE(found.lost.size() == 3);
    REQUIRE(found.lost[0].from == 300);
    REQUIRE(found.lost[0].to == 303);
    REQUIRE(found.lost[1].from == 400);
    REQUIRE(found.lost[2].from == 500);
    REQUIRE(found.lost_total() == 5);
    REQUIRE(found.kept == 300);
    REQUIRE(found.proven == 600); // the stored hashes stand for what is lost
}

TEST_CASE("an entry without its stored hash is kept, because the tree above it proves it", "[repair]") {
    DamagedLog log;
    log.lost_hashes = {7};
    const auto found = find_provable(log, {{"the mark", 600, log.root_at(600)}});
    REQUIRE(found.lost.empty());
    REQUIRE(found.kept == 600);
    REQUIRE(found.proven == 600);
    REQUIRE(found.findings.sentences.front() == "the hash of entry 7 cannot be read: lost");
}

TEST_CASE("an entry out of a damaged append counts when an anchor proves it, and is lost beyond",
          "[repair]") {
    DamagedLog log;
    log.changed[101] = log.read(99, 1)->front().bytes;
    const std::vector<Position> unsure = {100, 101, 102, 579, 580, 590};
    const auto found = find_provable(log, {{"the mark", 580, log.root_at(580)}}, unsure);
    REQUIRE(found.recovered.size() == 3);
    REQUIRE(found.recovered[0].from == 100);
    REQUIRE(found.recovered[1].from == 102);
    REQUIRE(found.recovered[2].from == 579);
    REQUIRE(found.recovered[2].to == 580);
    REQUIRE(found.lost.size() == 3);
    REQUIRE(found.lost[0].from == 101);
    REQUIRE(found.lost[1].from == 580);
    REQUIRE(found.lost[1].to == 581);
    REQUIRE(found.lost[2].from == 590);
    REQUIRE(found.kept == 101);
}

TEST_CASE("an append at the end that nobody knows of is not lost, but told", "[repair]") {
    DamagedLog log;
    log.lost_entries = {598};
    const std::vector<Position> unsure = {590, 591, 592, 593, 594, 595, 596, 597, 598, 599};
    const auto found = find_provable(log, {{"the mark", 595, log.root_at(595)}}, unsure);
    REQUIRE(found.size == 595);
    REQUIRE(found.lost.empty());
    REQUIRE(found.kept == 595);
    REQUIRE(found.recovered.size() == 1);
    REQUIRE(found.recovered[0].from == 590);
    REQUIRE(found.recovered[0].to == 595);
    REQUIRE(found.beyond.from == 595);
    REQUIRE(found.beyond.to == 600);

    const storage::TemporaryFolder folder;
    const auto written = write_kept(log, found, folder.path() / "kept");
    REQUIRE(written.has_value());
    REQUIRE(written->left_out == 4);
    REQUIRE(written->unproven == 4);
    REQUIRE(text_of(folder.path() / "kept" / "left-out.ndjson").find("\"proven\":false") !=
            std::string::npos);
}

TEST_CASE("an end that only an anchor remembers is lost", "[repair]") {
    DamagedLog log;
    log.end = 550;
    const auto found = find_provable(log, {{"the mark", 540, log.root_at(540)}, {"a checkpoint", 610, {}}});
    REQUIRE(found.size == 610);
    REQUIRE(found.kept == 550);
    REQUIRE(found.proven == 540);
    REQUIRE(found.lost_total() == 60);
}

TEST_CASE("what an anchor contradicts is kept only as far as an earlier one proves it", "[repair]") {
    const DamagedLog log;
    const auto found =
        find_provable(log, {{"a checkpoint", 200, log.root_at(200)}, {"the mark", 400, log.root_at(399)}});
    REQUIRE(found.kept == 200);
    REQUIRE(found.proven == 200);
    REQUIRE(found.findings.sentences.front() == "the tree of the first 400 entries is not that of the mark");
}

TEST_CASE("what is kept becomes a log of its own, and nothing readable is dropped", "[repair]") {
    DamagedLog log;
    log.lost_entries = {300, 302};
    const auto found = find_provable(log, {{"the mark", 600, log.root_at(600)}});
    const TemporaryFolder folder;
    const auto target = folder.path() / "repaired";
    const auto written = write_kept(log, found, target);
    REQUIRE(written.has_value());
    REQUIRE(written->log_id != log.log_id());

    {
        const auto repaired = storage::RocksEventLog::open(target);
        REQUIRE(repaired.has_value());
        REQUIRE((*repaired)->log_id() == written->log_id);
        REQUIRE((*repaired)->size() == 300);
        REQUIRE(storage::merkle::root_at(**repaired, 300) == log.root_at(300));
        REQUIRE((*repaired)->read(0, 300)->back().bytes == log.read(299, 1)->front().bytes);
    }
    const std::string left_out = text_of(target / "left-out.ndjson");
    REQUIRE(std::count(left_out.begin(), left_out.end(), '\n') == 298);
    REQUIRE(left_out.starts_with(R"({"position":301,"entry":"{\"specversion\":)"));

    const auto again = write_kept(log, found, target);
    REQUIRE(!again.has_value());
    REQUIRE(again.error().ends_with("is not empty"));
}
