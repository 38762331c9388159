#include "domain/visit/decide.hpp"
#include "matrix.hpp"
#include "world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace mosty;
using namespace mosty::test;

namespace {

const std::string stream = "visit/p-1_v1";
const std::string plan =
    R"({"partnership":"p-1","title":"Pumps","host":"eu","kind":"study_visit","from":"2026-11-20","to":"2026-11-22"})";

void plan_it(World& world) {
    world.given(ua_officer, stream, "plan_visit", plan);
}

void confirm_it(World& world) {
    plan_it(world);
    world.given(eu_officer, stream, "confirm_visit");
}

void hold_it(World& world) {
    confirm_it(world);
    world.given(ua_officer, stream, "hold_visit", R"({"from":"2026-11-20"})");
}

std::string correction(const World& world, std::string_view type, std::string_view rest) {
    return fmt::format(R"({{"corrects":"{}","reason":"checked again"{}}})", world.event_id(stream, type),
                       rest);
}

} // namespace

TEST_CASE("a visit answers every command in every status", "[visit]") {
    const std::vector<Situation> situations{
        {"unknown", [](World&) {}},
        {"planned", plan_it},
        {"confirmed", confirm_it},
        {"postponed",
         [](World& world) {
             confirm_it(world);
             world.given(eu_officer, stream, "postpone_visit",
                         R"({"from":"2026-11-21","reason":"no trains"})");
         }},
        {"cancelled",
         [](World& world) {
             plan_it(world);
             world.given(eu_officer, stream, "cancel_visit", R"({"reason":"no trains"})");
         }},
        {"held", hold_it},
        {"reported",
         [](World& world) {
             hold_it(world);
             world.given(ua_officer, stream, "report_visit", R"({"summary":"We saw pumps.","lessons":[]})");
         }},
    };
    check_matrix<visit::Command>(
        stream, situations,
        {
            {"plan_visit",
             ua_officer,
             just(plan),
             {"visit.planned", "already_exists", "already_exists", "already_exists", "already_exists",
              "already_exists", "already_exists"}},
            {"confirm_visit",
             eu_officer,
             just("{}"),
             {"not_found", "visit.confirmed", "already_done", "visit.confirmed", "wrong_status",
              "wrong_status", "wrong_status"}},
            {"postpone_visit",
             eu_officer,
             just(R"({"reason":"air raids"})"),
             {"not_found", "visit.postponed", "visit.postponed", "visit.postponed", "wrong_status",
              "wrong_status", "wrong_status"}},
            {"cancel_visit",
             secretariat,
             just(R"({"reason":"air raids"})"),
             {"not_found", "visit.cancelled", "visit.cancelled", "visit.cancelled", "already_done",
              "wrong_status", "wrong_status"}},
            {"hold_visit",
             eu_officer,
             just(R"({"from":"2026-11-20","to":"2026-11-22","participants_ua":4,"participants_eu":0})"),
             {"not_found", "visit.held", "visit.held", "wrong_status", "wrong_status", "already_done",
              "already_done"}},
            {"report_visit",
             ua_officer,
             just(R"({"summary":"We saw pumps.","lessons":["Meter first."]})"),
             {"not_found", "wrong_status", "wrong_status", "wrong_status", "wrong_status", "visit.reported",
              "already_done"}},
            {"correct_visit",
             eu_officer,
             [](const World& world) { return correction(world, "visit.planned", R"(,"place":"Tata")"); },
             {"not_found", "visit.corrected", "visit.corrected", "visit.corrected", "visit.corrected",
              "visit.corrected", "visit.corrected"}},
        });
}

TEST_CASE("a visit needs an active partnership of one's own", "[visit]") {
    World world = World::with_partners();
    REQUIRE(world.send(officer_of(stranger), stream, "plan_visit", plan) == "not_a_partner");
    REQUIRE(world.send(acting_as(Role::expert), stream, "plan_visit", plan) == "not_allowed");
    world.given(ua_officer, "partnership/p-1", "end_partnership",
                R"({"on":"2026-11","reason":"project over"})");
    REQUIRE(world.send(ua_officer, stream, "plan_visit", plan) == "partnership_not_active partnership");
    REQUIRE(
        world.send(ua_officer, stream, "plan_visit",
                   R"({"partnership":"p-9","title":"Pumps","host":"eu","kind":"meeting","from":"2026"})") ==
        "not_found partnership");
}

