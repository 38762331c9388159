#include "domain/partnership/decide.hpp"
#include "matrix.hpp"
#include "world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace mosty;
using namespace mosty::test;

namespace {

const std::string stream = "partnership/p-2";
const std::string between = fmt::format(R"("ua":"{}","eu":"{}","sectors":["energy"])", ua_town, eu_town);
const std::string wish = "{" + between + "}";

void propose(World& world) {
    world.given(ua_officer, stream, "propose_partnership", wish);
}

void activate(World& world) {
    propose(world);
    world.given(eu_mayor, stream, "accept_partnership");
}

std::string correction(const World& world, std::string_view type, std::string_view rest) {
    return fmt::format(R"({{"corrects":"{}","reason":"checked again"{}}})", world.event_id(stream, type),
                       rest);
}

} // namespace

TEST_CASE("a partnership answers every command in every status", "[partnership]") {
    const std::vector<Situation> situations{
        {"unknown", [](World&) {}},
        {"proposed", propose},
        {"active", activate},
        {"ended",
         [](World& world) {
             activate(world);
             world.given(eu_officer, stream, "end_partnership",
                         R"({"on":"2026-11","reason":"project over"})");
         }},
        {"declined",
         [](World& world) {
             propose(world);
             world.given(eu_officer, stream, "decline_partnership", R"({"reason":"no capacity"})");
         }},
        {"withdrawn",
         [](World& world) {
             propose(world);
             world.given(ua_mayor, stream, "withdraw_partnership", R"({"reason":"changed plans"})");
         }},
    };
    const std::string reason = R"({"reason":"good reason"})";
    check_matrix<partnership::Command>(
        stream, situations,
        {
            {"propose_partnership",
             ua_officer,
             just(wish),
             {"partnership.proposed", "already_exists", "already_exists", "already_exists", "already_exists",
              "already_exists"}},
            {"accept_partnership",
             eu_officer,
             just(R"({"on":"2026-11-20"})"),
             {"not_found", "partnership.accepted", "already_done", "wrong_status", "wrong_status",
              "wrong_status"}},
            {"decline_partnership",
             eu_officer,
             just(reason),
             {"not_found", "partnership.declined", "wrong_status", "wrong_status", "already_done",
              "wrong_status"}},
            {"withdraw_partnership",
             ua_officer,
             just(reason),
             {"not_found", "partnership.withdrawn", "wrong_status", "wrong_status", "wrong_status",
              "already_done"}},
            {"end_partnership",
             secretariat,
             just(R"({"on":"2026-11-21","reason":"project over"})"),
             {"not_found", "wrong_status", "partnership.ended", "already_done", "wrong_status",
              "wrong_status"}},
            {"correct_partnership",
             ua_officer,
             [](const World& world) {
                 return correction(world, "partnership.proposed", R"(,"note":"met in 2021")");
             },
             {"not_found", "partnership.corrected", "partnership.corrected", "partnership.corrected",
              "partnership.corrected", "partnership.corrected"}},
        });
}

TEST_CASE("the side that proposes accepts by proposing, and the other side makes it active",
          "[partnership]") {
    World world = World::with_partners();
    REQUIRE(world.send(eu_mayor, stream, "propose_partnership", wish) ==
            "partnership.proposed " +
                fmt::format(R"({{"ua":"{}","eu":"{}","by":"eu","sectors":["energy"]}})", ua_town, eu_town));
    REQUIRE(world.send(eu_officer, stream, "accept_partnership") == "already_done");
    REQUIRE(world.send(eu_officer, stream, "decline_partnership", R"({"reason":"no more"})") ==
            "already_done");
    REQUIRE(world.send(ua_officer, stream, "accept_partnership") == R"(partnership.accepted {"side":"ua"})");
}

TEST_CASE("what the programme proposes, both sides accept", "[partnership]") {
    World world = World::with_partners();
    world.given(secretariat, stream, "propose_partnership", wish);
    REQUIRE(world.send(secretariat, stream, "accept_partnership") == "invalid_field side");
    REQUIRE(world.send(service, stream, "accept_partnership", R"({"side":"ua","on":"2023"})") ==
            R"(partnership.accepted {"side":"ua","on":"2023"})");
    REQUIRE(world.send(eu_officer, stream, "accept_partnership", R"({"side":"eu"})") == "not_allowed side");
    REQUIRE(world.send(eu_officer, stream, "withdraw_partnership", R"({"reason":"no more"})") ==
            "not_allowed");
    REQUIRE(world.send(eu_officer, stream, "accept_partnership") == R"(partnership.accepted {"side":"eu"})");
}

