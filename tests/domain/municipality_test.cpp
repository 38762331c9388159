#include "domain/municipality/decide.hpp"
#include "matrix.hpp"
#include "world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace mosty;
using namespace mosty::test;

namespace {

const std::string stream = "municipality/HU_1";

std::string row(int population, std::string_view rest = R"("country":"HU","scheme":"gisco","code":"HU_1")") {
    return fmt::format(R"({{"name":"Tata",{},"population":{},"source":"GISCO 2020"}})", rest, population);
}

void enter(World& world) {
    world.given(service, stream, "register_municipality", row(23000));
}

std::string correction(const World& world, std::string_view type, std::string_view rest) {
    return fmt::format(R"({{"corrects":"{}","reason":"checked again"{}}})", world.event_id(stream, type),
                       rest);
}

const municipality::Row& row_in(World& world) {
    return std::get<municipality::State>(world.state(stream)).row;
}

} // namespace

TEST_CASE("a town answers every command, known or not", "[municipality]") {
    check_matrix<municipality::Command>(stream, {{"unknown", [](World&) {}}, {"registered", enter}},
                                        {
                                            {"register_municipality",
                                             service,
                                             just(row(1)),
                                             {"municipality.registered", "municipality.updated"}},
                                            {"correct_municipality",
                                             secretariat,
                                             [](const World& world) {
                                                 return correction(world, "municipality.registered",
                                                                   R"(,"kind":"town")");
                                             },
                                             {"not_found", "municipality.corrected"}},
                                        });
}

TEST_CASE("registering the same facts again records nothing", "[municipality]") {
    World world = World::with_partners();
    enter(world);
    REQUIRE(world.send(secretariat, stream, "register_municipality", row(23000)) == "nothing");
    REQUIRE(
        world.send(service, stream, "register_municipality", row(22900)).starts_with("municipality.updated"));
}

TEST_CASE("importing the register again does not undo a correction", "[municipality][correction]") {
    World world = World::with_partners();
    enter(world);
    world.given(secretariat, stream, "correct_municipality",
                correction(world, "municipality.registered", R"(,"population":23001)"));
    REQUIRE(row_in(world).population == 23001);
    REQUIRE(world.send(service, stream, "register_municipality", row(23000)) == "nothing");
    REQUIRE(row_in(world).population == 23001);
}

TEST_CASE("correcting an older row leaves the newest alone", "[municipality][correction]") {
    World world = World::with_partners();
    enter(world);
    world.given(service, stream, "register_municipality", row(22900));
    const auto correct = [&](std::string_view type, std::string_view rest) {
        return world.send(secretariat, stream, "correct_municipality", correction(world, type, rest));
    };
    REQUIRE(
        correct("municipality.registered", R"(,"population":23001)").starts_with("municipality.corrected"));
    REQUIRE(row_in(world).population == 22900);
    REQUIRE(correct("municipality.updated", R"(,"population":22900)") == "nothing");
    REQUIRE(correct("municipality.corrected", R"(,"population":1)") == "unknown_event corrects");
    REQUIRE(correct("municipality.updated", R"(,"code":"HU_2")") == "not_correctable code");
    REQUIRE(correct("municipality.updated", R"(,"retracted":true)") == "malformed retracted");
}

TEST_CASE("a town's row fits its register and its stream", "[municipality]") {
    World world = World::with_partners();
    const auto enter_row = [&](std::string_view rest) {
        return world.send(service, stream, "register_municipality", row(5, rest));
    };
    REQUIRE(enter_row(R"("country":"HU","scheme":"gisco")") == "invalid_field code");
    REQUIRE(enter_row(R"("country":"HU","scheme":"none","code":"HU_1")") == "invalid_field code");
    REQUIRE(enter_row(R"("country":"HU","scheme":"katottg","code":"HU_1")") == "invalid_field scheme");
    REQUIRE(enter_row(R"("country":"HU","scheme":"gisco","code":"HU_2")") == "wrong_stream code");
    REQUIRE(enter_row(R"("country":"Hu","scheme":"none")") == "invalid_field country");
    REQUIRE(enter_row(R"("country":"HU","scheme":"none")").starts_with("municipality.registered"));
    REQUIRE(enter_row(R"("country":"SK","scheme":"none")") == "invalid_field country");
    REQUIRE(world.send(ua_mayor, stream, "register_municipality", row(5)) == "not_allowed");
    REQUIRE(world.send(ua_mayor, stream, "correct_municipality",
                       correction(world, "municipality.registered", R"(,"kind":"city")")) == "not_allowed");
}