TEST_CASE("a visit copies its two towns from the partnership", "[visit]") {
    World world = World::with_partners();
    REQUIRE(
        world.send(secretariat, stream, "plan_visit",
                   R"({"partnership":"p-1","title":" Pumps ","host":"ua","kind":"meeting","from":"2026"})") ==
        "visit.planned " +
            fmt::format(
                R"({{"partnership":"p-1","ua":"{}","eu":"{}","title":"Pumps","host":"ua","kind":"meeting","from":"2026","by":"programme"}})",
                ua_town, eu_town));
    REQUIRE(world.send(ua_mayor, stream, "confirm_visit") == R"(visit.confirmed {"side":"ua"})");
    REQUIRE(world.send(ua_mayor, stream, "confirm_visit") == "already_done");
    REQUIRE(world.send(service, stream, "confirm_visit", R"({"side":"eu"})") ==
            R"(visit.confirmed {"side":"eu"})");
}

TEST_CASE("postponing voids the confirmations, and new dates are confirmed by each side", "[visit]") {
    World world = World::with_partners();
    confirm_it(world);
    world.given(ua_officer, stream, "postpone_visit", R"({"reason":"until further notice"})");
    REQUIRE(world.send(ua_officer, stream, "confirm_visit") == "wrong_status");
    REQUIRE(world.send(ua_officer, stream, "postpone_visit", R"({"to":"2026-12-09","reason":"a date"})") ==
            "invalid_field to");
    world.given(ua_officer, stream, "postpone_visit", R"({"from":"2026-12-07","reason":"a date"})");
    world.given(ua_officer, stream, "confirm_visit");
    REQUIRE(std::get<visit::State>(world.state(stream)).standing.status == visit::Status::postponed);
    world.given(eu_officer, stream, "confirm_visit");
    REQUIRE(std::get<visit::State>(world.state(stream)).standing.status == visit::Status::confirmed);
}

TEST_CASE("a visit is recorded as held from its first day on", "[visit]") {
    World world = World::with_partners();
    plan_it(world);
    REQUIRE(world.send(ua_officer, stream, "hold_visit", R"({"from":"2026-11-23"})") == "too_early from");
    REQUIRE(world.send(ua_officer, stream, "hold_visit", R"({"from":"2026-11-22","to":"2026-11-21"})") ==
            "invalid_field to");
    REQUIRE(world.send(ua_officer, stream, "hold_visit", R"({"from":"2026-11-22","to":"2026-11-24"})") ==
            R"(visit.held {"from":"2026-11-22","to":"2026-11-24"})");
}

TEST_CASE("correcting a visit's older facts leaves newer dates alone", "[visit][correction]") {
    World world = World::with_partners();
    plan_it(world);
    const auto correct = [&](std::string_view type, std::string_view rest) {
        return world.send(eu_officer, stream, "correct_visit", correction(world, type, rest));
    };
    const auto from = [&] { return *std::get<visit::State>(world.state(stream)).standing.from; };
    REQUIRE(correct("visit.planned", R"(,"from":"2026-11-19")").starts_with("visit.corrected"));
    REQUIRE(from() == PartialDate{2026, 11, 19});
    REQUIRE(correct("visit.planned", R"(,"from":"2026-12-19")") == "invalid_field to");
    world.given(ua_officer, stream, "postpone_visit", R"({"from":"2026-12-01","reason":"no trains"})");
    REQUIRE(correct("visit.planned", R"(,"from":"2026-11-18")").starts_with("visit.corrected"));
    REQUIRE(from() == PartialDate{2026, 12, 1});
    REQUIRE(correct("visit.postponed", R"(,"fact_reason":"an air raid")").starts_with("visit.corrected"));
    REQUIRE(correct("visit.postponed", R"(,"retracted":true)").starts_with("visit.corrected"));
    REQUIRE(from() == PartialDate{2026, 11, 18});
    REQUIRE(correct("visit.planned", R"(,"lessons":["none"])") == "not_correctable lessons");
    world.given(ua_officer, stream, "hold_visit", R"({"from":"2026-11-18"})");
    REQUIRE(correct("visit.held", R"(,"from":"2026-11-30")") == "too_early from");
    REQUIRE(correct("visit.held", R"(,"participants_ua":7)").starts_with("visit.corrected"));
    world.given(ua_officer, stream, "report_visit", R"({"summary":"Seen."})");
    REQUIRE(correct("visit.held", R"(,"retracted":true)") == "later_facts_depend_on_it corrects");
    REQUIRE(correct("visit.reported", R"(,"lessons":["Meter first."])").starts_with("visit.corrected"));
}
