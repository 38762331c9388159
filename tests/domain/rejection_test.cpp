#include "domain/base/rejection.hpp"
#include "text_desk.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <set>

using namespace mosty;
using namespace mosty::test;

namespace {

// Reaches one rejection, beginning with two partners and the proposal "p-1_x1".
struct Way {
    Actor actor;
    std::string_view stream;
    std::string_view command;
    std::string_view data;
};

World with_draft() {
    World world = World::with_partners();
    world.given(ua_officer, "proposal/p-1_x1", "draft_proposal",
                R"({"partnership":"p-1","title":"Water","sectors":["youth"],"summary":"s"})");
    world.given(ua_officer, "proposal/p-1_locked", "draft_proposal",
                R"({"partnership":"p-1","title":"Water","sectors":["youth"],"summary":"s"})");
    world.given(
        ua_officer, "proposal/p-1_locked", "set_budget_line",
        R"({"line":"b","category":"staff","partner":"HU_10719","description":"d","amount":1,"currency":"EUR"})");
    world.write_sections(ua_officer, "proposal/p-1_locked");
    world.given(ua_officer, "proposal/p-1_locked", "ask_approval");
    world.given(ua_officer, "partnership/p-3", "propose_partnership",
                R"({"ua":"UA32140010000049369","eu":"HU_10719","sectors":["youth"]})");
    world.given(ua_officer, "visit/p-1_v1", "plan_visit",
                R"({"partnership":"p-1","title":"t","host":"ua","kind":"meeting","from":"2026-12"})");
    return world;
}

// Fills a section to the last unit, and takes the beginning of another away again.
void write_texts(World& world) {
    const std::string much(9'999, 'x');
    for (int i = 0; i < 20; ++i) {
        world.given(
            ua_officer, "text/proposal/p-1_x1/risks", "edit_text",
            fmt::format(R"({{"client":"k-1","sequence":{},"base":{},"change":[{{"insert":"{}{}"}}]}})", i + 1,
                        i, much, i < 19 ? "x" : ""));
    }
    world.given(ua_officer, needs, "edit_text",
                R"({"client":"k-1","sequence":1,"base":0,"change":[{"insert":"Water"}]})");
    world.given(ua_officer, needs, "edit_text",
                R"({"client":"k-1","sequence":2,"base":1,"change":[{"delete":3}]})");
}

// An edit of a text that write_texts wrote.
Way edits(const Actor& actor, std::string_view text, std::string_view data) {
    return {actor, text, "edit_text", data};
}

} // namespace

TEST_CASE("every rejection code is reached, has a sentence, and no code is without a test", "[rejection]") {
    World world = with_draft();
    const std::string first = world.event_id("partnership/p-1", "partnership.proposed");
    const std::string asked = world.event_id("partnership/p-1", "partnership.accepted");
    world.given(ua_officer, "partnership/p-1", "end_partnership",
                R"({"on":"2026-11","reason":"project over"})");
    const std::string take_back_first =
        fmt::format(R"({{"corrects":"{}","reason":"slip","retracted":true}})", first);
    const std::string take_back_earlier =
        fmt::format(R"({{"corrects":"{}","reason":"slip","retracted":true}})", asked);
    write_texts(world);
    world.given(secretariat, "person/u-erased", "register_person",
                R"({"name":"Ada","organisation":"cemr","role":"expert","language":"en"})");
    world.given(secretariat, "person/u-erased", "erase_person", R"({"reason":"asked for it"})");
    const std::string much_at_once = fmt::format(
        R"({{"client":"k-1","sequence":3,"base":2,"change":[{{"insert":"{}"}}]}})", std::string(17'000, 'x'));
    const std::string long_title = fmt::format(R"({{"title":"{}"}})", std::string(201, 'x'));
    const std::vector<std::pair<RejectionCode, Way>> ways{
        {RejectionCode::malformed, {ua_officer, "proposal/p-1_x1", "ask_approval", R"({"please":true})"}},
        {RejectionCode::unknown_command, {ua_officer, "proposal/p-1_x1", "burn", "{}"}},
        {RejectionCode::wrong_stream, {ua_officer, "visit/p-1_v1", "ask_approval", "{}"}},
        {RejectionCode::not_found, {ua_officer, "visit/p-1_v9", "confirm_visit", "{}"}},
        {RejectionCode::already_exists,
         {ua_officer, "partnership/p-3", "propose_partnership",
          R"({"ua":"UA32140010000049369","eu":"HU_10719","sectors":["youth"]})"}},
        {RejectionCode::invalid_field, {ua_officer, "proposal/p-1_x1", "edit_proposal", R"({"title":" "})"}},
        {RejectionCode::too_long, {ua_officer, "proposal/p-1_x1", "edit_proposal", long_title}},
        {RejectionCode::too_many,
         {ua_officer, "proposal/p-1_x1", "edit_proposal",
          R"({"sectors":["health","youth","energy","culture","housing","shelters","transport"]})"}},
        {RejectionCode::not_allowed, {acting_as(Role::auditor), "proposal/p-1_x1", "ask_approval", "{}"}},
        {RejectionCode::not_a_partner, {officer_of(stranger), "partnership/p-3", "accept_partnership", "{}"}},
        {RejectionCode::same_side,
         {secretariat, "partnership/p-4", "propose_partnership",
          R"({"ua":"UA32140010000049369","eu":"UA32140010000049369","sectors":["youth"]})"}},
        {RejectionCode::wrong_status, {ua_officer, "visit/p-1_v1", "report_visit", R"({"summary":"s"})"}},
        {RejectionCode::already_done, {ua_officer, "visit/p-1_v1", "confirm_visit", "{}"}},
        {RejectionCode::locked, {ua_officer, "proposal/p-1_locked", "edit_proposal", R"({"title":"Fire"})"}},
        {RejectionCode::incomplete, {ua_officer, "proposal/p-1_x1", "ask_approval", "{}"}},
        {RejectionCode::version_mismatch,
         {ua_mayor, "proposal/p-1_locked", "approve_proposal", R"({"version":2})"}},
        {RejectionCode::partnership_not_active,
         {ua_officer, "visit/p-3_v2", "plan_visit",
          R"({"partnership":"p-3","title":"t","host":"ua","kind":"meeting","from":"2026"})"}},
        {RejectionCode::too_early, {ua_officer, "visit/p-1_v1", "hold_visit", R"({"from":"2026-12"})"}},
        {RejectionCode::unknown_event,
         {ua_officer, "visit/p-1_v1", "correct_visit", R"({"corrects":"e-0","reason":"slip"})"}},
        {RejectionCode::not_correctable,
         {ua_officer, "partnership/p-1", "correct_partnership", take_back_first}},
        {RejectionCode::later_facts_depend_on_it,
         {eu_officer, "partnership/p-1", "correct_partnership", take_back_earlier}},
        {RejectionCode::invalid_delta,
         edits(ua_officer, needs, R"({"client":"k-1","sequence":3,"base":2,"change":[{"delete":0}]})")},
        {RejectionCode::edit_out_of_range,
         edits(ua_officer, needs, R"({"client":"k-1","sequence":3,"base":2,"change":[{"delete":9}]})")},
        {RejectionCode::edit_too_big, edits(ua_officer, needs, much_at_once)},
        {RejectionCode::text_too_long,
         edits(ua_officer, "text/proposal/p-1_x1/risks",
               R"({"client":"k-1","sequence":21,"base":20,"change":[{"insert":"x"}]})")},
        {RejectionCode::base_from_future,
         edits(ua_officer, needs, R"({"client":"k-1","sequence":3,"base":3,"change":[{"insert":"x"}]})")},
        {RejectionCode::unknown_client,
         edits(eu_officer, needs, R"({"client":"k-1","sequence":3,"base":2,"change":[{"insert":"x"}]})")},
        {RejectionCode::sequence_gap,
         edits(ua_officer, needs, R"({"client":"k-1","sequence":4,"base":2,"change":[{"insert":"x"}]})")},
        {RejectionCode::sequence_reused,
         edits(ua_officer, needs, R"({"client":"k-1","sequence":2,"base":2,"change":[{"insert":"x"}]})")},
        {RejectionCode::orphaned,
         {eu_officer, needs, "comment_text",
          R"({"thread":"t-1","kind":"comment","base":1,"from":0,"to":2,"body":"Why?"})"}},
        {RejectionCode::erased,
         {secretariat, "person/u-erased", "correct_person", R"({"corrects":"e-1","reason":"slip"})"}},
    };
    std::set<RejectionCode> reached;
    for (const auto& [code, way] : ways) {
        const std::string answer = world.send(way.actor, way.stream, way.command, way.data);
        INFO(way.command << ": " << answer);
        CHECK(answer.substr(0, answer.find(' ')) == to_string(code));
        CHECK(world.last_rejection.sentence.ends_with('.'));
        reached.insert(world.last_rejection.code);
    }
    const auto stale = domain::refuse_revision(7, 8);
    REQUIRE(stale.has_value());
    REQUIRE_FALSE(domain::refuse_revision(8, 8).has_value());
    reached.insert(stale->code);
    for (std::size_t i = 0; i < WordsOf<RejectionCode>::words.size(); ++i) {
        INFO(WordsOf<RejectionCode>::words[i]);
        CHECK(reached.contains(static_cast<RejectionCode>(i)));
    }
}
