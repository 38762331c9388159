#include "saved_log.hpp"
#include "server/backup/heads.hpp"
#include "server/backup/prove.hpp"
#include "storage/merkle/tree.hpp"

#include <catch2/catch.hpp>

namespace mosty::test {
namespace {

const audit::Ed25519Key secret = audit::Ed25519Key::from_seed("0123456789abcdef0123456789abcdef");

} // namespace

TEST_CASE("a backup that reaches a checkpoint from elsewhere is proven by it", "[backup]") {
    SavedLog saved(41);
    saved.grow_to(700);
    const auto manifest = saved.saved();
    const auto outside =
        signed_checkpoint("bridges.example", 650, storage::merkle::root_at(saved.log, 650).value(), secret);
    const auto proof = backup::prove(saved.folder(), manifest, outside, nullptr);
    REQUIRE(proof.is_sound());
    REQUIRE(proof.proven.back() == "the first 650 of them are those that bridges.example signed");
}

TEST_CASE("what a checkpoint from elsewhere proves beyond the backup is told exactly", "[backup]") {
    SavedLog saved(43);
    saved.grow_to(1'180);
    const auto manifest = saved.saved();
    saved.grow_to(1'200);
    const auto outside = signed_checkpoint("bridges.example", 1'200,
                                           storage::merkle::root_at(saved.log, 1'200).value(), secret);
    const auto proof = backup::prove(saved.folder(), manifest, outside, nullptr);
    REQUIRE(!proof.is_sound());
    REQUIRE(proof.entries_proven);
    REQUIRE(proof.wrong == std::vector<std::string>{"the checkpoint proves 1,200 entries, the backup holds "
                                                    "1,180: positions 1,180–1,199 are missing"});

    const auto next = signed_checkpoint("bridges.example", 1'181,
                                        storage::merkle::root_at(saved.log, 1'181).value(), secret);
    REQUIRE(backup::prove(saved.folder(), manifest, next, nullptr).wrong ==
            std::vector<std::string>{"the checkpoint proves 1,181 entries, the backup holds 1,180: position "
                                     "1,180 is missing"});
}

TEST_CASE("a checkpoint of another history contradicts the backup", "[backup]") {
    SavedLog saved(45), other(46);
    saved.grow_to(700);
    other.grow_to(700);
    const auto manifest = saved.saved();
    const auto outside =
        signed_checkpoint("bridges.example", 650, storage::merkle::root_at(other.log, 650).value(), secret);
    const auto proof = backup::prove(saved.folder(), manifest, outside, nullptr);
    REQUIRE(!proof.is_sound());
    REQUIRE(proof.wrong == std::vector<std::string>{
                               "the checkpoint of bridges.example over 650 entries is not of these entries"});
}

TEST_CASE("a backup keeps all checkpoints that its entries reach, and their key", "[backup]") {
    SavedLog saved(47);
    for (const Size size : {Size{50}, Size{300}, Size{512}}) {
        saved.grow_to(size);
        saved.sign();
        saved.saved();
    }
    saved.grow_to(600);
    const auto manifest = saved.saved();
    const auto heads = backup::heads_of_backup(saved.folder(), manifest).value();
    REQUIRE(heads.checkpoints.size() == 3);
    REQUIRE(heads.key == saved.key());
    REQUIRE(heads.as_bytes().checkpoints == saved.heads.checkpoints);
    const auto proof = backup::prove(saved.folder(), manifest, {}, nullptr);
    REQUIRE(proof.is_sound());
    REQUIRE(proof.proven.back() == "the first 512 of them are those that bridges.example signed");
}

TEST_CASE("numbers are grouped for reading", "[backup]") {
    REQUIRE(backup::grouped(0) == "0");
    REQUIRE(backup::grouped(999) == "999");
    REQUIRE(backup::grouped(1'000) == "1,000");
    REQUIRE(backup::grouped(12'345'678) == "12,345,678");
}

} // namespace mosty::test
