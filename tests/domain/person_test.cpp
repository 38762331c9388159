#include "domain/person/decide.hpp"
#include "matrix.hpp"
#include "world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace mosty;
using namespace mosty::test;

namespace {

const std::string stream = "person/u-1";
const std::string profile =
    R"({"name":"Олена Коваль","organisation":"UA32140010000049369","role":"officer","language":"uk","invented":true})";

constexpr std::string_view asked = R"({"reason":"asked for it"})";

void enter(World& world) {
    world.given(secretariat, stream, "register_person", profile);
}

std::string correction(const World& world, std::string_view rest) {
    return fmt::format(R"({{"corrects":"{}","reason":"married"{}}})",
                       world.event_id(stream, "person.registered"), rest);
}

} // namespace

TEST_CASE("a person answers every command, known or not", "[person]") {
    const auto other_name =
        just(R"({"name":"Ada","organisation":"cemr","role":"secretariat","language":"en"})");
    check_matrix<person::Command>(
        stream,
        {{"unknown", [](World&) {}},
         {"registered", enter},
         {"erased",
          [](World& world) {
              enter(world);
              world.given(secretariat, stream, "erase_person", asked);
          }}},
        {
            {"register_person", service, other_name, {"person.registered", "already_exists", "erased"}},
            {"correct_person",
             secretariat,
             [](const World& world) { return correction(world, R"(,"role":"mayor")"); },
             {"not_found", "person.corrected", "erased"}},
            {"erase_person", service, just(std::string(asked)), {"not_found", "person.erased", "nothing"}},
        });
}

TEST_CASE("people correct their own name and language, the secretariat the rest", "[person][correction]") {
    World world = World::with_partners();
    enter(world);
    const Actor herself{ActorId("u-1"), OrganisationId(std::string(ua_town)), Role::officer};
    const auto correct = [&](const Actor& actor, std::string_view rest) {
        return world.send(actor, stream, "correct_person", correction(world, rest));
    };
    REQUIRE(world.send(service, stream, "register_person", profile) == "nothing");
    REQUIRE(world.send(ua_officer, stream, "register_person", profile) == "not_allowed");
    REQUIRE(correct(ua_officer, R"(,"name":"Olena")") == "not_allowed");
    REQUIRE(correct(herself, R"(,"role":"mayor")") == "not_allowed role");
    REQUIRE(correct(herself, R"(,"name":"Олена Мороз","language":"en")").starts_with("person.corrected"));
    REQUIRE(correct(herself, R"(,"name":"Олена Мороз")") == "nothing");
    REQUIRE(correct(herself, R"(,"name":"")") == "invalid_field name");
    REQUIRE(correct(secretariat, R"(,"organisation":"auc","role":"association")")
                .starts_with("person.corrected"));
    REQUIRE(std::get<person::State>(world.state(stream)).profile.name == "Олена Мороз");
    REQUIRE(world.send(secretariat, stream, "correct_person", R"({"corrects":"e-0","reason":"nothing"})") ==
            "unknown_event corrects");
}