TEST_CASE("only the two towns and the programme act on a partnership", "[partnership]") {
    World world = World::with_partners();
    const Actor visitor = officer_of(stranger);
    REQUIRE(world.send(visitor, stream, "propose_partnership", wish) == "not_a_partner");
    propose(world);
    for (const Role role : {Role::expert, Role::auditor, Role::association, Role::funder})
        REQUIRE(world.send(acting_as(role), stream, "accept_partnership") == "not_allowed");
    REQUIRE(world.send(visitor, stream, "accept_partnership") == "not_a_partner");
    REQUIRE(world.send(secretariat, stream, "decline_partnership", R"({"reason":"no use"})") ==
            "not_allowed");
    REQUIRE(world.send(eu_officer, stream, "withdraw_partnership", R"({"reason":"no use"})") ==
            "not_allowed");
}

TEST_CASE("a partnership joins a registered town of each bank", "[partnership]") {
    World world = World::with_partners();
    const auto propose_between = [&](std::string_view ua, std::string_view eu) {
        return world.send(secretariat, stream, "propose_partnership",
                          fmt::format(R"({{"ua":"{}","eu":"{}","sectors":["health"]}})", ua, eu));
    };
    REQUIRE(propose_between("UA01", eu_town) == "not_found ua");
    REQUIRE(propose_between(ua_town, "HU_1") == "not_found eu");
    REQUIRE(propose_between(third_town, eu_town) == "same_side ua");
    REQUIRE(propose_between(ua_town, ua_town) == "same_side eu");
}

TEST_CASE("what is recorded of a partnership has already happened", "[partnership]") {
    World world = World::with_partners();
    propose(world);
    REQUIRE(world.send(eu_officer, stream, "accept_partnership", R"({"on":"2026-12"})") == "too_early on");
    world.given(eu_officer, stream, "accept_partnership");
    REQUIRE(world.send(eu_officer, stream, "end_partnership", R"({"on":"2027","reason":"the end"})") ==
            "too_early on");
}

TEST_CASE("a partnership's facts are corrected by who may record them", "[partnership][correction]") {
    World world = World::with_partners();
    activate(world);
    const auto correct = [&](const Actor& actor, std::string_view type, std::string_view rest) {
        return world.send(actor, stream, "correct_partnership", correction(world, type, rest));
    };
    REQUIRE(correct(eu_officer, "partnership.proposed", R"(,"note":"wrong hands")") ==
            "not_allowed corrects");
    REQUIRE(correct(ua_officer, "partnership.accepted", R"(,"on":"2026")") == "not_allowed corrects");
    REQUIRE(correct(eu_officer, "partnership.accepted", R"(,"on":"2026-11-01")") ==
            "partnership.corrected " + correction(world, "partnership.accepted", R"(,"on":"2026-11-01")"));
    REQUIRE(correct(eu_officer, "partnership.accepted", R"(,"on":"2026-11-01")") == "nothing");
    REQUIRE(correct(eu_officer, "partnership.accepted", R"(,"on":"2026-12")") == "too_early on");
    REQUIRE(correct(eu_officer, "partnership.accepted", R"(,"sectors":["youth"])") ==
            "not_correctable sectors");
    REQUIRE(correct(eu_officer, "partnership.accepted", R"(,"side":"ua")") == "not_correctable side");
    REQUIRE(correct(eu_officer, "partnership.ended", R"(,"on":"2026")") == "unknown_event corrects");
    const auto& state = std::get<partnership::State>(world.state(stream));
    REQUIRE(state.trail.facts().size() == 2);
    REQUIRE(std::get<partnership::Accepted>(state.trail.facts()[1].data).on == PartialDate{2026, 11, 1});
}

TEST_CASE("the last change of a partnership's status can be taken back, earlier ones cannot",
          "[partnership][correction]") {
    World world = World::with_partners();
    activate(world);
    world.given(ua_officer, stream, "end_partnership", R"({"on":"2026-11","reason":"by mistake"})");
    const auto take_back = [&](const Actor& actor, std::string_view type) {
        return world.send(actor, stream, "correct_partnership",
                          correction(world, type, R"(,"retracted":true)"));
    };
    REQUIRE(take_back(ua_officer, "partnership.proposed") == "not_correctable corrects");
    REQUIRE(take_back(eu_officer, "partnership.accepted") == "later_facts_depend_on_it corrects");
    REQUIRE(take_back(eu_officer, "partnership.ended") ==
            "partnership.corrected " + correction(world, "partnership.ended", R"(,"retracted":true)"));
    const auto status = [&] { return std::get<partnership::State>(world.state(stream)).standing.status; };
    REQUIRE(status() == partnership::Status::active);
    REQUIRE(take_back(eu_officer, "partnership.ended") == "already_done corrects");
    REQUIRE(world.send(ua_officer, stream, "correct_partnership",
                       correction(world, "partnership.ended", R"(,"on":"2025")")) ==
            "not_correctable corrects");
    REQUIRE(take_back(eu_officer, "partnership.accepted").starts_with("partnership.corrected"));
    REQUIRE(status() == partnership::Status::proposed);
    REQUIRE(world.send(eu_officer, stream, "accept_partnership") == R"(partnership.accepted {"side":"eu"})");
}
