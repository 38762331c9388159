#include "world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace mosty;
using namespace mosty::test;

namespace {

const std::string stream = "proposal/p-1_x1";

World with_request() {
    World world = World::with_partners();
    world.given(ua_officer, stream, "draft_proposal",
                R"({"partnership":"p-1","title":"Water","sectors":["water_supply"],"summary":"Pipes."})");
    world.given(ua_officer, stream, "set_budget_line",
                fmt::format(R"({{"line":"b-1","category":"staff","partner":"{}","description":"Engineer",)"
                            R"("amount":100,"currency":"EUR","invented":true}})",
                            ua_town));
    world.write_sections(ua_officer, stream);
    world.given(ua_officer, stream, "ask_approval");
    return world;
}

std::string correct(World& world, const Actor& actor, std::string_view type, std::string_view rest) {
    return world.send(
        actor, stream, "correct_proposal",
        fmt::format(R"({{"corrects":"{}","reason":"checked again"{}}})", world.event_id(stream, type), rest));
}

std::string take_back(World& world, const Actor& actor, std::string_view type) {
    const std::string answer = correct(world, actor, type, R"(,"retracted":true)");
    return answer.substr(0, answer.find(' '));
}

const proposal::Standing& standing(World& world) {
    return std::get<proposal::State>(world.state(stream)).standing;
}

} // namespace

TEST_CASE("content is edited, never corrected", "[proposal][correction]") {
    World world = with_request();
    REQUIRE(correct(world, ua_officer, "proposal.drafted", R"(,"title":"Fire")") == "not_correctable title");
    REQUIRE(correct(world, ua_officer, "proposal.budget_line_set", R"(,"note":"dear")") ==
            "unknown_event corrects");
    REQUIRE(correct(world, ua_officer, "proposal.drafted", R"(,"source":"minutes")")
                .starts_with("proposal.corrected"));
    REQUIRE(correct(world, ua_officer, "proposal.approval_asked", R"(,"version":2)") ==
            "not_correctable version");
}

TEST_CASE("a signature is taken back by its own mayor", "[proposal][correction]") {
    World world = with_request();
    world.given(ua_mayor, stream, "approve_proposal", R"({"version":1})");
    REQUIRE(take_back(world, ua_officer, "proposal.approved") == "not_allowed");
    REQUIRE(take_back(world, eu_mayor, "proposal.approved") == "not_allowed");
    REQUIRE(take_back(world, ua_mayor, "proposal.approval_asked") == "later_facts_depend_on_it");
    REQUIRE(take_back(world, ua_mayor, "proposal.approved") == "proposal.corrected");
    REQUIRE_FALSE(standing(world).approved.ua);
    REQUIRE(take_back(world, eu_officer, "proposal.approval_asked") == "proposal.corrected");
    REQUIRE(standing(world).status == proposal::Status::draft);
    world.given(ua_officer, stream, "ask_approval");
    REQUIRE(standing(world).version == 2);
}

TEST_CASE("a return is taken back only while nobody has edited since", "[proposal][correction]") {
    World world = with_request();
    world.given(ua_mayor, stream, "return_proposal", R"({"version":1,"reason":"too dear"})");
    REQUIRE(correct(world, ua_officer, "proposal.returned", R"(,"fact_reason":"far too dear")") ==
            "not_allowed corrects");
    REQUIRE(take_back(world, ua_mayor, "proposal.returned") == "proposal.corrected");
    REQUIRE(standing(world).status == proposal::Status::in_approval);
    REQUIRE(standing(world).version == 1);
    world.given(ua_mayor, stream, "return_proposal", R"({"version":1,"reason":"too dear"})");
    world.given(ua_officer, stream, "edit_proposal", R"({"title":"Cheap water"})");
    REQUIRE(take_back(world, ua_mayor, "proposal.returned") == "later_facts_depend_on_it");
}

TEST_CASE("submission and answer are corrected within their rules", "[proposal][correction]") {
    World world = with_request();
    world.given(ua_mayor, stream, "approve_proposal", R"({"version":1})");
    world.given(eu_mayor, stream, "approve_proposal", R"({"version":1})");
    world.given(ua_officer, stream, "submit_proposal",
                R"({"version":1,"funder":"Interreg","on":"2026-11-10"})");
    REQUIRE(correct(world, ua_officer, "proposal.submitted", R"(,"on":"2026-11")") == "invalid_field on");
    REQUIRE(correct(world, ua_officer, "proposal.submitted", R"(,"on":"2026-11-12","reference":"A/7")")
                .starts_with("proposal.corrected"));
    world.given(ua_officer, stream, "record_answer", R"({"answer":"granted","on":"2026-11-20"})");
    REQUIRE(correct(world, eu_officer, "proposal.answered", R"(,"on":"2026-11-11")") == "invalid_field on");
    REQUIRE(correct(world, eu_officer, "proposal.answered", R"(,"amount":900)") == "invalid_field currency");
    REQUIRE(correct(world, eu_officer, "proposal.answered", R"(,"answer":"rejected")")
                .starts_with("proposal.corrected"));
    REQUIRE(standing(world).status == proposal::Status::rejected);
    REQUIRE(take_back(world, eu_officer, "proposal.answered") == "proposal.corrected");
    REQUIRE(standing(world).status == proposal::Status::submitted);
}

TEST_CASE("who may not write here learns nothing about which facts there are", "[proposal][correction]") {
    World world = with_request();
    REQUIRE(correct(world, officer_of(stranger), "proposal.answered", R"(,"note":"let me in")") ==
            "not_found");
    REQUIRE(correct(world, officer_of(stranger), "proposal.drafted", R"(,"source":"let me in")") ==
            "not_found");
}
