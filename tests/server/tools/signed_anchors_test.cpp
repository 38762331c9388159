#include "server/audit/keeper.hpp"
#include "server/tools/checkpoint_check.hpp"
#include "tests/server/audit/audit_log.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

using namespace mosty;
using audit::CheckpointKeeper;
using storage::TemporaryFolder;
using tools::Findings;
using tools::signed_anchors;

namespace {

namespace fs = std::filesystem;

// A folder whose log was signed at 3 and at 5 entries.
void sign_twice(const fs::path& folder, const audit::WordLog& log) {
    auto keeper = CheckpointKeeper::open(folder, log.log, "example.com/log");
    REQUIRE(keeper.has_value());
    REQUIRE(keeper->sign(3).has_value());
    REQUIRE(keeper->sign(5).has_value());
}

} // namespace

TEST_CASE("a folder without checkpoints has no anchors, and nothing is made in it", "[verify]") {
    const TemporaryFolder folder;
    Findings findings;
    REQUIRE(signed_anchors(folder.path(), findings).empty());
    REQUIRE(findings.none());
    REQUIRE(fs::is_empty(folder.path()));
}

TEST_CASE("every signed checkpoint is an anchor", "[verify]") {
    const TemporaryFolder folder;
    const audit::WordLog log("event", 5);
    sign_twice(folder.path(), log);
    Findings findings;
    const auto anchors = signed_anchors(folder.path(), findings);
    REQUIRE(findings.none());
    REQUIRE(anchors.size() == 2);
    REQUIRE(anchors[0].size == 3);
    REQUIRE(anchors[1].size == 5);
    REQUIRE(anchors[1].root == storage::merkle::root_at(log.log, 5));
}

TEST_CASE("a checkpoint that was changed is a finding and no anchor", "[verify]") {
    const TemporaryFolder folder;
    sign_twice(folder.path(), audit::WordLog("event", 5));
    const fs::path file = folder.path() / audit::checkpoint_file_name;
    std::ifstream from(file);
    std::string text{std::istreambuf_iterator<char>(from), {}};
    from.close();
    text.replace(text.find("\n5\n"), 3, "\n4\n");
    std::ofstream(file) << text;

    Findings findings;
    REQUIRE(signed_anchors(folder.path(), findings).size() == 1);
    REQUIRE(findings.total == 1);
    REQUIRE(findings.sentences.front().starts_with("the checkpoint of 4 entries: "));
}

TEST_CASE("checkpoints without their key, or with another, are findings", "[verify]") {
    const TemporaryFolder folder;
    sign_twice(folder.path(), audit::WordLog("event", 5));
    const fs::path key = folder.path() / audit::checkpoint_key_name;
    fs::remove(key);
    Findings without;
    REQUIRE(signed_anchors(folder.path(), without).empty());
    REQUIRE(without.sentences ==
            std::vector<std::string>{"the checkpoints prove nothing: checkpoint.key is not here"});
    REQUIRE(!fs::exists(key));

    REQUIRE(audit::Ed25519Key::open(key).has_value());
    Findings with_another;
    REQUIRE(signed_anchors(folder.path(), with_another).empty());
    REQUIRE(with_another.total == 2);
}
