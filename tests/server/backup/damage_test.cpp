#include "saved_log.hpp"
#include "server/backup/check.hpp"
#include "server/backup/heads.hpp"
#include "server/backup/prove.hpp"
#include "storage/merkle/tile_path.hpp"
#include "tests/storage/random_seed.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace mosty::test {

using storage::random_below;
using storage::random_rounds;
using storage::random_seed;

namespace {

std::string all(const std::vector<std::string>& sentences) {
    std::string text;
    for (const auto& sentence : sentences)
        text += sentence + '\n';
    return text;
}

// Which entry of a tile this byte of its file belongs to.
std::size_t entry_at(std::string_view bundle, std::size_t offset) {
    std::size_t index = 0;
    for (std::size_t at = 0;; ++index) {
        const std::size_t length =
            static_cast<unsigned char>(bundle[at]) * 256u + static_cast<unsigned char>(bundle[at + 1]);
        at += 2 + length;
        if (offset < at)
            return index;
    }
}

} // namespace

TEST_CASE("a flipped bit in any file of a backup is found, in an entry with its position",
          "[backup][property]") {
    std::mt19937_64 random(random_seed("backup: flipped bits"));
    SavedLog saved(31);
    saved.grow_to(700);
    saved.sign();
    saved.grow_to(1'000);
    saved.sign();
    const auto manifest = saved.saved();
    const auto files = files_in(saved.folder());
    REQUIRE(backup::prove(saved.folder(), manifest, {}, nullptr).is_sound());

    for (int round = random_rounds(200); round > 0; --round) {
        auto file = files.begin();
        std::advance(file, static_cast<std::ptrdiff_t>(random_below(random, files.size())));
        std::string flipped = file->second;
        const std::size_t at = random_below(random, flipped.size());
        flipped[at] = static_cast<char>(flipped[at] ^ (1 << random_below(random, 8)));
        INFO(file->first << " at " << at);
        write_bytes(saved.folder() / file->first, flipped);

        const auto now = backup::read_manifest(saved.folder());
        if (file->first == "backup") {
            REQUIRE(!now);
        } else {
            const auto proof = backup::prove(saved.folder(), now.value().value(), {}, nullptr);
            REQUIRE(!proof.is_sound());
            INFO(all(proof.damage));
            REQUIRE(all(proof.damage).find(file->first) != std::string::npos);
            const auto tile = storage::merkle::parse_tile_path(file->first);
            REQUIRE(proof.entries_proven == !(tile && !tile->level));
            if (tile && !tile->level) {
                // A length that was hit takes what follows it in the tile along.
                const Position first = tile->number * 256 + entry_at(file->second, at);
                const std::string told = all(proof.damage);
                INFO(told);
                REQUIRE((told.find("entry " + std::to_string(first) + " is damaged") != std::string::npos ||
                         told.find("entries " + std::to_string(first) + " to") != std::string::npos));
            } else if (tile && *tile->level == 0) {
                const auto position = std::to_string(tile->number * 256 + at / 32);
                REQUIRE(all(proof.damage).find("the stored hash of entry " + position + " is damaged") !=
                        std::string::npos);
            }
        }
        write_bytes(saved.folder() / file->first, file->second);
    }
}

TEST_CASE("a missing, cut, lengthened or swapped file of a backup is found", "[backup]") {
    SavedLog saved(33);
    saved.grow_to(1'000);
    saved.sign();
    const auto manifest = saved.saved();
    const auto files = files_in(saved.folder());
    for (const auto& [name, bytes] : files) {
        if (name == "backup")
            continue;
        const auto require_found = [&, &file = name] {
            INFO(file);
            const auto proof = backup::prove(saved.folder(), manifest, {}, nullptr);
            REQUIRE(!proof.is_sound());
            REQUIRE(!proof.damage.empty());
        };
        std::filesystem::remove(saved.folder() / name);
        require_found();
        write_bytes(saved.folder() / name, bytes.substr(0, bytes.size() / 2));
        require_found();
        write_bytes(saved.folder() / name, bytes + "x");
        require_found();
        write_bytes(saved.folder() / name, "");
        require_found();
        write_bytes(saved.folder() / name, bytes);
    }
    const auto swap = [&](const std::string& one, const std::string& other) {
        write_bytes(saved.folder() / one, files.at(other));
        write_bytes(saved.folder() / other, files.at(one));
        const auto proof = backup::prove(saved.folder(), manifest, {}, nullptr);
        REQUIRE(!proof.entries_proven);
        write_bytes(saved.folder() / one, files.at(one));
        write_bytes(saved.folder() / other, files.at(other));
    };
    swap("tile/entries/000", "tile/entries/001");
    REQUIRE(backup::prove(saved.folder(), manifest, {}, nullptr).is_sound());
}

TEST_CASE("a further backup finds what has rotted in the one before, and leaves its name as it was",
          "[backup]") {
    SavedLog saved(37);
    saved.grow_to(600);
    const auto before = saved.saved();
    const auto old = saved.folder() / "tile/entries/000";
    const std::string whole = files_in(saved.folder()).at("tile/entries/000");
    for (const bool is_missing : {false, true}) {
        if (is_missing) {
            std::filesystem::remove(old);
        } else {
            std::string rotten = whole;
            rotten[5'000] = static_cast<char>(rotten[5'000] ^ 1);
            write_bytes(old, rotten);
        }
        saved.grow_to(is_missing ? 800 : 700);
        const auto written = saved.save();
        REQUIRE(!written);
        REQUIRE(written.error().code == backup::Fault::Code::damaged);
        INFO(written.error().sentence);
        REQUIRE(written.error().sentence.find("does not read back whole") != std::string::npos);
        REQUIRE(backup::read_manifest(saved.folder()).value().value() == before);
    }
    write_bytes(old, whole);
    REQUIRE(saved.save());
}

TEST_CASE("entries and hashes changed together do not pass for the backup", "[backup]") {
    SavedLog saved(35), other(36);
    saved.grow_to(500);
    const auto manifest = saved.saved();
    other.grow_to(500);
    other.saved();
    for (const auto& [name, bytes] : files_in(other.folder()))
        if (name != "backup")
            write_bytes(saved.folder() / name, bytes);
    const auto report = backup::check(saved.folder(), manifest, {});
    REQUIRE(!report.entries_proven);
    REQUIRE(all(report.damages).find("not with the root") != std::string::npos);
}

TEST_CASE("of many damages the first are told, and how many more there are", "[backup]") {
    SavedLog saved(37);
    saved.grow_to(500);
    const auto manifest = saved.saved();
    write_bytes(saved.folder() / "tile/0/000", std::string(8'192, 'x'));
    backup::CheckRequest request;
    request.damages_kept_max = 10;
    const auto report = backup::check(saved.folder(), manifest, request);
    REQUIRE(report.entries_proven);
    REQUIRE(report.damages.size() == 10);
    REQUIRE(report.damages_total >= 256);
}

} // namespace mosty::test
