#include "storage/merkle/tile_path.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <vector>

namespace mosty::storage::merkle {

TEST_CASE("a tile's path is spelled as tlog-tiles spells it, and read back", "[merkle]") {
    const std::vector<std::pair<TilePath, std::string>> paths = {
        {{0, 0, 256}, "tile/0/000"},
        {{0, 1'234'067, 256}, "tile/0/x001/x234/067"}, // the specification's example
        {{1, 5, 17}, "tile/1/005.p/17"},
        {{63, 999, 255}, "tile/63/999.p/255"},
        {{7, 1'000, 1}, "tile/7/x001/000.p/1"},
        {{{}, 273, 112}, "tile/entries/273.p/112"},
        {{{}, 3, 256}, "tile/entries/003"},
        {{0, std::numeric_limits<std::uint64_t>::max(), 256}, "tile/0/x018/x446/x744/x073/x709/x551/615"},
    };
    for (const auto& [path, spelled] : paths) {
        CHECK(format(path) == spelled);
        CHECK(parse_tile_path(spelled) == path);
    }
}

TEST_CASE("what is not exactly a tile's path is no tile", "[merkle]") {
    for (const char* path : {"",
                             "tile",
                             "tile/",
                             "tile/0",
                             "tile/0/",
                             "tile/0/0",
                             "tile/0/00",
                             "tile/0/0000",
                             "tile/0/1000",
                             "tile/00/000",
                             "tile/64/000",
                             "tile/-1/000",
                             "tile/+1/000",
                             "tile/ 1/000",
                             "tile/a/000",
                             "tile/0/x000/000",
                             "tile/0/x001",
                             "tile/0/001/000",
                             "tile/0/x001/x000",
                             "tile/0/x001/00",
                             "tile/0/x01/000",
                             "tile/0/000/",
                             "/tile/0/000",
                             "tile//0/000",
                             "tile/0//000",
                             "tile/0/000.p",
                             "tile/0/000.p/",
                             "tile/0/000.p/0",
                             "tile/0/000.p/256",
                             "tile/0/000.p/257",
                             "tile/0/000.p/01",
                             "tile/0/000.p/-1",
                             "tile/0/000.p/1/",
                             "tile/0/000.p/1.p/1",
                             "tile/0/000.P/1",
                             "tile/0/xxx",
                             "tile/0/x018/x446/x744/x073/x709/x551/616",
                             "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
                             "tile/entry/000",
                             "tile/entries",
                             "tile/entries/0",
                             "tile/Entries/000",
                             "tiles/0/000",
                             "tile/0/000?x",
                             "tile/0/\xd9\xa0\xd9\xa0\xd9\xa0"}) {
        INFO(path);
        CHECK(!parse_tile_path(path));
    }
    CHECK(!parse_tile_path(std::string_view("tile/0/000\0", 11)));
}

} // namespace mosty::storage::merkle
