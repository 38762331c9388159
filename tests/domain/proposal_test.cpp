#include "domain/proposal/decide.hpp"
#include "matrix.hpp"
#include "world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace mosty;
using namespace mosty::test;

namespace {

const std::string stream = "proposal/p-1_x1";
const std::string draft =
    R"({"partnership":"p-1","title":"Water","sectors":["water_supply"],"summary":"Pipes."})";

std::string line(std::string_view id, int amount = 100, std::string_view partner = ua_town) {
    return fmt::format(
        R"({{"line":"{}","category":"equipment","partner":"{}","description":"Pumps","amount":{},"currency":"EUR"}})",
        id, partner, amount);
}

std::string source(std::string_view id) {
    return fmt::format(
        R"({{"source":"{}","name":"Own money","kind":"own","partner":"{}","amount":5,"currency":"UAH","status":"planned"}})",
        id, eu_town);
}

std::string indicator(std::string_view id) {
    return fmt::format(R"({{"indicator":"{}","name":"Homes served","unit":"%","baseline":11,"target":60}})",
                       id);
}

void draft_it(World& world) {
    world.given(ua_officer, stream, "draft_proposal", draft);
    world.given(ua_officer, stream, "set_budget_line", line("b-1"));
    world.given(eu_officer, stream, "set_funding_source", source("s-1"));
    world.given(eu_officer, stream, "set_indicator", indicator("i-1"));
    world.given(ua_officer, stream, "add_partner", fmt::format(R"({{"municipality":"{}"}})", third_town));
    world.write_sections(ua_officer, stream);
}

void ask(World& world) {
    draft_it(world);
    world.given(ua_officer, stream, "ask_approval");
}

void approve(World& world) {
    ask(world);
    world.given(ua_mayor, stream, "approve_proposal", R"({"version":1})");
    world.given(eu_mayor, stream, "approve_proposal", R"({"version":1})");
}

void submit(World& world) {
    approve(world);
    world.given(eu_officer, stream, "submit_proposal",
                R"({"version":1,"funder":"Interreg","on":"2026-11-20","reference":"HUSKROUA/1"})");
}

void answer(World& world, std::string_view word) {
    submit(world);
    world.given(ua_officer, stream, "record_answer",
                fmt::format(R"({{"answer":"{}","on":"2026-11-21"}})", word));
}

const proposal::State& state_in(World& world) {
    return std::get<proposal::State>(world.state(stream));
}

} // namespace

TEST_CASE("a proposal answers every command in every status", "[proposal]") {
    const std::vector<Situation> situations{
        {"unknown", [](World&) {}},
        {"draft", draft_it},
        {"in approval", ask},
        {"approved", approve},
        {"submitted", submit},
        {"granted", [](World& world) { answer(world, "granted"); }},
        {"rejected", [](World& world) { answer(world, "rejected"); }},
    };
    const std::string third = fmt::format(R"({{"municipality":"{}"}})", third_town);
    const std::string fourth = fmt::format(R"({{"municipality":"{}"}})", stranger);
    const std::string version = R"({"version":1})";
    const std::string reasoned = R"({"version":1,"reason":"not yet"})";
    const auto content = [](std::string_view event) -> std::vector<std::string_view> {
        return {"not_found", event, "locked", "locked", "locked", "locked", "locked"};
    };
    check_matrix<proposal::Command>(
        stream, situations,
        {
            {"draft_proposal",
             ua_officer,
             just(draft),
             {"proposal.drafted", "already_exists", "already_exists", "already_exists", "already_exists",
              "already_exists", "already_exists"}},
            {"edit_proposal", eu_officer, just(R"({"title":"Clean water"})"), content("proposal.edited")},
            {"add_partner", ua_officer, just(fourth), content("proposal.partner_added")},
            {"remove_partner", ua_officer, just(third), content("proposal.partner_removed")},
            {"set_budget_line", secretariat, just(line("b-2")), content("proposal.budget_line_set")},
            {"remove_budget_line", ua_officer, just(R"({"line":"b-1"})"),
             content("proposal.budget_line_removed")},
            {"set_funding_source", ua_officer, just(source("s-2")), content("proposal.funding_source_set")},
            {"remove_funding_source", ua_officer, just(R"({"source":"s-1"})"),
             content("proposal.funding_source_removed")},
            {"set_indicator", ua_officer, just(indicator("i-2")), content("proposal.indicator_set")},
            {"remove_indicator", ua_officer, just(R"({"indicator":"i-1"})"),
             content("proposal.indicator_removed")},
            {"ask_approval",
             secretariat,
             just("{}"),
             {"not_found", "proposal.approval_asked", "already_done", "wrong_status", "wrong_status",
              "wrong_status", "wrong_status"}},
            {"approve_proposal",
             ua_mayor,
             just(version),
             {"not_found", "wrong_status", "proposal.approved", "already_done", "wrong_status",
              "wrong_status", "wrong_status"}},
            {"return_proposal",
             eu_mayor,
             just(reasoned),
             {"not_found", "wrong_status", "proposal.returned", "proposal.returned", "wrong_status",
              "wrong_status", "wrong_status"}},
            {"withdraw_approval",
             eu_officer,
             just(reasoned),
             {"not_found", "wrong_status", "proposal.approval_withdrawn", "proposal.approval_withdrawn",
              "wrong_status", "wrong_status", "wrong_status"}},
            {"submit_proposal",
             ua_officer,
             just(R"({"version":1,"funder":"Interreg","on":"2026-11-22"})"),
             {"not_found", "wrong_status", "wrong_status", "proposal.submitted", "already_done",
              "wrong_status", "wrong_status"}},
            {"record_answer",
             eu_officer,
             just(R"({"answer":"more_information","on":"2026-11-22"})"),
             {"not_found", "wrong_status", "wrong_status", "wrong_status", "proposal.answered",
              "already_done", "already_done"}},
            {"correct_proposal",
             ua_officer,
             [](const World& world) {
                 return fmt::format(R"({{"corrects":"{}","reason":"checked again","lead":"eu"}})",
                                    world.event_id(stream, "proposal.drafted"));
             },
             {"not_found", "proposal.corrected", "proposal.corrected", "proposal.corrected",
              "proposal.corrected", "proposal.corrected", "proposal.corrected"}},
        });
}

