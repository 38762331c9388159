#include "rights_cases.hpp"

#include "rights_table.hpp"
#include "text_desk.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <iterator>

namespace mosty::test {

std::vector<Actor> people_of(const std::vector<std::string>& columns) {
    const std::string_view towns[] = {ua_town, eu_town, third_town, stranger};
    std::vector<Actor> people;
    for (const std::string& column : columns) {
        const auto role = from_word<Role>(column);
        REQUIRE(role);
        if (acts_for_municipality(*role)) {
            REQUIRE(people.size() / 2 < std::size(towns));
            const auto town = towns[people.size() / 2];
            people.push_back(*role == Role::mayor ? mayor_of(town) : officer_of(town));
        } else {
            people.push_back(acting_as(*role));
        }
    }
    return people;
}

World with_everything(const std::vector<Actor>& people) {
    World world = World::with_partners();
    for (const Actor& actor : people)
        world.given(service, "person/" + actor.id.text(), "register_person",
                    fmt::format(R"({{"name":"Somebody","organisation":"{}","role":"{}","language":"uk"}})",
                                actor.organisation.text(), to_string(actor.role)));
    world.given(secretariat, "visit/p-1_v1", "plan_visit",
                R"({"partnership":"p-1","title":"t","host":"ua","kind":"meeting","from":"2026-11-20"})");
    world.given(ua_officer, "proposal/p-1_x1", "draft_proposal",
                R"({"partnership":"p-1","title":"Water","sectors":["water_supply"],"summary":"Pipes."})");
    world.given(ua_officer, "proposal/p-1_x1", "add_partner",
                fmt::format(R"({{"municipality":"{}"}})", third_town));
    world.given(
        ua_officer, "proposal/p-1_x1", "set_budget_line",
        R"({"line":"b-1","category":"staff","partner":"HU_10719","description":"d","amount":1,"currency":"EUR"})");
    world.given(
        ua_officer, "proposal/p-1_x1", "set_funding_source",
        R"({"source":"s-1","name":"Own money","kind":"own","amount":5,"currency":"UAH","status":"planned"})");
    world.given(ua_officer, "proposal/p-1_x1", "set_indicator",
                R"({"indicator":"i-1","name":"Homes served","unit":"%"})");
    world.write_sections(service, "proposal/p-1_x1");
    const auto talk = [&](const Actor& actor, std::string_view command, std::string_view data) {
        world.given(actor, needs, command, data);
    };
    talk(expert, "comment_text",
         R"({"thread":"t-open","kind":"comment","base":1,"from":0,"to":4,"body":"b"})");
    talk(expert, "comment_text",
         R"({"thread":"t-done","kind":"comment","base":1,"from":0,"to":4,"body":"b"})");
    talk(expert, "resolve_thread", R"({"thread":"t-done"})");
    talk(expert, "comment_text",
         R"({"thread":"t-advice","kind":"advice","base":1,"from":0,"to":4,"body":"b"})");
    talk(expert, "suggest_in_text", R"({"suggestion":"s-expert","base":1,"change":[{"delete":1}]})");
    talk(ua_officer, "suggest_in_text", R"({"suggestion":"s-officer","base":1,"change":[{"delete":1}]})");
    for (const auto& [actor, site] : {std::pair{ua_officer, "s-ua"}, std::pair{eu_officer, "s-eu"}}) {
        world.given(actor, "sites/p-1_x1", "record_site",
                    fmt::format(R"({{"site":"{}","audience":"town"}})", site));
        world.given(
            actor, "sites/p-1_x1", "describe_site",
            fmt::format(R"({{"site":"{}","audience":"town","name":"Pumps","kind":"waterworks"}})", site));
    }
    return world;
}

Actor vouched(Actor actor) {
    actor.vouched = true;
    return actor;
}

std::string deputy_until(const std::string& id) {
    return fmt::format(R"({{"deputy":"{}","from":"2026-11-22","until":"2026-11-30"}})", id);
}

namespace {

void propose(World& world, const Actor& actor) {
    world.given(actor, "partnership/p-2", "propose_partnership",
                fmt::format(R"({{"ua":"{}","eu":"{}","sectors":[]}})", ua_town, eu_town));
}

void ask(World& world) {
    world.given(ua_officer, "proposal/p-1_x1", "ask_approval");
}

void approve(World& world) {
    ask(world);
    world.given(ua_mayor, "proposal/p-1_x1", "approve_proposal", R"({"version":1})");
    world.given(eu_mayor, "proposal/p-1_x1", "approve_proposal", R"({"version":1})");
}

void submit(World& world) {
    approve(world);
    world.given(eu_officer, "proposal/p-1_x1", "submit_proposal",
                R"({"version":1,"funder":"Interreg","on":"2026-11-20"})");
}

using Data = std::function<std::string(const World&, const Actor&)>;

Data is(std::string text) {
    return [text = std::move(text)](const World&, const Actor&) { return text; };
}

// A side is named by the programme, and by nobody else.
Data signed_by(std::string_view rest) {
    return [rest](const World&, const Actor& actor) {
        const std::string side = acts_for_programme(actor.role) ? R"("side":"ua")" : "";
        return fmt::format("{{{}{}{}}}", side, side.empty() || rest.empty() ? "" : ",", rest);
    };
}

Data corrects(std::string stream, std::string_view type, std::string_view change) {
    return [=](const World& world, const Actor&) {
        return fmt::format(R"({{"corrects":"{}","reason":"checked again",{}}})", world.event_id(stream, type),
                           change);
    };
}

Data corrects_own(std::string_view change) {
    return [=](const World& world, const Actor& actor) {
        return corrects("person/" + actor.id.text(), "person.registered", change)(world, actor);
    };
}

const std::string new_town =
    R"({"name":"Nowhere","country":"HU","scheme":"gisco","code":"HU_1","source":"register"})";
const std::string x = "proposal/p-1_x1";
const std::string p = "partnership/p-2";
const std::string v = "visit/p-1_v1";
const std::string in{needs};
const std::string s = "sites/p-1_x1";
const std::string own = "person/<own>";

const std::string theirs = "person/u-officer";

void enter_officer(World& world) {
    world.given(
        service, theirs, "register_person",
        fmt::format(R"({{"name":"N","organisation":"{}","role":"officer","language":"uk"}})", ua_town));
}

void invite_officer(World& world) {
    enter_officer(world);
    world.given(vouched(secretariat), theirs, "invite_again",
                R"({"invitation":"in-1","until":"2026-11-29"})");
}

void join_officer(World& world) {
    invite_officer(world);
    const Actor officer{ActorId("u-officer"), OrganisationId(std::string(ua_town)), Role::officer};
    world.given(vouched(officer), theirs, "join", R"({"invitation":"in-1"})");
}

// Somebody else of the actor's organisation.
std::string colleague_of(const Actor& actor) {
    if (acts_for_municipality(actor.role))
        return (actor.role == Role::mayor ? officer_of(actor.organisation.text())
                                          : mayor_of(actor.organisation.text()))
            .id.text();
    return acting_as(actor.role == Role::expert ? Role::auditor : Role::expert).id.text();
}

// Everybody in the columns does it to their own account.
void each(World& world, const std::function<void(World&, const Actor&)>& does) {
    for (const Actor& actor : people_of(read_rights("rights.txt").columns))
        does(world, actor);
}

const std::map<std::string, RightsCase> cases{
    {"register_municipality", {"municipality/HU_1", is(new_town)}},
    {"correct_municipality",
     {"municipality/HU_10719",
      corrects("municipality/HU_10719", "municipality.registered", R"("population":7)")}},
    {"register_person",
     {"person/u-new", is(R"({"name":"N","organisation":"cemr","role":"expert","language":"en"})")}},
    {"correct_person | somebody else's name",
     {"person/u-other", corrects("person/u-other", "person.registered", R"("name":"Other")"),
      [](World& world) {
          world.given(service, "person/u-other", "register_person",
                      R"({"name":"N","organisation":"cemr","role":"expert","language":"en"})");
      }}},
    {"erase_person",
     {"person/u-other", is(R"({"reason":"asked for it"})"),
      [](World& world) {
          world.given(service, "person/u-other", "register_person",
                      R"({"name":"N","organisation":"cemr","role":"expert","language":"en"})");
      }}},
    {"correct_person | one's own name", {own, corrects_own(R"("name":"Other")")}},
    {"correct_person | one's own role",
     {own,
      [](const World& world, const Actor& actor) {
          const auto other = actor.role == Role::expert ? R"("role":"funder")" : R"("role":"expert")";
          return corrects_own(other)(world, actor);
      }}},

    {"change_role | an officer's, to expert",
     {theirs, is(R"({"role":"expert","reason":"advises now"})"), enter_officer}},
    {"change_role | an officer's, to mayor",
     {theirs, is(R"({"role":"mayor","reason":"elected"})"), enter_officer}},
    {"change_role | one's own", {own, is(R"({"role":"expert","reason":"advises now"})")}},
    {"appoint_deputy | an officer's", {theirs, is(deputy_until(ua_mayor.id.text())), enter_officer}},
    {"appoint_deputy | one's own",
     {own, [](const World&, const Actor& actor) { return deputy_until(colleague_of(actor)); }}},
    {"end_deputy | an officer's",
     {theirs, is(R"({"deputy":"u-deputy"})"),
      [](World& world) {
          enter_officer(world);
          world.given(
              service, "person/u-deputy", "register_person",
              fmt::format(R"({{"name":"N","organisation":"{}","role":"officer","language":"uk"}})", ua_town));
          world.given(service, theirs, "appoint_deputy", deputy_until("u-deputy"));
      }}},
    {"end_deputy | one's own",
     {own,
      [](const World&, const Actor& actor) {
          return fmt::format(R"({{"deputy":"{}"}})", colleague_of(actor));
      },
      [](World& world) {
          each(world, [](World& all, const Actor& actor) {
              all.given(actor, "person/" + actor.id.text(), "appoint_deputy",
                        deputy_until(colleague_of(actor)));
          });
      }}},
    {"leave | an officer's", {theirs, is(R"({"reason":"retired"})"), enter_officer}},
    {"leave | one's own", {own, is(R"({"reason":"retired"})")}},
    {"hand_over | an officer's",
     {theirs, is(fmt::format(R"({{"to":"{}","reason":"retired"}})", ua_mayor.id.text())), enter_officer}},
    {"hand_over | one's own",
     {own,
      [](const World&, const Actor& actor) {
          return fmt::format(R"({{"to":"{}","reason":"retired"}})", colleague_of(actor));
      }}},
    {"invite_person",
     {"person/u-new",
      is(fmt::format(
          R"({{"name":"N","organisation":"{}","role":"officer","language":"uk","invitation":"in-9","until":"2026-11-29"}})",
          ua_town)),
      [](World&) {}, true}},
    {"invite_again | who never joined",
     {theirs, is(R"({"invitation":"in-9","until":"2026-11-29"})"), enter_officer, true}},
    {"invite_again | who has an account",
     {theirs, is(R"({"invitation":"in-9","until":"2026-11-29"})"), join_officer, true}},
    {"withdraw_invitation", {theirs, is(R"({"invitation":"in-1"})"), invite_officer, true}},
    {"join | an officer's", {theirs, is(R"({"invitation":"in-1"})"), invite_officer, true}},
    {"join | one's own",
     {own, is(R"({"invitation":"in-1"})"),
      [](World& world) {
          each(world, [](World& all, const Actor& actor) {
              if (actor.role != Role::service) // who is invited by nobody
                  all.given(vouched(secretariat), "person/" + actor.id.text(), "invite_again",
                            R"({"invitation":"in-1","until":"2026-11-29"})");
          });
      },
      true}},
    {"set_password | an officer's", {theirs, is("{}"), join_officer, true}},
    {"set_password | one's own", {own, is("{}"), [](World&) {}, true}},
    {"set_second_factor | an officer's", {theirs, is("{}"), join_officer, true}},
    {"set_second_factor | one's own", {own, is("{}"), [](World&) {}, true}},
    {"remove_second_factor | an officer's", {theirs, is("{}"), join_officer, true}},
    {"remove_second_factor | one's own", {own, is("{}"), [](World&) {}, true}},
    {"sign_out_everywhere | an officer's", {theirs, is("{}"), join_officer, true}},
    {"sign_out_everywhere | one's own", {own, is("{}"), [](World&) {}, true}},
    {"make_token | an officer's",
     {theirs, is(R"({"token":"to-1","name":"n","scope":["read"],"until":"2027-01-31"})"), join_officer,
      true}},
    {"make_token | one's own",
     {own, is(R"({"token":"to-1","name":"n","scope":["read"],"until":"2027-01-31"})"), [](World&) {}, true}},
    {"revoke_token | an officer's", {theirs, is(R"({"token":"to-1"})"), join_officer, true}},
    {"revoke_token | one's own", {own, is(R"({"token":"to-1"})"), [](World&) {}, true}},
    {"link_provider | an officer's", {theirs, is(R"({"provider":"kyiv"})"), join_officer, true}},
    {"link_provider | one's own", {own, is(R"({"provider":"kyiv"})"), [](World&) {}, true}},
    {"unlink_provider | an officer's", {theirs, is(R"({"provider":"kyiv"})"), join_officer, true}},
    {"unlink_provider | one's own", {own, is(R"({"provider":"kyiv"})"), [](World&) {}, true}},

    {"propose_partnership",
     {p, is(fmt::format(R"({{"ua":"{}","eu":"{}","sectors":[]}})", ua_town, eu_town))}},
    {"accept_partnership", {p, signed_by(""), [](World& world) { propose(world, secretariat); }}},
    {"decline_partnership",
     {p, is(R"({"reason":"not now"})"), [](World& world) { propose(world, secretariat); }}},
    {"withdraw_partnership | a town's",
     {p, is(R"({"reason":"not now"})"), [](World& world) { propose(world, ua_officer); }}},
    {"withdraw_partnership | the programme's",
     {p, is(R"({"reason":"not now"})"), [](World& world) { propose(world, service); }}},
    {"end_partnership", {"partnership/p-1", is(R"({"on":"2026-11","reason":"it is over"})")}},
    {"correct_partnership | proposed",
     {p, corrects(p, "partnership.proposed", R"("note":"n")"),
      [](World& world) { propose(world, ua_officer); }}},
    {"correct_partnership | accepted",
     {"partnership/p-1", corrects("partnership/p-1", "partnership.accepted", R"("on":"2025")")}},
    {"correct_partnership | declined",
     {p, corrects(p, "partnership.declined", R"("fact_reason":"never")"),
      [](World& world) {
          propose(world, ua_officer);
          world.given(eu_mayor, p, "decline_partnership", R"({"reason":"not now"})");
      }}},
    {"correct_partnership | withdrawn",
     {p, corrects(p, "partnership.withdrawn", R"("fact_reason":"never")"),
      [](World& world) {
          propose(world, ua_officer);
          world.given(ua_mayor, p, "withdraw_partnership", R"({"reason":"not now"})");
      }}},
    {"correct_partnership | ended",
     {"partnership/p-1", corrects("partnership/p-1", "partnership.ended", R"("on":"2026-10")"),
      [](World& world) {
          world.given(ua_officer, "partnership/p-1", "end_partnership",
                      R"({"on":"2026-11","reason":"it is over"})");
      }}},

    {"plan_visit",
     {"visit/p-1_v2",
      is(R"({"partnership":"p-1","title":"t","host":"ua","kind":"meeting","from":"2026-12-01"})")}},
    {"confirm_visit", {v, signed_by("")}},
    {"postpone_visit", {v, is(R"({"reason":"air raids"})")}},
    {"cancel_visit", {v, is(R"({"reason":"air raids"})")}},
    {"hold_visit", {v, is(R"({"from":"2026-11-20"})")}},
    {"report_visit",
     {v, is(R"({"summary":"Seen."})"),
      [](World& world) { world.given(ua_officer, v, "hold_visit", R"({"from":"2026-11-20"})"); }}},
    {"correct_visit", {v, corrects(v, "visit.planned", R"("place":"Tata")")}},

    {"draft_proposal",
     {"proposal/p-1_x2",
      [](const World&, const Actor& actor) {
          return fmt::format(R"({{"partnership":"p-1","title":"Heat","sectors":["energy"]{}}})",
                             acts_for_programme(actor.role) ? R"(,"lead":"ua")" : "");
      }}},
    {"edit_proposal", {x, is(R"({"title":"Clean water"})")}},
    {"add_partner", {x, is(fmt::format(R"({{"municipality":"{}"}})", stranger))}},
    {"remove_partner", {x, is(fmt::format(R"({{"municipality":"{}"}})", third_town))}},
    {"set_budget_line",
     {x,
      is(R"({"line":"b-2","category":"staff","partner":"HU_10719","description":"d","amount":1,"currency":"EUR"})")}},
    {"remove_budget_line", {x, is(R"({"line":"b-1"})")}},
    {"set_funding_source",
     {x, is(R"({"source":"s-2","name":"n","kind":"own","amount":5,"currency":"UAH","status":"planned"})")}},
    {"remove_funding_source", {x, is(R"({"source":"s-1"})")}},
    {"set_indicator", {x, is(R"({"indicator":"i-2","name":"n","unit":"%"})")}},
    {"remove_indicator", {x, is(R"({"indicator":"i-1"})")}},
    {"ask_approval", {x, is("{}")}},
    {"approve_proposal",
     {x,
      [](const World&, const Actor& actor) {
          return actor.role == Role::service ? R"({"version":1,"side":"eu"})" : R"({"version":1})";
      },
      ask}},
    {"return_proposal", {x, is(R"({"version":1,"reason":"not yet"})"), ask}},
    {"withdraw_approval", {x, is(R"({"version":1,"reason":"not yet"})"), ask}},
    {"submit_proposal", {x, is(R"({"version":1,"funder":"Interreg","on":"2026-11-20"})"), approve}},
    {"record_answer", {x, is(R"({"answer":"granted","on":"2026-11-21"})"), submit}},
    {"correct_proposal | drafted", {x, corrects(x, "proposal.drafted", R"("source":"a letter")")}},
    {"correct_proposal | approval asked",
     {x, corrects(x, "proposal.approval_asked", R"("retracted":true)"), ask}},
    {"correct_proposal | approved", {x, corrects(x, "proposal.approved", R"("retracted":true)"), approve}},
    {"correct_proposal | returned",
     {x, corrects(x, "proposal.returned", R"("fact_reason":"a typo")"),
      [](World& world) {
          ask(world);
          world.given(eu_mayor, x, "return_proposal", R"({"version":1,"reason":"not yet"})");
      }}},
    {"correct_proposal | approval withdrawn",
     {x, corrects(x, "proposal.approval_withdrawn", R"("fact_reason":"a typo")"),
      [](World& world) {
          ask(world);
          world.given(eu_officer, x, "withdraw_approval", R"({"version":1,"reason":"not yet"})");
      }}},
    {"correct_proposal | submitted",
     {x, corrects(x, "proposal.submitted", R"("reference":"HUSKROUA/1")"), submit}},
    {"correct_proposal | answered",
     {x, corrects(x, "proposal.answered", R"("note":"by letter")"),
      [](World& world) {
          submit(world);
          world.given(eu_officer, x, "record_answer", R"({"answer":"granted","on":"2026-11-21"})");
      }}},

    {"edit_text", {in, is(R"({"client":"k-new","sequence":1,"base":1,"change":[{"insert":"x"}]})")}},
    {"comment_text", {in, is(R"({"thread":"t-new","kind":"comment","base":1,"from":0,"to":2,"body":"b"})")}},
    {"comment_text | advice",
     {in, is(R"({"thread":"t-new","kind":"advice","base":1,"from":0,"to":2,"body":"b"})")}},
    {"reply_in_text", {in, is(R"({"thread":"t-open","body":"b"})")}},
    {"resolve_thread", {in, is(R"({"thread":"t-open"})")}},
    {"reopen_thread", {in, is(R"({"thread":"t-done"})")}},
    {"answer_advice", {in, is(R"({"thread":"t-advice","answer":"declined"})")}},
    {"suggest_in_text", {in, is(R"({"suggestion":"s-new","base":1,"change":[{"delete":1}]})")}},
    {"accept_suggestion | the expert's", {in, is(R"({"suggestion":"s-expert"})")}},
    {"accept_suggestion | the first officer's", {in, is(R"({"suggestion":"s-officer"})")}},
    {"decline_suggestion | the expert's", {in, is(R"({"suggestion":"s-expert"})")}},
    {"decline_suggestion | the first officer's", {in, is(R"({"suggestion":"s-officer"})")}},
    {"name_text_version", {in, is(R"({"version":"v-new","name":"n","revision":1})")}},
    {"restore_text", {in, is(R"({"revision":0})")}},
    {"erase_text", {in, is(R"({"reason":"a private address"})")}},
    {"record_site", {s, is(R"({"site":"s-new","audience":"town"})")}},
    {"describe_site | the Ukrainian town's",
     {s, is(R"({"site":"s-ua","audience":"town","name":"Wells","kind":"waterworks"})")}},
    {"describe_site | the European town's",
     {s, is(R"({"site":"s-eu","audience":"town","name":"Wells","kind":"waterworks"})")}},
    {"share_site | the Ukrainian town's", {s, is(R"({"site":"s-ua"})")}},
    {"withdraw_site | the Ukrainian town's",
     {s, is(R"({"site":"s-ua"})"),
      [](World& world) { world.given(ua_mayor, s, "share_site", R"({"site":"s-ua"})"); }}},
    {"remove_site | the Ukrainian town's", {s, is(R"({"site":"s-ua"})")}},
    {"erase_site | the Ukrainian town's", {s, is(R"({"site":"s-ua"})")}},
    {"redact_text", {in, is(R"({"base":1,"change":[{"delete":1}],"reason":"a private address"})")}},
};

} // namespace

const std::map<std::string, RightsCase>& rights_cases() {
    return cases;
}

} // namespace mosty::test
