#include "saved_log.hpp"
#include "server/backup/check.hpp"
#include "server/backup/restore.hpp"
#include "server/backup/write.hpp"
#include "storage/merkle/tree.hpp"
#include "tests/storage/random_seed.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace mosty::test {

using backup::Fault;
using storage::random_below;
using storage::random_rounds;
using storage::random_seed;

namespace {

// The backup gives the log back, byte for byte.
void require_restores(const SavedLog& saved, Size size) {
    storage::MemoryEventLog restored;
    const auto manifest = saved.manifest();
    REQUIRE(manifest.size == size);
    REQUIRE(backup::check(saved.folder(), manifest, {}).is_sound());
    REQUIRE(backup::restore(saved.folder(), manifest, restored, nullptr).has_value());
    REQUIRE(restored.size() == size);
    const auto entries = restored.read(0, size).value();
    for (Position position = 0; position < size; ++position)
        REQUIRE(entries[position].bytes == saved.bytes(position));
    REQUIRE(storage::merkle::root_at(restored, size).value() ==
            storage::merkle::root_at(saved.log, size).value());
}

// A log that answers with another entry than it recorded.
class TamperedLog final : public storage::LogReader {
public:
    TamperedLog(const storage::LogReader& log, Position tampered) : log_(log), tampered_(tampered) {}

    Result<std::vector<storage::Entry>, storage::ReadError> read(Position from,
                                                                 std::size_t count) const override {
        auto entries = log_.read(from, count);
        for (auto& entry : *entries)
            if (entry.position == tampered_)
                entry.bytes.back() = ' ';
        return entries;
    }
    Result<std::optional<Position>, storage::ReadError> find(std::string_view key) const override {
        return log_.find(key);
    }
    Result<std::vector<storage::KeyedPosition>, storage::ReadError>
    scan(std::string_view prefix, std::string_view from, std::size_t count) const override {
        return log_.scan(prefix, from, count);
    }
    Result<std::vector<storage::merkle::Hash>, storage::ReadError> hashes(unsigned level, std::uint64_t from,
                                                                          std::size_t count) const override {
        return log_.hashes(level, from, count);
    }
    Size size() const override { return log_.size(); }
    const std::string& log_id() const override { return log_.log_id(); }

private:
    const storage::LogReader& log_;
    const Position tampered_;
};

struct CutShort {};

} // namespace