TEST_CASE("a proposal begins with the partnership's two towns, and a side leads what it drafts",
          "[proposal]") {
    World world = World::with_partners();
    REQUIRE(world.send(secretariat, stream, "draft_proposal", draft) == "invalid_field lead");
    REQUIRE(world.send(eu_officer, stream, "draft_proposal",
                       R"({"partnership":"p-1","title":"Water","sectors":["youth"],"lead":"ua"})") ==
            "not_allowed lead");
    REQUIRE(world.send(officer_of(stranger), stream, "draft_proposal", draft) == "not_a_partner");
    REQUIRE(world.send(eu_officer, stream, "draft_proposal",
                       R"({"partnership":"p-1","title":"Water","sectors":["youth"],"summary":" "})") ==
            "proposal.drafted " + fmt::format(R"({{"partnership":"p-1","title":"Water","lead":"eu",)"
                                              R"("partners":["{}","{}"],"sectors":["youth"]}})",
                                              ua_town, eu_town));
    REQUIRE(world.send(ua_officer, "proposal/p-1_x2", "draft_proposal",
                       R"({"partnership":"p-9","title":"Water","sectors":["youth"]})") ==
            "not_found partnership");
    world.given(ua_officer, "partnership/p-1", "end_partnership",
                R"({"on":"2026-11","reason":"project over"})");
    REQUIRE(world.send(ua_officer, "proposal/p-1_x2", "draft_proposal", draft) ==
            "partnership_not_active partnership");
}

TEST_CASE("an edit records only what it changes", "[proposal]") {
    World world = World::with_partners();
    draft_it(world);
    const auto edit = [&](std::string_view data) {
        return world.send(ua_officer, stream, "edit_proposal", data);
    };
    REQUIRE(edit(R"({"title":"Water","summary":"Pipes.","sectors":["water_supply"]})") == "nothing");
    REQUIRE(edit(R"({"title":"Water","sectors":["energy"]})") == R"(proposal.edited {"sectors":["energy"]})");
    REQUIRE(edit(R"({"summary":null})") == R"(proposal.edited {"cleared":["summary"]})");
    REQUIRE(edit(R"({"summary":null})") == "nothing");
    REQUIRE(edit(R"({"title":null})") == "malformed title");
    REQUIRE(world.send(ua_officer, stream, "set_budget_line", line("b-1")) == "nothing");
    REQUIRE(world.send(ua_officer, stream, "set_budget_line", line("b-1", 7))
                .starts_with("proposal.budget_line_set"));
    REQUIRE(world.send(ua_officer, stream, "remove_budget_line", R"({"line":"b-9"})") == "not_found line");
    REQUIRE(world.send(ua_officer, stream, "remove_funding_source", R"({"source":"s-9"})") ==
            "not_found source");
    REQUIRE(world.send(ua_officer, stream, "remove_indicator", R"({"indicator":"i-9"})") ==
            "not_found indicator");
}

