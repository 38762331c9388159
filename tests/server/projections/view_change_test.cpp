#include "folded.hpp"
#include "server/projections/view_change.hpp"
#include "tests/storage/random_seed.hpp"

namespace mosty::test {

using projections::apply_patch;
using projections::ViewChange;

namespace {

// The finished patch, after checking that it does to the view before what the change did.
std::string finished(ViewChange&& change, json::object before, const json::object& after) {
    std::string patch = std::move(change).finish();
    apply_patch(before, json::parse(patch).as_object());
    CHECK(json::serialize(before) == json::serialize(after)); // the order of members too
    return patch;
}

json::object object(std::string_view text) {
    return json::parse(text).as_object();
}

} // namespace

TEST_CASE("a change writes only what differs", "[view_change]") {
    json::object view = object(R"({"title":"Water","revision":1,"sectors":["energy"],"gone":2})");
    const json::object before = view;
    ViewChange change(view);
    change.set("title", "Water");
    change.set("revision", 2);
    change.set("sectors", json::value(json::array{"energy"}));
    change.erase("gone");
    change.erase("never there");
    change.set("summary", "A \"quoted\" one");
    const std::string patch = finished(std::move(change), before, view);
    REQUIRE(patch == R"({"revision":2,"gone":null,"summary":"A \"quoted\" one"})");
}

TEST_CASE("an object is merged, its lost members are nulls", "[view_change]") {
    json::object view = object(R"({"approved":{"ua":{"at":"x"},"eu":{"at":"y"}}})");
    const json::object before = view;
    ViewChange change(view);
    change.set("approved", json::parse(R"({"eu":{"at":"y","actor":"u-1"}})"));
    const std::string patch = finished(std::move(change), before, view);
    REQUIRE(patch == R"({"approved":{"ua":null,"eu":{"actor":"u-1"}}})");
}

TEST_CASE("a member of a member is set and erased", "[view_change]") {
    json::object view;
    ViewChange first(view);
    first.set_in("budget", "l-1", json::parse(R"({"amount":5})"));
    REQUIRE(finished(std::move(first), {}, view) == R"({"budget":{"l-1":{"amount":5}}})");

    json::object before = view;
    ViewChange same(view);
    same.set_in("budget", "l-1", json::parse(R"({"amount":5})"));
    same.erase_in("budget", "l-2");
    REQUIRE(same.empty());

    ViewChange second(view);
    second.erase_in("budget", "l-1");
    REQUIRE(finished(std::move(second), before, view) == R"({"budget":{"l-1":null}})");
    REQUIRE(view == object(R"({"budget":{}})"));
}

TEST_CASE("who changed a view is told only when it is somebody else", "[view_change]") {
    json::object view;
    ViewChange first(view);
    first.set_changed("10:00", "u-1", 7);
    REQUIRE(std::move(first).finish() == R"({"changed":{"at":"10:00","actor":"u-1","position":7}})");
    const json::object before = view;
    ViewChange second(view);
    second.set_changed("10:01", "u-1", 8);
    REQUIRE(finished(std::move(second), before, view) == R"({"changed":{"at":"10:01","position":8}})");
}

namespace {

json::value random_value(std::mt19937_64& random, int depth);

json::object random_object(std::mt19937_64& random, int depth) {
    json::object object;
    for (auto left = storage::random_below(random, 5); left > 0; --left)
        object[std::string(1, static_cast<char>('a' + storage::random_below(random, 6)))] =
            random_value(random, depth - 1);
    return object;
}

json::value random_value(std::mt19937_64& random, int depth) {
    switch (storage::random_below(random, depth > 0 ? 5 : 3)) {
    case 0:
        return static_cast<std::int64_t>(storage::random_below(random, 3));
    case 1:
        return storage::random_below(random, 2) == 0 ? "one" : "a text longer than fourteen letters";
    case 2:
        return json::array{1, "x"};
    default:
        return random_object(random, depth);
    }
}

} // namespace

TEST_CASE("a patch does to the view before what the change did", "[view_change][property]") {
    std::mt19937_64 random(storage::random_seed("view_change"));
    for (int round = 0; round < 2'000; ++round) {
        json::object view = random_object(random, 3);
        json::object before = view;
        json::object wanted = random_object(random, 3);
        ViewChange change(view);
        change.become(wanted, std::array{"a", "b", "c", "d", "e", "f"});
        REQUIRE(view == wanted);
        const std::string patch = std::move(change).finish();
        INFO(json::serialize(before) << " " << patch);
        apply_patch(before, json::parse(patch).as_object());
        REQUIRE(json::serialize(before) == json::serialize(view));
    }
}

} // namespace mosty::test
