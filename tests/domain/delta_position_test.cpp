#include "delta_json.hpp"
#include "domain/text/delta.hpp"

#include <catch2/catch.hpp>

using namespace mosty;
using namespace mosty::test;
using namespace mosty::text;

namespace {

struct Move {
    const char* name;
    const char* change;
    std::size_t position;
    std::size_t result;
};

} // namespace

TEST_CASE("a place moves with the text", "[delta]") {
    const Move moves[] = {
        {"an insert before it moves it", R"([{"insert":"A"}])", 2, 3},
        {"an insert behind it leaves it", R"([{"retain":2},{"insert":"A"}])", 1, 1},
        {"an astral letter before it counts twice", R"([{"insert":"🌉"}])", 2, 4},
        {"a deletion before it moves it", R"([{"delete":1}])", 2, 1},
        {"a deletion behind it leaves it", R"([{"retain":4},{"delete":2}])", 2, 2},
        {"a deletion across it moves it to where it began", R"([{"retain":1},{"delete":4}])", 2, 1},
        {"an insert and a deletion before it", R"([{"retain":2},{"insert":"A"},{"delete":2}])", 4, 3},
        {"an insert before and a deletion across it", R"([{"retain":2},{"insert":"A"},{"delete":4}])", 4, 3},
        {"deletions before and across it", R"([{"delete":1},{"retain":1},{"delete":4}])", 4, 1},
        {"formatting leaves it", R"([{"retain":9,"attributes":{"bold":true}}])", 4, 4},
        {"nothing leaves it", R"([])", 4, 4},
        {"a place past the end of the change", R"([{"delete":3},{"insert":"A"}])", 100, 98},
    };
    for (const Move& each : moves) {
        DYNAMIC_SECTION(each.name) {
            const Delta change = delta_of(each.change);
            CHECK(transform_position(change, each.position, Priority::first) == each.result);
            CHECK(transform_position(change, each.position, Priority::second) == each.result);
        }
    }
}

TEST_CASE("text inserted just at a place moves it only when the place does not come first", "[delta]") {
    const Delta change = delta_of(R"([{"retain":2},{"insert":"A"}])");
    REQUIRE(transform_position(change, 2, Priority::first) == 2);
    REQUIRE(transform_position(change, 2, Priority::second) == 3);
    const Delta replaced = delta_of(R"([{"retain":2},{"insert":"A"},{"delete":3}])");
    REQUIRE(transform_position(replaced, 2, Priority::first) == 2);
    REQUIRE(transform_position(replaced, 2, Priority::second) == 3);
}
