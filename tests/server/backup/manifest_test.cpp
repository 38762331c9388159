#include "server/backup/folder.hpp"

#include <catch2/catch.hpp>

namespace mosty::backup {
namespace {

const Manifest some{"0123456789abcdef0123456789abcdef",  12'380,
                    storage::merkle::leaf_hash("root"),  "2026-11-26T02:00:00.000Z",
                    "bridges.example+530d903a+AekyeRrm", std::string(64, 'a')};

} // namespace

TEST_CASE("a manifest is read back as it was written", "[backup]") {
    REQUIRE(parse_manifest(format(some)).value() == some);
    Manifest without = some;
    without.key = without.checkpoints = "";
    REQUIRE(parse_manifest(format(without)).value() == without);
}

TEST_CASE("a manifest with any changed, missing or added byte is refused", "[backup]") {
    const std::string text = format(some);
    for (std::size_t at = 0; at < text.size(); ++at) {
        for (int bit = 0; bit < 8; ++bit) {
            std::string flipped = text;
            flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
            REQUIRE(!parse_manifest(flipped));
        }
        REQUIRE(!parse_manifest(text.substr(0, at)));
    }
    REQUIRE(!parse_manifest(text + "\n"));
    REQUIRE(!parse_manifest(""));
}

TEST_CASE("entries of a tile are split as they were joined", "[backup]") {
    std::string bundle;
    const std::vector<std::string> entries{"", "a", std::string(65'535, 'x'), "{}"};
    for (const std::string& entry : entries)
        append_entry(bundle, entry);
    const Split split = split_entries(bundle, 4);
    REQUIRE(split.fault.empty());
    REQUIRE(std::vector<std::string>(split.entries.begin(), split.entries.end()) == entries);

    REQUIRE(split_entries(bundle, 3).fault == "after 3 entries it goes on with what is none");
    REQUIRE(split_entries(bundle, 5).fault == "it holds 4 entries, not 5");
    REQUIRE(split_entries(bundle.substr(0, bundle.size() - 1), 4).entries.size() == 3);
    REQUIRE(split_entries("\x01", 1).fault == "after 0 entries it goes on with what is none");
}

} // namespace mosty::backup
