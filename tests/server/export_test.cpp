// All that a log holds of one person and by that person, in pages.
#include "server/core/export_read.hpp"
#include "tests/server/desk.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>

using namespace mosty;
using namespace mosty::test;
namespace json = boost::json;

namespace {

struct Told {
    std::vector<Position> positions;
    std::vector<std::string> types;
    std::size_t pages = 0;
};

// Page after page, until there is no next one.
Told all_about(const Desk& desk, std::string_view actor) {
    Told told;
    for (std::optional<Position> from = 0; from; ++told.pages) {
        const core::ExportQuestion question{.actor = ActorId(std::string(actor)), .from = *from};
        const auto answer = core::answer_export(*desk.log, *desk.log, desk.log->size(), question);
        REQUIRE(answer.has_value());
        const json::object page = json::parse(answer->body).as_object();
        for (const json::value& one : page.at("events").as_array()) {
            told.positions.push_back(one.at("position").to_number<Position>());
            told.types.emplace_back(one.at("event").at("type").as_string());
        }
        const auto* next = page.if_contains("next");
        REQUIRE((next == nullptr || next->to_number<Position>() > *from));
        from = next ? std::optional(next->to_number<Position>()) : std::nullopt;
    }
    return told;
}

void introduce(Desk& desk) {
    for (const std::string_view name : {"u-one", "u-two", "u-three"})
        desk.say(fmt::format("person/{}", name), "register_person",
                 R"({"name":"Olena","organisation":"cemr","role":"secretariat","language":"uk"})");
    desk.settle();
}

} // namespace

TEST_CASE("what others recorded of a person and that names the person is told, alone", "[export]") {
    Desk desk;
    introduce(desk);
    desk.say("person/u-one", "appoint_deputy",
             R"({"deputy":"u-two","from":"2026-11-22","until":"2026-11-23"})", "u-one");
    desk.say("person/u-one", "appoint_deputy",
             R"({"deputy":"u-three","from":"2026-11-22","until":"2026-11-23"})", "u-one");
    desk.say("person/u-one", "end_deputy", R"({"deputy":"u-two"})", "u-one");
    desk.say("person/u-one", "hand_over", R"({"to":"u-two","reason":"a journey"})", "u-one");
    desk.say("person/u-one", "leave", R"({"reason":"retired"})", "u-one");
    desk.settle();
    using Types = std::vector<std::string>;
    CHECK(all_about(desk, "u-two").types ==
          Types{"person.registered", "person.deputy_appointed", "person.deputy_ended", "person.handed_over"});
    CHECK(all_about(desk, "u-three").types == Types{"person.registered", "person.deputy_appointed"});
    CHECK(all_about(desk, "u-one").types.size() == 6);
    CHECK(all_about(desk, "u-one").positions == std::vector<Position>{0, 3, 4, 5, 6, 7});
}

TEST_CASE("however much somebody recorded, pages miss nothing and bring nothing twice", "[export]") {
    constexpr std::size_t towns = 40'000; // more than one answer has in mind
    Desk desk;
    introduce(desk);
    for (std::size_t i = 0; i < towns; ++i) {
        const std::string id = fmt::format("HU{}", i);
        desk.say("municipality/" + id, "register_municipality", town(id, 1), "u-one");
        if (i % 4'000 == 0)
            desk.say("person/u-two", "appoint_deputy",
                     fmt::format(R"({{"deputy":"u-one","from":"2026-11-22","until":"2026-12-{:02}"}})",
                                 1 + i / 4'000),
                     "u-two");
        if (i % 500 == 0)
            desk.settle();
    }
    desk.settle();
    const Told told = all_about(desk, "u-one");
    CHECK(told.pages > 3);
    CHECK(told.positions.size() == 1 + towns + 10);
    CHECK(std::ranges::is_sorted(told.positions));
    CHECK(std::ranges::adjacent_find(told.positions) == told.positions.end());
    CHECK(std::ranges::count(told.types, "person.deputy_appointed") == 10);
}