TEST_CASE("a third partner may write but neither sign nor choose partners", "[proposal]") {
    World world = World::with_partners();
    draft_it(world);
    const Actor third = officer_of(third_town);
    REQUIRE(
        world.send(third, stream, "edit_proposal", R"({"title":"Wells"})").starts_with("proposal.edited"));
    REQUIRE(world.send(third, stream, "add_partner", R"({"municipality":"AT_10101"})") == "not_a_partner");
    REQUIRE(world.send(third, stream, "ask_approval") == "not_a_partner");
    world.given(ua_officer, stream, "ask_approval");
    REQUIRE(world.send(mayor_of(third_town), stream, "approve_proposal", R"({"version":1})") ==
            "not_a_partner");
    REQUIRE(world.send(officer_of(stranger), stream, "edit_proposal", R"({"title":"Oil"})") == "not_found");
    REQUIRE(world.send(acting_as(Role::expert), stream, "edit_proposal", R"({"title":"Oil"})") ==
            "not_allowed");
}

TEST_CASE("partners are registered towns, and go only when no row names them", "[proposal]") {
    World world = World::with_partners();
    draft_it(world);
    const auto partner = [&](std::string_view command, std::string_view town) {
        return world.send(ua_officer, stream, command, fmt::format(R"({{"municipality":"{}"}})", town));
    };
    REQUIRE(partner("add_partner", third_town) == "nothing");
    REQUIRE(partner("add_partner", "FR_1") == "not_found municipality");
    REQUIRE(partner("remove_partner", "FR_1") == "not_found municipality");
    REQUIRE(partner("remove_partner", eu_town) == "invalid_field municipality");
    REQUIRE(world.send(ua_officer, stream, "set_budget_line", line("b-3", 1, stranger)) ==
            "invalid_field partner");
    world.given(ua_officer, stream, "set_budget_line", line("b-3", 1, third_town));
    REQUIRE(partner("remove_partner", third_town) == "invalid_field municipality");
    world.given(ua_officer, stream, "remove_budget_line", R"({"line":"b-3"})");
    REQUIRE(partner("remove_partner", third_town).starts_with("proposal.partner_removed"));
    REQUIRE(world.send(secretariat, stream, "add_partner", R"({"municipality":"AT_10101"})") ==
            "not_allowed");
}

TEST_CASE("the tables of a proposal have room for so much and no more", "[proposal]") {
    World world = World::with_partners();
    draft_it(world);
    const auto fill = [&](int count, std::string_view command, const auto& data) {
        for (int i = 2; i <= count; ++i)
            world.given(ua_officer, stream, command, data(fmt::format("n-{}", i)));
        return world.send(ua_officer, stream, command, data("one-more"));
    };
    REQUIRE(fill(200, "set_budget_line", [](std::string_view id) { return line(id); }) == "too_many");
    REQUIRE(fill(40, "set_funding_source", source) == "too_many");
    REQUIRE(fill(60, "set_indicator", indicator) == "too_many");
    for (int i = 4; i <= 9; ++i) {
        const std::string town = fmt::format("SK_{}", i);
        world.given(
            service, "municipality/" + town, "register_municipality",
            fmt::format(R"({{"name":"T","country":"SK","scheme":"gisco","code":"{}","source":"s"}})", town));
        const auto told =
            world.send(ua_officer, stream, "add_partner", fmt::format(R"({{"municipality":"{}"}})", town));
        REQUIRE(told.starts_with(i == 9 ? "too_many" : "proposal.partner_added"));
    }
}

