#include "delta_json.hpp"
#include "domain/text/decide.hpp"
#include "text_desk.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace mosty;
using namespace mosty::test;

namespace {

std::string suggest(World& world, const Actor& actor, std::string_view id, std::uint64_t base,
                    std::string_view change) {
    return world.send(actor, needs, "suggest_in_text",
                      fmt::format(R"({{"suggestion":"{}","base":{},"change":{}}})", id, base, change));
}

std::string answer(World& world, const Actor& actor, std::string_view command, std::string_view id = "s-1") {
    return world.send(actor, needs, command, fmt::format(R"({{"suggestion":"{}"}})", id));
}

// A text "Старий міст", revision 1.
World with_text() {
    World world = with_proposal();
    write(world, ua_officer, R"([{"insert":"Старий міст"}])");
    return world;
}

const text::Suggestion& suggestion(World& world) {
    return text_state(world).suggestions.at(text::SuggestionId("s-1"));
}

} // namespace

TEST_CASE("a suggestion leaves the text alone and quotes what it would change", "[text]") {
    World world = with_text();
    REQUIRE(
        world.send(
            eu_officer, needs, "suggest_in_text",
            R"({"suggestion":"s-1","base":1,"change":[{"delete":6},{"insert":"Новий"}],"note":"Ні"})") ==
        R"(text.suggested {"suggestion":"s-1","change":[{"insert":"Новий"},{"delete":6}],"quote":"Старий",)"
        R"("note":"Ні","organisation":"HU_10719"})");
    REQUIRE(words(world) == "Старий міст\n");
    REQUIRE(suggest(world, eu_officer, "s-1", 2, R"([{"insert":"x"}])") == "already_exists suggestion");
    REQUIRE(
        suggest(world, eu_officer, "s-2", 2, R"([{"insert":"Наш "}])") ==
        R"(text.suggested {"suggestion":"s-2","change":[{"insert":"Наш "}],"quote":"","organisation":"HU_10719"})");
    REQUIRE(suggest(world, eu_officer, "s-3", 2, "[]") == "invalid_delta change");
    REQUIRE(suggest(world, eu_officer, "s-3", 9, R"([{"insert":"x"}])") == "base_from_future base");
    REQUIRE(suggest(world, eu_officer, "s-3", 2, R"([{"retain":20},{"delete":1}])") ==
            "edit_out_of_range change");
    REQUIRE(suggest(world, eu_officer, "s-3", 2,
                    fmt::format(R"([{{"insert":"{}"}}])", std::string(17'000, 'x'))) ==
            "edit_too_big change");
}

TEST_CASE("a suggestion of what was deleted meanwhile is refused", "[text]") {
    World world = with_text();
    write(world, ua_officer, R"([{"delete":7}])");
    REQUIRE(suggest(world, eu_officer, "s-1", 1, R"([{"retain":2},{"delete":3}])") == "orphaned change");
}

TEST_CASE("an accepted suggestion is an edit by whoever accepts it", "[text]") {
    World world = with_text();
    suggest(world, eu_officer, "s-1", 1, R"([{"delete":6},{"insert":"Новий"}])");
    write(world, ua_officer, R"([{"insert":"Наш "}])");
    REQUIRE(
        answer(world, ua_officer, "accept_suggestion") ==
        R"(text.suggestion_accepted {"suggestion":"s-1","change":[{"retain":4},{"insert":"Новий"},{"delete":6}]})");
    REQUIRE(words(world) == "Наш Новий міст\n");
    REQUIRE(suggestion(world).by.actor == eu_officer.id);
    REQUIRE(suggestion(world).answered->actor == ua_officer.id);
    REQUIRE(answer(world, ua_officer, "accept_suggestion") == "already_done suggestion");
    REQUIRE(answer(world, eu_officer, "decline_suggestion") == "already_done suggestion");
    REQUIRE(answer(world, ua_officer, "accept_suggestion", "s-9") == "not_found suggestion");
    REQUIRE(answer(world, ua_officer, "decline_suggestion", "s-9") == "not_found suggestion");
}

TEST_CASE("an accepted suggestion leaves a newline at the end", "[text]") {
    World world = with_text();
    suggest(world, eu_officer, "s-1", 1, R"([{"retain":6},{"delete":6}])");
    REQUIRE(answer(world, ua_officer, "accept_suggestion") ==
            R"(text.suggestion_accepted {"suggestion":"s-1","change":[{"retain":6},{"delete":6}],)"
            R"("repair":[{"retain":6},{"insert":"\n"}]})");
    REQUIRE(words(world) == "Старий\n");
}

TEST_CASE("a suggestion is answered by another town than the suggester's", "[text]") {
    World world = with_text();
    suggest(world, eu_officer, "s-1", 1, R"([{"delete":1}])");
    const auto accept = [&](const Actor& actor) {
        World tried = world;
        const std::string told = answer(tried, actor, "accept_suggestion");
        return told.substr(0, told.find('{'));
    };
    const auto decline = [&](const Actor& actor) {
        World tried = world;
        const std::string told = answer(tried, actor, "decline_suggestion");
        return told.substr(0, told.find('{'));
    };
    CHECK(accept(eu_officer) == "not_allowed suggestion");
    CHECK(accept(eu_mayor) == "not_allowed suggestion");
    CHECK(accept(ua_officer) == "text.suggestion_accepted ");
    CHECK(accept(ua_mayor) == "text.suggestion_accepted ");
    CHECK(accept(third_officer) == "text.suggestion_accepted ");
    CHECK(accept(secretariat) == "text.suggestion_accepted ");
    CHECK(accept(expert) == "not_allowed");
    CHECK(decline(eu_officer) == "text.suggestion_declined "); // the suggester's own
    CHECK(decline(eu_mayor) == "not_allowed suggestion");
    CHECK(decline(ua_officer) == "text.suggestion_declined ");
    CHECK(decline(secretariat) == "text.suggestion_declined ");
    CHECK(decline(expert) == "not_allowed");
}

TEST_CASE("an expert's suggestion is answered by either town, or taken back", "[text]") {
    World world = with_text();
    REQUIRE(suggest(world, expert, "s-1", 1, R"([{"delete":1}])").starts_with("text.suggested"));
    REQUIRE(suggest(world, expert, "s-2", 1, R"([{"insert":"С"}])").starts_with("text.suggested"));
    REQUIRE(answer(world, expert, "decline_suggestion") ==
            R"(text.suggestion_declined {"suggestion":"s-1"})");
    REQUIRE(answer(world, eu_officer, "accept_suggestion", "s-2").starts_with("text.suggestion_accepted"));
}

TEST_CASE("a suggestion stays that of the town for which it was made, wherever its suggester went",
          "[text]") {
    World world = with_text();
    suggest(world, eu_officer, "s-1", 1, R"([{"delete":1}])");
    world.given(secretariat, "person/" + eu_officer.id.text(), "change_role",
                fmt::format(R"({{"organisation":"{}","role":"officer","reason":"moved"}})", ua_town));
    REQUIRE(suggestion(world).organisation == eu_officer.organisation);
    const Actor moved{eu_officer.id, ua_officer.organisation, Role::officer};
    CHECK(answer(world, eu_mayor, "accept_suggestion") == "not_allowed suggestion");
    CHECK(answer(world, eu_mayor, "decline_suggestion") == "not_allowed suggestion");
    CHECK(answer(world, moved, "accept_suggestion") == "not_allowed suggestion");
    CHECK(answer(world, ua_officer, "accept_suggestion").starts_with("text.suggestion_accepted"));
}

TEST_CASE("of a suggestion from before its organisation was recorded, where the suggester is now counts",
          "[text]") {
    World world = with_text();
    world.record(eu_officer, StreamId(std::string(needs)),
                 text::Suggested{text::SuggestionId("s-1"), text::Delta().remove(1), "С", {}, {}});
    CHECK(answer(world, eu_mayor, "accept_suggestion") == "not_allowed suggestion");
    world.given(secretariat, "person/" + eu_officer.id.text(), "change_role",
                fmt::format(R"({{"organisation":"{}","role":"officer","reason":"moved"}})", ua_town));
    CHECK(answer(world, ua_mayor, "accept_suggestion") == "not_allowed suggestion");
    CHECK(answer(world, eu_mayor, "accept_suggestion").starts_with("text.suggestion_accepted"));
}

TEST_CASE("who goes on with somebody's work takes back what that person suggested, and does not judge it",
          "[text]") {
    World world = with_text();
    suggest(world, eu_officer, "s-1", 1, R"([{"delete":1}])");
    suggest(world, eu_officer, "s-2", 1, R"([{"insert":"С"}])");
    REQUIRE(answer(world, eu_mayor, "decline_suggestion") == "not_allowed suggestion");
    world.given(eu_officer, "person/" + eu_officer.id.text(), "hand_over",
                fmt::format(R"({{"to":"{}","reason":"a new post"}})", eu_mayor.id.text()));
    world.given(eu_officer, "person/" + eu_officer.id.text(), "leave", R"({"reason":"a new post"})");
    CHECK(answer(world, eu_mayor, "accept_suggestion") == "not_allowed suggestion");
    CHECK(answer(world, eu_mayor, "decline_suggestion") ==
          R"(text.suggestion_declined {"suggestion":"s-1"})");
    // Nor where the successor went to the other side.
    const Actor moved{eu_mayor.id, ua_officer.organisation, Role::mayor};
    CHECK(answer(world, moved, "accept_suggestion", "s-2") == "not_allowed suggestion");
    CHECK(answer(world, ua_officer, "accept_suggestion", "s-2").starts_with("text.suggestion_accepted"));
}

TEST_CASE("work goes on by however many hands, and a circle of them ends", "[text]") {
    World world = with_text();
    const Actor third{ActorId("officer-3"), eu_officer.organisation, Role::officer};
    world.given(service, "person/officer-3", "register_person",
                R"({"name":"Third","organisation":"HU_10719","role":"officer","language":"en"})");
    suggest(world, eu_officer, "s-1", 1, R"([{"delete":1}])");
    const auto hand_over = [&](const Actor& from, const Actor& to) {
        world.given(service, "person/" + from.id.text(), "hand_over",
                    fmt::format(R"({{"to":"{}","reason":"a new post"}})", to.id.text()));
    };
    hand_over(eu_officer, eu_mayor);
    hand_over(eu_mayor, eu_officer);
    REQUIRE(answer(world, third, "decline_suggestion") == "not_allowed suggestion");
    hand_over(eu_mayor, third);
    REQUIRE(answer(world, third, "decline_suggestion").starts_with("text.suggestion_declined"));
}

TEST_CASE("a suggestion follows the text while it is open", "[text]") {
    World world = with_text();
    suggest(world, eu_officer, "s-1", 1, R"([{"retain":7},{"delete":4},{"insert":"брід"}])");
    write(world, ua_officer, R"([{"insert":"Наш "}])");
    REQUIRE(json_of(suggestion(world).change) == R"([{"retain":11},{"insert":"брід"},{"delete":4}])");
    write(world, ua_officer, R"([{"retain":11},{"delete":2}])");
    REQUIRE_FALSE(suggestion(world).orphaned);
    REQUIRE(json_of(suggestion(world).change) == R"([{"retain":11},{"insert":"брід"},{"delete":2}])");
    answer(world, eu_officer, "decline_suggestion");
    write(world, ua_officer, R"([{"insert":"x"}])");
    REQUIRE(suggestion(world).change.is_empty());
}

TEST_CASE("a suggestion whose passage is gone is orphaned and can only be declined", "[text]") {
    World world = with_text();
    suggest(world, eu_officer, "s-1", 1, R"([{"retain":7},{"delete":4},{"insert":"брід"}])");
    suggest(world, eu_officer, "s-2", 1, R"([{"retain":7},{"retain":4,"attributes":{"bold":true}}])");
    write(world, ua_officer, R"([{"retain":6},{"delete":5}])");
    REQUIRE(suggestion(world).orphaned);
    REQUIRE(suggestion(world).quote == "міст");
    REQUIRE(answer(world, ua_officer, "accept_suggestion") == "orphaned suggestion");
    REQUIRE(answer(world, ua_officer, "accept_suggestion", "s-2") == "orphaned suggestion");
    REQUIRE(answer(world, ua_officer, "decline_suggestion") ==
            R"(text.suggestion_declined {"suggestion":"s-1"})");
    // One that only writes needs nothing to be there.
    suggest(world, eu_officer, "s-3", 4, R"([{"retain":6},{"insert":" брід"}])");
    write(world, ua_officer, R"([{"delete":6}])");
    REQUIRE(answer(world, ua_officer, "accept_suggestion", "s-3").starts_with("text.suggestion_accepted"));
    REQUIRE(words(world) == " брід\n");
}

TEST_CASE("a suggestion that would make the text too long is not accepted", "[text]") {
    World world = with_proposal();
    const std::string much = fmt::format(R"([{{"insert":"{}"}}])", std::string(10'000, 'x'));
    for (int i = 0; i < 19; ++i)
        write(world, ua_officer, much);
    REQUIRE(suggest(world, eu_officer, "s-1", 19, R"([{"insert":"ї"}])").starts_with("text.suggested"));
    write(world, ua_officer, fmt::format(R"([{{"insert":"{}"}}])", std::string(9'999, 'x')));
    REQUIRE(answer(world, ua_officer, "accept_suggestion") == "text_too_long change");
}

TEST_CASE("a text has at most 200 open suggestions", "[text]") {
    World world = with_text();
    for (std::size_t i = 0; i < text::suggestions_open_max; ++i)
        REQUIRE(suggest(world, eu_officer, fmt::format("s-{}", i), 1, R"([{"insert":"x"}])")
                    .starts_with("text.suggested"));
    REQUIRE(suggest(world, eu_officer, "s-new", 1, R"([{"insert":"x"}])") == "too_many");
    answer(world, eu_officer, "decline_suggestion", "s-7");
    REQUIRE(suggest(world, eu_officer, "s-new", 1, R"([{"insert":"x"}])").starts_with("text.suggested"));
}
