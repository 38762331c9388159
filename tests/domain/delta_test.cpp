#include "delta_json.hpp"
#include "domain/text/delta.hpp"

#include <catch2/catch.hpp>

using namespace mosty;
using namespace mosty::test;
using namespace mosty::text;

namespace {

// What two deltas give. `first` and `second` are as their operation says.
struct Case {
    const char* name;
    const char* first;
    const char* second;
    const char* result;
};

} // namespace

TEST_CASE("pushing keeps a delta normalised", "[delta]") {
    // Here `first` is what is pushed, as it was written.
    const Case cases[] = {
        {"an insert of nothing adds nothing", R"([{"retain":1,"attributes":{"bold":true}}])", "",
         R"([{"retain":1,"attributes":{"bold":true}}])"},
        {"neighbouring inserts are one", R"([{"insert":"a"},{"insert":"b"}])", "", R"([{"insert":"ab"}])"},
        {"neighbouring inserts with the same attributes are one",
         R"([{"insert":"a","attributes":{"bold":true,"link":"https://a.test"}},
             {"insert":"b","attributes":{"link":"https://a.test","bold":true}}])",
         "", R"([{"insert":"ab","attributes":{"bold":true,"link":"https://a.test"}}])"},
        {"inserts with other attributes stay apart",
         R"([{"insert":"a","attributes":{"bold":true}},{"insert":"b"}])", "",
         R"([{"insert":"a","attributes":{"bold":true}},{"insert":"b"}])"},
        {"inserts with other links stay apart",
         R"([{"insert":"a","attributes":{"link":"https://a.test"}},
             {"insert":"b","attributes":{"link":"https://b.test"}}])",
         "",
         R"([{"insert":"a","attributes":{"link":"https://a.test"}},{"insert":"b","attributes":{"link":"https://b.test"}}])"},
        {"neighbouring retains with the same attributes are one",
         R"([{"retain":1,"attributes":{"header":2}},{"retain":2,"attributes":{"header":2}}])", "",
         R"([{"retain":3,"attributes":{"header":2}}])"},
        {"retains with other attributes stay apart",
         R"([{"retain":1},{"retain":2,"attributes":{"header":null}}])", "",
         R"([{"retain":1},{"retain":2,"attributes":{"header":null}}])"},
        {"neighbouring deletions are one", R"([{"delete":1},{"delete":2}])", "", R"([{"delete":3}])"},
        {"an insert after a deletion stands before it", R"([{"delete":2},{"insert":"a"}])", "",
         R"([{"insert":"a"},{"delete":2}])"},
        {"an insert after a deletion joins the insert before it",
         R"([{"insert":"a"},{"delete":2},{"insert":"b"}])", "", R"([{"insert":"ab"},{"delete":2}])"},
        {"an insert after a deletion stands between it and another insert",
         R"([{"insert":"a","attributes":{"bold":true}},{"delete":2},{"insert":"b"},{"delete":1}])", "",
         R"([{"insert":"a","attributes":{"bold":true}},{"insert":"b"},{"delete":3}])"},
        {"a last retain without attributes is dropped", R"([{"insert":"a"},{"retain":2}])", "",
         R"([{"insert":"a"}])"},
        {"a last retain with attributes stays", R"([{"retain":2,"attributes":{"bold":true}}])", "",
         R"([{"retain":2,"attributes":{"bold":true}}])"},
        {"a last insert stays", R"([{"retain":2},{"insert":"a"}])", "", R"([{"retain":2},{"insert":"a"}])"},
    };
    for (const Case& each : cases) {
        DYNAMIC_SECTION(each.name) {
            CHECK(json_of(delta_of(each.first)) == each.result);
        }
    }
}

TEST_CASE("operations of length 0 are never added", "[delta]") {
    Delta delta;
    delta.insert(u"").retain(0).remove(0);
    REQUIRE(delta.is_empty());
}

TEST_CASE("a delta knows how much of a text it speaks of and how the text grows", "[delta]") {
    const Delta delta = delta_of(R"([{"retain":4},{"insert":"мости 🌉"},{"delete":3}])");
    REQUIRE(delta.base_length() == 7);
    REQUIRE(delta.growth() == 8 - 3);
    REQUIRE(Delta{}.base_length() == 0);
    REQUIRE(Delta{}.growth() == 0);
}