TEST_CASE("asking for approval names what is missing, then a version and its content", "[proposal]") {
    World world = World::with_partners();
    world.given(ua_officer, stream, "draft_proposal",
                R"({"partnership":"p-1","title":"Water","sectors":["youth"]})");
    REQUIRE(world.send(ua_officer, stream, "ask_approval") == "incomplete budget");
    REQUIRE(world.last_rejection.params ==
            RejectionParams{{"missing",
                             "budget, summary, objective, needs, target_groups, partnership, activities, "
                             "results, risks, sustainability"}});
    world.given(ua_officer, "proposal/p-1_x2", "draft_proposal", R"({"partnership":"p-1","title":"Water"})");
    REQUIRE(world.send(ua_officer, "proposal/p-1_x2", "ask_approval") == "incomplete sectors");
    world.given(ua_officer, stream, "set_budget_line", line("b-1"));
    world.given(ua_officer, stream, "edit_proposal", R"({"summary":"Pipes."})");
    REQUIRE(world.send(eu_officer, stream, "ask_approval") == "incomplete objective");
    world.write_sections(eu_officer, stream);
    const std::string asked = world.send(eu_officer, stream, "ask_approval");
    REQUIRE(
        asked.starts_with(R"(proposal.approval_asked {"version":1,"content_revision":3,"content_hash":")"));
    REQUIRE(asked.ends_with(
        R"(","by":"eu","texts":{"objective":1,"needs":1,"target_groups":1,"partnership":1,"activities":1,)"
        R"("results":1,"risks":1,"sustainability":1}})"));
}

TEST_CASE("a section that was erased keeps no proposal from approval: nobody can write there any more",
          "[proposal]") {
    World world = World::with_partners();
    draft_it(world);
    world.given(secretariat, "text/" + stream + "/risks", "erase_text", R"({"reason":"a private address"})");
    REQUIRE(world.send(ua_officer, "text/" + stream + "/risks", "edit_text",
                       R"({"client":"k-9","sequence":1,"base":2,"change":[{"insert":"a"}]})") == "erased");
    const std::string asked = world.send(ua_officer, stream, "ask_approval");
    REQUIRE(asked.starts_with("proposal.approval_asked "));
    REQUIRE(asked.find(R"("risks":2)") != std::string::npos);
}

TEST_CASE("both mayors sign, each for the own side and the version they saw", "[proposal]") {
    World world = World::with_partners();
    ask(world);
    const auto sign = [&](const Actor& actor, std::string_view data) {
        return world.send(actor, stream, "approve_proposal", data);
    };
    REQUIRE(sign(ua_officer, R"({"version":1})") == "not_allowed");
    REQUIRE(sign(secretariat, R"({"version":1,"side":"ua"})") == "not_allowed");
    REQUIRE(sign(ua_mayor, R"({"version":1,"side":"ua"})") == "not_allowed side");
    REQUIRE(sign(ua_mayor, R"({"version":2})") == "version_mismatch version");
    REQUIRE(sign(service, R"({"version":1})") == "invalid_field side");
    REQUIRE(sign(service, R"({"version":1,"side":"ua"})") ==
            R"(proposal.approved {"version":1,"side":"ua"})");
    REQUIRE(sign(ua_mayor, R"({"version":1})") == "already_done");
    REQUIRE(state_in(world).standing.status == proposal::Status::in_approval);
    REQUIRE(sign(eu_mayor, R"({"version":1})") == R"(proposal.approved {"version":1,"side":"eu"})");
    REQUIRE(state_in(world).standing.status == proposal::Status::approved);
    REQUIRE(world.send(eu_officer, stream, "return_proposal", R"({"version":1,"reason":"too dear"})") ==
            "not_allowed");
}

TEST_CASE("returning or withdrawing unlocks, voids the approvals, and the next version has a new number",
          "[proposal]") {
    World world = World::with_partners();
    approve(world);
    world.given(eu_mayor, stream, "return_proposal", R"({"version":1,"reason":"too dear"})");
    REQUIRE_FALSE(state_in(world).is_locked());
    world.given(ua_officer, stream, "ask_approval");
    REQUIRE(state_in(world).standing.approved == PerSide<bool>{});
    REQUIRE(world.send(ua_officer, stream, "withdraw_approval", R"({"version":1,"reason":"a typo"})") ==
            "version_mismatch version");
    world.given(ua_officer, stream, "withdraw_approval", R"({"version":2,"reason":"a typo"})");
    world.given(ua_officer, stream, "ask_approval");
    REQUIRE(state_in(world).standing.version == 3);
}

TEST_CASE("submission and answer have days that have come, in their order", "[proposal]") {
    World world = World::with_partners();
    approve(world);
    const auto submit_on = [&](std::string_view on) {
        return world.send(ua_officer, stream, "submit_proposal",
                          fmt::format(R"({{"version":1,"funder":"Interreg","on":"{}"}})", on));
    };
    REQUIRE(submit_on("2026-11") == "invalid_field on");
    REQUIRE(submit_on("2026-11-23") == "too_early on");
    REQUIRE(submit_on("2026-11-20").starts_with("proposal.submitted"));
    const auto tell = [&](std::string_view data) {
        return world.send(eu_officer, stream, "record_answer", data);
    };
    REQUIRE(tell(R"({"answer":"granted","on":"2026-11-23"})") == "too_early on");
    REQUIRE(tell(R"({"answer":"granted","on":"2026-11-19"})") == "invalid_field on");
    REQUIRE(tell(R"({"answer":"granted","on":"2026-11-21","amount":5})") == "invalid_field currency");
    REQUIRE(tell(R"({"answer":"granted","on":"2026-11-21","currency":"EUR"})") == "invalid_field amount");
    REQUIRE(tell(R"({"answer":"rejected","on":"2026-11-21","amount":5,"currency":"EUR"})") ==
            "invalid_field amount");
    REQUIRE(tell(R"({"answer":"more_information","on":"2026-11-21"})").starts_with("proposal.answered"));
    REQUIRE(state_in(world).standing.status == proposal::Status::submitted);
    REQUIRE(tell(R"({"answer":"granted","on":"2026-11-22","amount":5,"currency":"EUR"})") ==
            R"(proposal.answered {"answer":"granted","on":"2026-11-22","amount":5,"currency":"EUR"})");
}