TEST_CASE("a backup of any size gives the log back, byte for byte", "[backup]") {
    for (const Size size : {Size{0}, Size{20}, Size{255}, Size{256}, Size{257}, Size{1'000}}) {
        SavedLog saved(7);
        saved.grow_to(size);
        REQUIRE(saved.saved().size == size);
        require_restores(saved, size);
    }
}

TEST_CASE("a backup over several levels of tiles gives the log back", "[backup]") {
    SavedLog saved(9);
    std::vector<storage::NewEntry> batch;
    saved.grow_to(100);
    // Two levels above the leaves need more than 65,536 entries: small ones, which nobody decodes.
    for (int round = 0; round < 33; ++round) {
        batch.clear();
        for (int i = 0; i < 2'000; ++i)
            batch.push_back({"entry " + std::to_string(round * 2'000 + i), {}});
        REQUIRE(saved.log.append(batch, saved.log.size()).has_value());
        if (round == 16)
            saved.saved();
    }
    const auto manifest = saved.saved();
    REQUIRE(manifest.size == 66'100);
    REQUIRE(std::filesystem::exists(saved.folder() / "tile/2/000.p/1"));
    REQUIRE(backup::check(saved.folder(), manifest, {}).is_sound());
    REQUIRE(manifest.root == storage::merkle::root_at(saved.log, 66'100).value());
}

TEST_CASE("a backup that grows in random steps is always whole and leaves no old tiles",
          "[backup][property]") {
    const auto seed = random_seed("backup: growing");
    std::mt19937_64 random(seed);
    for (int round = random_rounds(3); round > 0; --round) {
        SavedLog growing(random());
        for (int step = 0; step < 8; ++step) {
            growing.grow_to(growing.log.size() + random_below(random, 400));
            if (random_below(random, 2) == 0)
                growing.sign();
            growing.saved();
        }
        require_restores(growing, growing.log.size());
        const storage::TemporaryFolder at_once;
        REQUIRE(backup::write(growing.log, growing.log.size(), growing.heads, at_once.path(),
                              growing.manifest().time, nullptr)
                    .has_value());
        REQUIRE(files_in(growing.folder()) == files_in(at_once.path()));
    }
}

TEST_CASE("a further backup writes only the tiles that grew", "[backup]") {
    SavedLog saved(11);
    saved.grow_to(5'000);
    const auto first = saved.save().value();
    const auto before = files_in(saved.folder());
    saved.grow_to(5'100);
    const auto second = saved.save().value();

    REQUIRE(first.files > 20);
    REQUIRE(second.before->size == 5'000);
    // The tile of entries and the tile of hashes that 5,000 to 5,099 fall into, which end at 5,120.
    REQUIRE(second.files == 2);
    REQUIRE(second.bytes < first.bytes / 15);
    const auto after = files_in(saved.folder());
    REQUIRE(std::ranges::count_if(before, [&](const auto& file) {
                return !after.contains(file.first) || after.at(file.first) != file.second;
            }) == 3); // those two, outgrown, and the manifest
    require_restores(saved, 5'100);

    REQUIRE(saved.save()->files == 0);
    require_restores(saved, 5'100);
}

TEST_CASE("a backup cut short anywhere leaves the one before, and the next completes it", "[backup]") {
    SavedLog saved(13);
    saved.grow_to(300);
    saved.sign();
    saved.saved();
    saved.grow_to(2'000);
    saved.sign();
    bool was_cut = true;
    for (int steps = 0; was_cut; ++steps) {
        int left = steps;
        was_cut = false;
        try {
            const auto written = saved.save([&](Size) {
                if (left-- == 0)
                    throw CutShort();
            });
            REQUIRE(written.has_value());
        } catch (const CutShort&) {
            was_cut = true;
            require_restores(saved, 300);
        }
    }
    require_restores(saved, 2'000);
    REQUIRE(saved.manifest().checkpoints == backup::to_hex(storage::sha256(saved.heads.checkpoints)));
}

TEST_CASE("a first backup cut short is begun again", "[backup]") {
    SavedLog saved(15);
    saved.grow_to(600);
    saved.sign();
    REQUIRE_THROWS_AS(saved.save([](Size) { throw CutShort(); }), CutShort);
    REQUIRE(!backup::read_manifest(saved.folder()).value());
    saved.saved();
    require_restores(saved, 600);
}

TEST_CASE("a folder with something else in it is no place for a backup", "[backup]") {
    SavedLog saved(17);
    saved.grow_to(10);
    write_bytes(saved.folder() / "photo.jpg", "…");
    const auto refused = saved.save();
    REQUIRE(refused.error().code == Fault::Code::foreign);
    REQUIRE(refused.error().sentence.find("photo.jpg") != std::string::npos);
    REQUIRE(files_in(saved.folder()).size() == 1);
}

TEST_CASE("a backup is never continued with another log, nor with a shorter one", "[backup]") {
    SavedLog saved(19);
    saved.grow_to(400);
    saved.saved();
    const auto before = files_in(saved.folder());

    SavedLog other(20);
    other.grow_to(500);
    const auto foreign =
        backup::write(other.log, 500, {}, saved.folder(), "2026-11-26T03:00:00.000Z", nullptr);
    REQUIRE(foreign.error().code == Fault::Code::foreign);
    REQUIRE(foreign.error().sentence.find("are not the first of this log") != std::string::npos);

    const auto shorter =
        backup::write(saved.log, 399, {}, saved.folder(), "2026-11-26T03:00:00.000Z", nullptr);
    REQUIRE(shorter.error().code == Fault::Code::foreign);
    REQUIRE(shorter.error().sentence.find("holds 400 entries, the log only 399") != std::string::npos);
    REQUIRE(files_in(saved.folder()) == before);
}

TEST_CASE("a restored log, which has another id, goes on with the backup it came from", "[backup]") {
    SavedLog saved(21);
    saved.grow_to(400);
    const auto manifest = saved.saved();
    storage::MemoryEventLog restored(
        std::make_shared<storage::MemoryDisk>("11111111111111111111111111111111"));
    REQUIRE(backup::restore(saved.folder(), manifest, restored, nullptr).has_value());
    const auto written =
        backup::write(restored, 400, {}, saved.folder(), "2026-11-26T03:00:00.000Z", nullptr);
    REQUIRE(written.has_value());
    REQUIRE(saved.manifest().log_id == restored.log_id());
}

TEST_CASE("two backups into one folder at once are refused", "[backup]") {
    SavedLog saved(23);
    saved.grow_to(300);
    bool asked = false;
    const auto first = saved.save([&](Size) {
        if (std::exchange(asked, true))
            return;
        const auto second = saved.save();
        REQUIRE(second.error().code == Fault::Code::in_use);
    });
    REQUIRE(first.has_value());
    REQUIRE(asked);
}

TEST_CASE("an entry that differs from its hash in the log is not saved, and named", "[backup]") {
    SavedLog saved(25);
    saved.grow_to(300);
    saved.saved();
    saved.grow_to(900);
    const TamperedLog tampered(saved.log, 613);
    const auto refused =
        backup::write(tampered, 900, {}, saved.folder(), "2026-11-26T03:00:00.000Z", nullptr);
    REQUIRE(refused.error().code == Fault::Code::damaged);
    REQUIRE(refused.error().sentence.find("entry 613 ") != std::string::npos);
    require_restores(saved, 300);
}

TEST_CASE("a backup's file that is no folder, and a place that is none, are told in a sentence", "[backup]") {
    SavedLog saved(27);
    saved.grow_to(10);
    write_bytes(saved.folder() / "tile", "");
    const auto refused = saved.save();
    REQUIRE(refused.error().code == Fault::Code::failed);
    REQUIRE(refused.error().sentence.find("tile") != std::string::npos);

    const auto nowhere =
        backup::write(saved.log, 10, {}, "/proc/no/such/place", "2026-11-26T03:00:00.000Z", nullptr);
    REQUIRE(nowhere.error().code == Fault::Code::failed);
    REQUIRE(nowhere.error().sentence.find("/proc/no") != std::string::npos);
}

TEST_CASE("entries that are no events of ours, or repeat one, are not restored", "[backup]") {
    const auto refusal = [&](const std::string& second) {
        storage::MemoryEventLog log, into;
        SavedLog some(29);
        some.grow_to(1);
        REQUIRE(log.append(std::vector<storage::NewEntry>{{some.bytes(0), {}}, {second, {}}}, 0).has_value());
        const storage::TemporaryFolder to;
        REQUIRE(backup::write(log, 2, {}, to.path(), "2026-11-26T03:00:00.000Z", nullptr).has_value());
        const auto manifest = backup::read_manifest(to.path()).value().value();
        return backup::restore(to.path(), manifest, into, nullptr).error();
    };
    SavedLog some(29);
    some.grow_to(1);
    REQUIRE(refusal("{}").sentence.find("entry 1 ") != std::string::npos);
    REQUIRE(refusal("{}").code == Fault::Code::damaged);
    REQUIRE(refusal(some.bytes(0)).sentence.find("entry 1 repeats") != std::string::npos);
}

} // namespace mosty::test
