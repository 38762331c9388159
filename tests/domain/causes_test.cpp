// What leads to an event is known by the rule of its type: domain/cause.hpp against tests/vectors/causes.txt.
#include "causes.hpp"
#include "domain/cause.hpp"
#include "domain/codec/entry.hpp"
#include "domain/codec/event_types.hpp"
#include "text_desk.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>

using namespace mosty;
using namespace mosty::test;

namespace {

Actor vouched(Actor actor) {
    actor.vouched = true;
    return actor;
}

void correct(World& world, const Actor& actor, std::string_view stream, std::string_view type,
             std::string_view rest) {
    const std::string_view kind = stream.substr(0, stream.find('/'));
    world.given(
        actor, stream, fmt::format("correct_{}", kind),
        fmt::format(R"({{"corrects":"{}","reason":"checked again"{}}})", world.event_id(stream, type), rest));
}

// The stored envelope of the newest event of this type in the stream.
codec::Envelope newest(const World& world, std::string_view stream, std::string_view type) {
    const std::string id = world.event_id(stream, type);
    for (const std::string& bytes : world.entries())
        if (auto envelope = codec::decode_envelope(bytes); envelope->id.text() == id)
            return *envelope;
    FAIL("there is no " << type << " in " << stream);
    return {};
}

std::string cause_of_newest(const World& world, std::string_view stream, std::string_view type) {
    return newest(world, stream, type).cause.text();
}

World municipalities() {
    World world = World::with_partners();
    const std::string town = "municipality/HU_10719";
    correct(world, service, town, "municipality.registered", R"(,"name":"Tata town")");
    world.given(
        service, town, "register_municipality",
        R"({"name":"Tata","country":"HU","scheme":"gisco","code":"HU_10719","population":24000,"source":"register"})");
    correct(world, service, town, "municipality.updated", R"(,"population":24001)");
    return world;
}

World people() {
    World world = World::with_partners();
    const Actor server = vouched(secretariat);
    const Actor herself{ActorId("u-1"), OrganisationId(std::string(ua_town)), Role::officer, true};
    const std::string profile = fmt::format(
        R"({{"name":"Olena Koval","organisation":"{}","role":"officer","language":"uk")", ua_town);
    const std::string stream = "person/u-1";
    const auto invitation = [](int number) {
        return fmt::format(R"({{"invitation":"in-{}","until":"2026-11-29"}})", number);
    };
    world.given(secretariat, stream, "register_person", profile + "}");
    world.given(secretariat, "person/u-2", "register_person", profile + "}");
    world.given(server, "person/u-3", "invite_person",
                profile + R"(,"invitation":"in-3","until":"2026-11-29"})");
    correct(world, secretariat, stream, "person.registered", R"(,"name":"Olena Kovalenko")");
    world.given(server, stream, "invite_again", invitation(1));
    world.given(server, stream, "withdraw_invitation", R"({"invitation":"in-1"})");
    world.given(server, stream, "invite_again", invitation(2));
    world.given(herself, stream, "join", R"({"invitation":"in-2"})");
    world.given(secretariat, stream, "change_role", R"({"role":"mayor","reason":"elected"})");
    world.given(herself, stream, "appoint_deputy",
                R"({"deputy":"u-2","from":"2026-11-22","until":"2026-11-30"})");
    world.given(herself, stream, "end_deputy", R"({"deputy":"u-2"})");
    world.given(herself, stream, "set_password");
    world.given(herself, stream, "remove_second_factor"); // set before there was a record of it
    world.given(herself, stream, "set_second_factor");
    world.given(herself, stream, "remove_second_factor");
    world.given(herself, stream, "unlink_provider", R"({"provider":"town"})");
    world.given(herself, stream, "link_provider", R"({"provider":"town"})");
    world.given(herself, stream, "unlink_provider", R"({"provider":"town"})");
    world.given(herself, stream, "make_token",
                R"({"token":"to-1","name":"n","scope":["read"],"until":"2027-01-31"})");
    world.given(herself, stream, "revoke_token", R"({"token":"to-1"})");
    world.given(herself, stream, "revoke_token", R"({"token":"to-2"})");
    world.given(herself, stream, "sign_out_everywhere");
    world.given(herself, stream, "hand_over", R"({"to":"u-2","reason":"holidays"})");
    world.given(herself, stream, "leave", R"({"reason":"a new post"})");
    world.given(secretariat, stream, "hand_over", R"({"to":"u-3","reason":"a new post"})");
    world.given(secretariat, stream, "erase_person", R"({"reason":"asked for it"})");
    return world;
}

void propose(World& world, std::string_view stream) {
    world.given(ua_officer, stream, "propose_partnership",
                fmt::format(R"({{"ua":"{}","eu":"{}","sectors":["youth"]}})", ua_town, eu_town));
}

World partnerships() {
    World world = World::with_partners();
    const std::string ended = "partnership/p-1", declined = "partnership/p-2", withdrawn = "partnership/p-3";
    correct(world, ua_officer, ended, "partnership.proposed", R"(,"note":"since long")");
    correct(world, eu_officer, ended, "partnership.accepted", R"(,"on":"2026-11-01")");
    world.given(ua_officer, ended, "end_partnership", R"({"on":"2026-11-20","reason":"over"})");
    correct(world, ua_officer, ended, "partnership.ended", R"(,"on":"2026-11-19")");
    propose(world, declined);
    world.given(eu_officer, declined, "decline_partnership", R"({"reason":"too far"})");
    correct(world, eu_officer, declined, "partnership.declined", R"(,"fact_reason":"too far away")");
    propose(world, withdrawn);
    world.given(ua_officer, withdrawn, "withdraw_partnership", R"({"reason":"a slip"})");
    correct(world, ua_officer, withdrawn, "partnership.withdrawn", R"(,"fact_reason":"by mistake")");
    return world;
}

void plan(World& world, std::string_view stream) {
    world.given(
        ua_officer, stream, "plan_visit",
        R"({"partnership":"p-1","title":"Pumps","host":"eu","kind":"study_visit","from":"2026-11-20"})");
}

void postpone(World& world, std::string_view stream) {
    world.given(eu_officer, stream, "postpone_visit", R"({"from":"2026-11-21","reason":"no trains"})");
}

void confirm(World& world, const Actor& actor, std::string_view stream) {
    world.given(actor, stream, "confirm_visit");
}

World visits() {
    World world = World::with_partners();
    const std::string one = "visit/p-1_v1", two = "visit/p-1_v2", three = "visit/p-1_v3",
                      four = "visit/p-1_v4";
    plan(world, one);
    correct(world, ua_officer, one, "visit.planned", R"(,"title":"Pumps and pipes")");
    confirm(world, eu_officer, one);
    correct(world, eu_officer, one, "visit.confirmed", R"(,"retracted":true)");
    postpone(world, one);
    postpone(world, one);
    correct(world, eu_officer, one, "visit.postponed", R"(,"fact_reason":"a strike")");
    confirm(world, ua_officer, one);
    confirm(world, eu_officer, one);
    world.given(ua_officer, one, "hold_visit", R"({"from":"2026-11-21"})");
    correct(world, ua_officer, one, "visit.held", R"(,"participants_ua":4)");
    world.given(ua_officer, one, "report_visit", R"({"summary":"We saw pumps.","lessons":[]})");
    correct(world, ua_officer, one, "visit.reported", R"(,"summary":"We saw three pumps.")");
    plan(world, two);
    world.given(ua_officer, two, "hold_visit", R"({"from":"2026-11-20"})");
    plan(world, three);
    world.given(ua_officer, three, "cancel_visit", R"({"reason":"no trains"})");
    correct(world, ua_officer, three, "visit.cancelled", R"(,"fact_reason":"no trains at all")");
    plan(world, four);
    postpone(world, four);
    world.given(ua_officer, four, "cancel_visit", R"({"reason":"no trains"})");
    return world;
}

const std::string proposal_stream = "proposal/p-1_x1";

// Changes each part of the content once and removes what it added; `round` tells one time from the next.
void write_content(World& world, int round) {
    const auto say = [&](std::string_view command, const std::string& data) {
        world.given(ua_officer, proposal_stream, command, data);
    };
    say("edit_proposal", fmt::format(R"({{"title":"Water {}"}})", round));
    say("add_partner", fmt::format(R"({{"municipality":"{}"}})", third_town));
    say("remove_partner", fmt::format(R"({{"municipality":"{}"}})", third_town));
    const std::string line =
        fmt::format(R"(,"category":"staff","partner":"{}","description":"d","amount":{},"currency":"EUR"}})",
                    ua_town, 100 + round);
    say("set_budget_line", R"({"line":"b-kept")" + line);
    say("set_budget_line", R"({"line":"b-1")" + line);
    say("remove_budget_line", R"({"line":"b-1"})");
    say("set_funding_source",
        R"({"source":"f-1","name":"Fund","kind":"grant","amount":5,"currency":"EUR","status":"planned"})");
    say("remove_funding_source", R"({"source":"f-1"})");
    say("set_indicator", R"({"indicator":"i-1","name":"Homes","unit":"homes"})");
    say("remove_indicator", R"({"indicator":"i-1"})");
}

void ask(World& world) {
    world.given(ua_officer, proposal_stream, "ask_approval");
}

void approve(World& world, const Actor& mayor, int version) {
    world.given(mayor, proposal_stream, "approve_proposal", fmt::format(R"({{"version":{}}})", version));
}

World proposals() {
    World world = World::with_partners();
    const std::string& stream = proposal_stream;
    world.given(ua_officer, stream, "draft_proposal",
                R"({"partnership":"p-1","title":"Water","sectors":["water_supply"],"summary":"Pipes."})");
    correct(world, ua_officer, stream, "proposal.drafted", R"(,"source":"minutes")");
    write_content(world, 1);
    world.write_sections(service, stream);
    ask(world);
    correct(world, ua_officer, stream, "proposal.approval_asked", R"(,"retracted":true)");
    ask(world);
    world.given(eu_mayor, stream, "return_proposal", R"({"version":2,"reason":"too dear"})");
    correct(world, eu_mayor, stream, "proposal.returned", R"(,"fact_reason":"far too dear")");
    write_content(world, 2);
    ask(world);
    world.given(ua_officer, stream, "withdraw_approval", R"({"version":3,"reason":"a slip"})");
    correct(world, ua_officer, stream, "proposal.approval_withdrawn", R"(,"fact_reason":"two slips")");
    write_content(world, 3);
    ask(world);
    approve(world, ua_mayor, 4);
    approve(world, eu_mayor, 4);
    correct(world, eu_mayor, stream, "proposal.approved", R"(,"retracted":true)");
    approve(world, eu_mayor, 4);
    world.given(ua_officer, stream, "submit_proposal", R"({"version":4,"funder":"Fund","on":"2026-11-20"})");
    correct(world, ua_officer, stream, "proposal.submitted", R"(,"reference":"F-7")");
    world.given(ua_officer, stream, "record_answer", R"({"answer":"granted","on":"2026-11-22"})");
    correct(world, ua_officer, stream, "proposal.answered", R"(,"note":"by letter")");
    return world;
}

World texts() {
    World world = with_proposal();
    const auto say = [&](const Actor& actor, std::string_view command, std::string_view data) {
        world.given(actor, needs, command, data);
    };
    write(world, ua_officer, R"([{"insert":"Вода для лікарні"}])");
    say(eu_officer, "comment_text",
        R"({"thread":"t-1","kind":"comment","base":1,"from":0,"to":4,"body":"Чому?"})");
    say(ua_officer, "reply_in_text", R"({"thread":"t-1","body":"Тому."})");
    say(eu_officer, "resolve_thread", R"({"thread":"t-1"})");
    say(eu_officer, "reopen_thread", R"({"thread":"t-1"})");
    say(expert, "comment_text",
        R"({"thread":"t-2","kind":"advice","base":1,"from":0,"to":4,"body":"Більше."})");
    say(ua_officer, "answer_advice", R"({"thread":"t-2","answer":"accepted"})");
    say(expert, "suggest_in_text", R"({"suggestion":"s-1","base":1,"change":[{"insert":"Чиста "}]})");
    say(expert, "suggest_in_text", R"({"suggestion":"s-2","base":1,"change":[{"delete":1}]})");
    say(ua_officer, "accept_suggestion", R"({"suggestion":"s-1"})");
    say(ua_officer, "decline_suggestion", R"({"suggestion":"s-2"})");
    say(ua_officer, "name_text_version", R"({"version":"v-1","name":"n","revision":1})");
    say(ua_officer, "restore_text", R"({"revision":1})");
    say(ua_officer, "restore_text", R"({"revision":0})");
    write(world, ua_officer, R"([{"insert":"Вул. Садова 3"}])");
    say(secretariat, "redact_text", R"({"base":15,"change":[{"delete":4}],"reason":"an address"})");
    say(secretariat, "erase_text", R"({"reason":"asked for it"})");
    return world;
}

World places() {
    World world = with_proposal();
    const auto say = [&](std::string_view command, std::string_view data) {
        world.given(ua_officer, "sites/p-1_x1", command, data);
    };
    say("record_site", R"({"site":"s-1","audience":"town"})");
    say("describe_site", R"({"site":"s-1","audience":"town","name":"Station 4","kind":"shelter"})");
    say("share_site", R"({"site":"s-1"})");
    say("withdraw_site", R"({"site":"s-1"})");
    say("remove_site", R"({"site":"s-1"})");
    say("erase_site", R"({"site":"s-1"})");
    say("record_site", R"({"site":"s-2","audience":"partners"})");
    say("withdraw_site", R"({"site":"s-2"})");
    return world;
}

} // namespace