TEST_CASE("composing makes one delta of two that follow each other", "[delta]") {
    const Case cases[] = {
        {"an insert in front of an insert", R"([{"insert":"A"}])", R"([{"insert":"B"}])",
         R"([{"insert":"BA"}])"},
        {"formatting what was inserted", R"([{"insert":"A"}])",
         R"([{"retain":1,"attributes":{"bold":true,"link":"https://a.test"}}])",
         R"([{"insert":"A","attributes":{"bold":true,"link":"https://a.test"}}])"},
        {"deleting what was inserted leaves nothing", R"([{"insert":"A"}])", R"([{"delete":1}])", R"([])"},
        {"an insert after a deletion stands before it", R"([{"delete":1}])", R"([{"insert":"B"}])",
         R"([{"insert":"B"},{"delete":1}])"},
        {"formatting behind a deletion", R"([{"delete":1}])", R"([{"retain":1,"attributes":{"bold":true}}])",
         R"([{"delete":1},{"retain":1,"attributes":{"bold":true}}])"},
        {"a deletion after a deletion adds up", R"([{"delete":1}])", R"([{"delete":1}])",
         R"([{"delete":2}])"},
        {"an insert in front of formatting", R"([{"retain":1,"attributes":{"bold":true}}])",
         R"([{"insert":"B"}])", R"([{"insert":"B"},{"retain":1,"attributes":{"bold":true}}])"},
        {"the later formatting wins", R"([{"retain":1,"attributes":{"header":1}}])",
         R"([{"retain":1,"attributes":{"bold":true,"header":3}}])",
         R"([{"retain":1,"attributes":{"bold":true,"header":3}}])"},
        {"deleting what was formatted", R"([{"retain":1,"attributes":{"bold":true}}])", R"([{"delete":1}])",
         R"([{"delete":1}])"},
        {"an insert in the middle of an insert", R"([{"insert":"Hello"}])",
         R"([{"retain":3},{"insert":"X"}])", R"([{"insert":"HelXlo"}])"},
        {"deleting before inserting at one place", R"([{"insert":"Hello"}])",
         R"([{"retain":3},{"delete":1},{"insert":"X"}])", R"([{"insert":"HelXo"}])"},
        {"inserting before deleting at one place", R"([{"insert":"Hello"}])",
         R"([{"retain":3},{"insert":"X"},{"delete":1}])", R"([{"insert":"HelXo"}])"},
        {"deleting all and inserting behind it", R"([{"retain":4},{"insert":"Hello"}])", R"([{"delete":9}])",
         R"([{"delete":4}])"},
        {"a retain past the end keeps the whole", R"([{"insert":"Hello"}])", R"([{"retain":10}])",
         R"([{"insert":"Hello"}])"},
        {"taking an attribute from what was inserted", R"([{"insert":"A","attributes":{"bold":true}}])",
         R"([{"retain":1,"attributes":{"bold":null}}])", R"([{"insert":"A"}])"},
        {"taking a link from what was inserted", R"([{"insert":"A","attributes":{"link":"https://a.test"}}])",
         R"([{"retain":1,"attributes":{"link":null}}])", R"([{"insert":"A"}])"},
        {"taking away stays told of a text that was there before",
         R"([{"retain":1,"attributes":{"bold":true}}])", R"([{"retain":1,"attributes":{"bold":null}}])",
         R"([{"retain":1,"attributes":{"bold":null}}])"},
        {"a value after taking away", R"([{"retain":1,"attributes":{"list":null}}])",
         R"([{"retain":1,"attributes":{"list":"bullet"}}])",
         R"([{"retain":1,"attributes":{"list":"bullet"}}])"},
        {"what is passed over at the start stays as it was",
         R"([{"insert":"A","attributes":{"bold":true}},{"insert":"B"},{"insert":"C","attributes":{"bold":true}},{"delete":1}])",
         R"([{"retain":3},{"insert":"D"}])",
         R"([{"insert":"A","attributes":{"bold":true}},{"insert":"B"},{"insert":"C","attributes":{"bold":true}},{"insert":"D"},{"delete":1}])"},
        {"what is passed over may end within an operation",
         R"([{"insert":"A","attributes":{"bold":true}},{"insert":"B"},{"insert":"C","attributes":{"bold":true}},{"retain":5},{"delete":1}])",
         R"([{"retain":4},{"insert":"D"}])",
         R"([{"insert":"A","attributes":{"bold":true}},{"insert":"B"},{"insert":"C","attributes":{"bold":true}},{"retain":1},{"insert":"D"},{"retain":4},{"delete":1}])"},
        {"what follows the second's end stays as it was",
         R"([{"insert":"A","attributes":{"bold":true}},{"insert":"B"},{"insert":"C","attributes":{"bold":true}}])",
         R"([{"delete":1}])", R"([{"insert":"B"},{"insert":"C","attributes":{"bold":true}}])"},
        {"neighbours that a deletion brings together join",
         R"([{"insert":"A","attributes":{"bold":true}},{"insert":"B"},{"insert":"C","attributes":{"bold":true}},{"insert":"D"}])",
         R"([{"retain":1},{"delete":1}])", R"([{"insert":"AC","attributes":{"bold":true}},{"insert":"D"}])"},
        {"two plain retains come to nothing", R"([{"retain":1}])", R"([{"retain":5}])", R"([])"},
        {"nothing after a change", R"([{"retain":2},{"delete":1}])", R"([])",
         R"([{"retain":2},{"delete":1}])"},
        {"a change after nothing", R"([])", R"([{"retain":2},{"delete":1}])",
         R"([{"retain":2},{"delete":1}])"},
    };
    for (const Case& each : cases) {
        DYNAMIC_SECTION(each.name) {
            CHECK(json_of(compose(delta_of(each.first), delta_of(each.second))) == each.result);
        }
    }
}

TEST_CASE("transforming re-bases a delta over an earlier one", "[delta]") {
    // `second` is re-based over `first`, which came first.
    const Case cases[] = {
        {"what was inserted first stays left", R"([{"insert":"A"}])", R"([{"insert":"B"}])",
         R"([{"retain":1},{"insert":"B"}])"},
        {"formatting moves behind an insert", R"([{"insert":"A"}])",
         R"([{"retain":1,"attributes":{"bold":true}}])",
         R"([{"retain":1},{"retain":1,"attributes":{"bold":true}}])"},
        {"a deletion moves behind an insert", R"([{"insert":"A"}])", R"([{"delete":1}])",
         R"([{"retain":1},{"delete":1}])"},
        {"a deletion does not touch an insert", R"([{"delete":1}])", R"([{"insert":"B"}])",
         R"([{"insert":"B"}])"},
        {"formatting of what is deleted is gone", R"([{"delete":1}])",
         R"([{"retain":1,"attributes":{"bold":true}}])", R"([])"},
        {"what both delete is deleted once", R"([{"delete":1}])", R"([{"delete":1}])", R"([])"},
        {"formatting does not move an insert", R"([{"retain":1,"attributes":{"bold":true}}])",
         R"([{"insert":"B"}])", R"([{"insert":"B"}])"},
        {"formatting that came first wins, and other formatting stays",
         R"([{"retain":1,"attributes":{"header":1}}])",
         R"([{"retain":1,"attributes":{"bold":true,"header":2}}])",
         R"([{"retain":1,"attributes":{"bold":true}}])"},
        {"taking away that came first wins", R"([{"retain":1,"attributes":{"bold":null}}])",
         R"([{"retain":1,"attributes":{"bold":true}}])", R"([])"},
        {"formatting that came first wins over taking away",
         R"([{"retain":1,"attributes":{"link":"https://a.test"}}])",
         R"([{"retain":1,"attributes":{"link":null,"italic":null}}])",
         R"([{"retain":1,"attributes":{"italic":null}}])"},
        {"a deletion is stronger than formatting", R"([{"retain":1,"attributes":{"bold":true}}])",
         R"([{"delete":1}])", R"([{"delete":1}])"},
        {"edits that alternate", R"([{"retain":2},{"insert":"si"},{"delete":5}])",
         R"([{"retain":1},{"insert":"e"},{"delete":5},{"retain":1},{"insert":"ow"}])",
         R"([{"retain":1},{"insert":"e"},{"delete":1},{"retain":2},{"insert":"ow"}])"},
        {"appends at one place", R"([{"retain":3},{"insert":"aa"}])", R"([{"retain":3},{"insert":"bb"}])",
         R"([{"retain":5},{"insert":"bb"}])"},
        {"a prepend and an append", R"([{"insert":"aa"}])", R"([{"retain":3},{"insert":"bb"}])",
         R"([{"retain":5},{"insert":"bb"}])"},
        {"a longer deletion at the end", R"([{"retain":2},{"delete":1}])", R"([{"delete":3}])",
         R"([{"delete":2}])"},
        {"a shorter deletion at the end", R"([{"delete":3}])", R"([{"retain":2},{"delete":1}])", R"([])"},
        {"nothing moves nothing", R"([])", R"([])", R"([])"},
    };
    for (const Case& each : cases) {
        DYNAMIC_SECTION(each.name) {
            const Delta moved = transform(delta_of(each.first), delta_of(each.second), Priority::first);
            CHECK(json_of(moved) == each.result);
        }
    }
}

TEST_CASE("transforming over a later delta gives way to nothing of it", "[delta]") {
    // `second` came first and is carried over `first`.
    const Case cases[] = {
        {"what was inserted first stays left", R"([{"insert":"A"}])", R"([{"insert":"B"}])",
         R"([{"insert":"B"}])"},
        {"formatting that came first stays whole", R"([{"retain":1,"attributes":{"header":1}}])",
         R"([{"retain":1,"attributes":{"bold":true,"header":2}}])",
         R"([{"retain":1,"attributes":{"bold":true,"header":2}}])"},
        {"taking away stays", R"([{"retain":1,"attributes":{"bold":true}}])",
         R"([{"retain":1,"attributes":{"bold":null}}])", R"([{"retain":1,"attributes":{"bold":null}}])"},
        {"appends at one place", R"([{"retain":3},{"insert":"aa"}])", R"([{"retain":3},{"insert":"bb"}])",
         R"([{"retain":3},{"insert":"bb"}])"},
        {"edits that alternate", R"([{"retain":1},{"insert":"e"},{"delete":5},{"retain":1},{"insert":"ow"}])",
         R"([{"retain":2},{"insert":"si"},{"delete":5}])", R"([{"retain":2},{"insert":"si"},{"delete":1}])"},
    };
    for (const Case& each : cases) {
        DYNAMIC_SECTION(each.name) {
            const Delta moved = transform(delta_of(each.first), delta_of(each.second), Priority::second);
            CHECK(json_of(moved) == each.result);
        }
    }
}

TEST_CASE("transforming over changes in turn is not transforming over them composed", "[delta]") {
    const Delta wrote = delta_of(R"([{"retain":1},{"insert":"P"}])");
    const Delta deleted = delta_of(R"([{"delete":1}])");
    const Delta late = delta_of(R"([{"insert":"Q"}])");
    const Delta in_turn = transform(deleted, transform(wrote, late, Priority::first), Priority::first);
    REQUIRE(json_of(in_turn) == R"([{"insert":"Q"}])");
    REQUIRE(json_of(transform(compose(wrote, deleted), late, Priority::first)) ==
            R"([{"retain":1},{"insert":"Q"}])");
}

TEST_CASE("inverting takes a change back", "[delta]") {
    // `first` is the change, `second` the text that it was applied to.
    const Case cases[] = {
        {"what was inserted is deleted", R"([{"retain":2},{"insert":"A"}])", R"([{"insert":"123456"}])",
         R"([{"retain":2},{"delete":1}])"},
        {"what was deleted is inserted", R"([{"retain":2},{"delete":3}])", R"([{"insert":"123456"}])",
         R"([{"retain":2},{"insert":"345"}])"},
        {"what was deleted comes back with its attributes", R"([{"retain":1},{"delete":3}])",
         R"([{"insert":"12"},{"insert":"3","attributes":{"bold":true}},{"insert":"4\n","attributes":{"header":1}}])",
         R"([{"retain":1},{"insert":"2"},{"insert":"3","attributes":{"bold":true}},{"insert":"4","attributes":{"header":1}}])"},
        {"formatting is taken away", R"([{"retain":2},{"retain":3,"attributes":{"bold":true}}])",
         R"([{"insert":"123456"}])", R"([{"retain":2},{"retain":3,"attributes":{"bold":null}}])"},
        {"formatting goes back to what it was", R"([{"retain":3,"attributes":{"header":2}}])",
         R"([{"insert":"1"},{"insert":"2","attributes":{"header":1}},{"insert":"3","attributes":{"header":2}}])",
         R"([{"retain":1,"attributes":{"header":null}},{"retain":1,"attributes":{"header":1}}])"},
        {"what was taken away comes back", R"([{"retain":2,"attributes":{"link":null}}])",
         R"([{"insert":"1","attributes":{"link":"https://a.test"}},{"insert":"2"}])",
         R"([{"retain":1,"attributes":{"link":"https://a.test"}},{"retain":1,"attributes":{"link":null}}])"},
        {"all at once",
         R"([{"delete":2},{"insert":"AB"},{"retain":2,"attributes":{"header":2,"italic":true}},{"retain":2,"attributes":{"bold":null}},{"delete":1}])",
         R"([{"insert":"123","attributes":{"bold":true}},{"insert":"456","attributes":{"header":1}},{"insert":"789","attributes":{"header":2,"bold":true}}])",
         R"([{"insert":"12","attributes":{"bold":true}},{"delete":2},{"retain":1,"attributes":{"italic":null,"header":null}},{"retain":1,"attributes":{"italic":null,"header":1}},{"retain":2,"attributes":{"bold":null}},{"insert":"7","attributes":{"bold":true,"header":2}}])"},
        {"past the end of the text nothing was deleted", R"([{"retain":2},{"delete":9}])",
         R"([{"insert":"123"}])", R"([{"retain":2},{"insert":"3"}])"},
        {"past the end of the text nothing was formatted",
         R"([{"retain":2},{"retain":9,"attributes":{"bold":true}},{"insert":"A"}])", R"([{"insert":"123"}])",
         R"([{"retain":2},{"retain":1,"attributes":{"bold":null}},{"delete":1}])"},
        {"nothing is taken back by nothing", R"([])", R"([{"insert":"123"}])", R"([])"},
    };
    for (const Case& each : cases) {
        DYNAMIC_SECTION(each.name) {
            CHECK(json_of(invert(delta_of(each.first), delta_of(each.second))) == each.result);
        }
    }
}

TEST_CASE("no operation changes what it was given", "[delta]") {
    const Delta first = delta_of(R"([{"insert":"Test","attributes":{"bold":true}},{"delete":2}])");
    const Delta second = delta_of(R"([{"retain":1,"attributes":{"bold":null}},{"delete":2}])");
    const std::string written[] = {json_of(first), json_of(second)};
    compose(first, second);
    transform(first, second, Priority::first);
    transform(first, second, Priority::second);
    invert(second, first);
    REQUIRE(json_of(first) == written[0]);
    REQUIRE(json_of(second) == written[1]);
}

TEST_CASE("the difference of two sets of attributes turns one into the other", "[delta]") {
    const auto attributes_of = [](std::string_view json) {
        return delta_of(json).operations()[0].attributes;
    };
    const Attributes from =
        attributes_of(R"([{"insert":"a","attributes":{"bold":true,"header":1,"link":"https://a.test"}}])");
    const Attributes to =
        attributes_of(R"([{"insert":"a","attributes":{"italic":true,"header":2,"link":"https://b.test"}}])");
    const Attributes between = difference(from, to);
    REQUIRE(compose(from, between, false) == to);
    REQUIRE(compose(to, difference(to, from), false) == from);
    REQUIRE(compose(from, difference(from, {}), false).is_empty());
    REQUIRE(difference(to, to).is_empty());
    REQUIRE(between.format(Format::bold) == null_value);
}