TEST_CASE("every type of event has its line in the table of causes", "[cause]") {
    const auto by_hand = causes_by_hand();
    for (const auto& type : codec::event_types()) {
        INFO(type.name << " is missing in tests/vectors/causes.txt");
        CHECK(by_hand.contains(std::string(type.name)));
    }
    CHECK(by_hand.size() == codec::event_types().size());
}

TEST_CASE("every cause of the table is lived through, and no other", "[cause]") {
    const auto by_hand = causes_by_hand();
    std::set<CausePair> lived;
    for (const World& world :
         {municipalities(), people(), partnerships(), visits(), proposals(), texts(), places()})
        lived.merge(causes_in(world));
    for (const CausePair& pair : lived) {
        INFO(pair.first << " was led to by " << pair.second);
        CHECK(is_allowed(by_hand, pair));
    }
    for (const auto& [type, causes] : by_hand)
        for (const std::string& cause : causes) {
            INFO(type << " never came from " << cause);
            CHECK(std::ranges::any_of(lived, [&](const CausePair& pair) {
                return pair.first == type &&
                       (pair.second == cause || (cause == "text.*" && pair.second.starts_with("text.")));
            }));
        }
}

TEST_CASE("a figure that was changed after a return names the return, and so does the next request",
          "[cause]") {
    const World world = proposals();
    const std::string withdrawal = world.event_id(proposal_stream, "proposal.approval_withdrawn");
    CHECK(cause_of_newest(world, proposal_stream, "proposal.budget_line_set") == withdrawal);
    CHECK(cause_of_newest(world, proposal_stream, "proposal.approval_asked") == withdrawal);
}

TEST_CASE("a signature names the request that stands, not one that was taken back", "[cause]") {
    const World world = proposals();
    const std::string asked = world.event_id(proposal_stream, "proposal.approval_asked");
    CHECK(cause_of_newest(world, proposal_stream, "proposal.approved") == asked);
    CHECK(newest(world, proposal_stream, "proposal.answered").correlation ==
          newest(world, proposal_stream, "proposal.approval_asked").correlation);
}

TEST_CASE("a confirmation names the dates that it confirms", "[cause]") {
    const World world = visits();
    CHECK(cause_of_newest(world, "visit/p-1_v1", "visit.confirmed") ==
          world.event_id("visit/p-1_v1", "visit.postponed"));
    CHECK(cause_of_newest(world, "visit/p-1_v2", "visit.held") ==
          world.event_id("visit/p-1_v2", "visit.planned"));
}

TEST_CASE("what a redaction leaves of a text follows from the redaction", "[cause]") {
    const World world = texts();
    CHECK(cause_of_newest(world, needs, "text.restored") == world.event_id(needs, "text.redacted"));
}

TEST_CASE("a description tells no more in the clear than the event beside it", "[cause]") {
    World world = with_proposal();
    world.given(ua_officer, "sites/p-1_x1", "record_site", R"({"site":"s-1","audience":"town"})");
    world.given(ua_officer, "sites/p-1_x1", "describe_site",
                R"({"site":"s-1","audience":"town","name":"Station 4","kind":"shelter"})");
    CHECK(cause_of_newest(world, "sites/p-1_x1", "site.described").empty());
    world.given(ua_officer, "sites/p-1_x1", "share_site", R"({"site":"s-1"})");
    CHECK(cause_of_newest(world, "sites/p-1_x1", "site.described") ==
          world.event_id("sites/p-1_x1", "site.shared"));
}
