#include "domain/rights/table.hpp"
#include "matrix.hpp"
#include "rights_table.hpp"
#include "text_desk.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <map>
#include <set>

using namespace mosty;
using namespace mosty::test;

namespace {

// The people of the columns: two of each of four towns, then one of each other role.
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

// A world in which everything stands that the commands are about, and everybody is registered.
World with_everything(const std::vector<Actor>& people) {
    World world = World::with_partners();
    for (const Actor& actor : people)
        world.given(service, "person/" + actor.id.text(), "register_person",
                    fmt::format(R"({{"name":"Somebody","organisation":"{}","role":"{}","language":"uk"}})",
                                actor.organisation.text(), to_string(actor.role)));
    world.given(secretariat, "visit/v-1", "plan_visit",
                R"({"partnership":"p-1","title":"t","host":"ua","kind":"meeting","from":"2026-11-20"})");
    world.given(ua_officer, "proposal/x-1", "draft_proposal",
                R"({"partnership":"p-1","title":"Water","sectors":["water_supply"],"summary":"Pipes."})");
    world.given(ua_officer, "proposal/x-1", "add_partner",
                fmt::format(R"({{"municipality":"{}"}})", third_town));
    world.given(
        ua_officer, "proposal/x-1", "set_budget_line",
        R"({"line":"b-1","category":"staff","partner":"HU_10719","description":"d","amount":1,"currency":"EUR"})");
    world.given(
        ua_officer, "proposal/x-1", "set_funding_source",
        R"({"source":"s-1","name":"Own money","kind":"own","amount":5,"currency":"UAH","status":"planned"})");
    world.given(ua_officer, "proposal/x-1", "set_indicator",
                R"({"indicator":"i-1","name":"Homes served","unit":"%"})");
    world.write_sections(service, "proposal/x-1");
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
    return world;
}

void propose(World& world, const Actor& actor) {
    world.given(actor, "partnership/p-2", "propose_partnership",
                fmt::format(R"({{"ua":"{}","eu":"{}","sectors":[]}})", ua_town, eu_town));
}

void ask(World& world) {
    world.given(ua_officer, "proposal/x-1", "ask_approval");
}

void approve(World& world) {
    ask(world);
    world.given(ua_mayor, "proposal/x-1", "approve_proposal", R"({"version":1})");
    world.given(eu_mayor, "proposal/x-1", "approve_proposal", R"({"version":1})");
}

void submit(World& world) {
    approve(world);
    world.given(eu_officer, "proposal/x-1", "submit_proposal",
                R"({"version":1,"funder":"Interreg","on":"2026-11-20"})");
}

using Data = std::function<std::string(const World&, const Actor&)>;

// How a row of the table is carried out: as it can be, by whoever may.
struct Case {
    std::string stream;
    Data data;
    std::function<void(World&)> arrange = [](World&) {};
};

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
const std::string x = "proposal/x-1";
const std::string p = "partnership/p-2";
const std::string v = "visit/v-1";
const std::string in{needs};
const std::string own = "person/<own>";

const std::map<std::string, Case> cases{
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
     {"visit/v-2",
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
     {"proposal/x-2",
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
    {"redact_text", {in, is(R"({"base":1,"change":[{"delete":1}],"reason":"a private address"})")}},
};

std::string letter_of(const std::string& answer) {
    if (answer.find('.') < answer.find(' '))
        return "y";
    const std::string code = answer.substr(0, answer.find(' '));
    return code == "not_allowed" ? "a" : code == "not_a_partner" ? "p" : code == "not_found" ? "-" : code;
}

std::string name_of(const RightsTable::Row& row) {
    return row.which.empty() ? row.what : row.what + " | " + row.which;
}

template <class... Entities>
std::set<std::string_view> commands_of(std::type_identity<std::variant<Entities...>>) {
    std::set<std::string_view> names;
    (names.merge(names_of(std::type_identity<Entities>{})), ...);
    return names;
}

} // namespace

TEST_CASE("everybody may do what the table of rights says, and nothing else", "[rights]") {
    const RightsTable table = read_rights("rights.txt");
    const std::vector<Actor> people = people_of(table.columns);
    const World everything = with_everything(people);
    for (const auto& row : table.rows) {
        INFO(name_of(row));
        const auto found = cases.find(name_of(row));
        REQUIRE(found != cases.end());
        const Case& tried = found->second;
        World arranged = everything;
        tried.arrange(arranged);
        for (std::size_t i = 0; i < people.size(); ++i) {
            World world = arranged;
            const std::string stream = tried.stream == own ? "person/" + people[i].id.text() : tried.stream;
            const std::string answer =
                world.send(people[i], stream, row.what, tried.data(arranged, people[i]));
            INFO(people[i].id.text() << " was answered " << answer << ": " << world.last_rejection.sentence);
            CHECK(letter_of(answer) == row.cells[i]);
        }
    }
}

TEST_CASE("the table of rights misses no command, no role and no case", "[rights]") {
    const RightsTable table = read_rights("rights.txt");
    std::set<std::string_view> commands;
    std::set<std::string> rows;
    for (const auto& row : table.rows) {
        commands.insert(row.what);
        rows.insert(name_of(row));
    }
    CHECK(commands == commands_of(std::type_identity<domain::Command>{}));
    CHECK(rows.size() == cases.size());
    CHECK(rows.size() == table.rows.size());
    const std::set<std::string_view> roles(table.columns.begin(), table.columns.end());
    CHECK(roles == std::set<std::string_view>(WordsOf<Role>::words.begin(), WordsOf<Role>::words.end()));
}

TEST_CASE("what one may not read is answered like what is not there", "[rights]") {
    const RightsTable table = read_rights("rights.txt");
    const std::vector<Actor> people = people_of(table.columns);
    const World everything = with_everything(people);
    std::size_t compared = 0;
    for (const auto& row : table.rows) {
        const Case& tried = cases.at(name_of(row));
        World arranged = everything;
        tried.arrange(arranged);
        for (std::size_t i = 0; i < people.size(); ++i) {
            if (row.cells[i] != "-")
                continue;
            INFO(name_of(row) << " by " << people[i].id.text());
            const std::string data = tried.data(arranged, people[i]);
            std::string absent = tried.stream;
            absent.replace(absent.find("-1"), 2, "-9");
            World there = arranged;
            World not_there = arranged;
            CHECK(there.send(people[i], tried.stream, row.what, data) ==
                  not_there.send(people[i], absent, row.what, data));
            CHECK(there.last_rejection == not_there.last_rejection);
            ++compared;
        }
    }
    CHECK(compared > 90);
}

TEST_CASE("who may not create something is told so whether or not its id is taken", "[rights]") {
    const World world = with_everything(people_of(read_rights("rights.txt").columns));
    const auto answer = [&](const Actor& actor, std::string_view stream, std::string_view command,
                            std::string_view data) {
        World there = world;
        return there.send(actor, stream, command, data) + " " + there.last_rejection.sentence;
    };
    const auto plan = R"({"partnership":"p-1","title":"t","host":"ua","kind":"meeting","from":"2026-12"})";
    const auto draft = R"({"partnership":"p-1","title":"t","sectors":[]})";
    const auto proposal = fmt::format(R"({{"ua":"{}","eu":"{}","sectors":[]}})", ua_town, eu_town);
    const auto person = R"({"name":"N","organisation":"cemr","role":"expert","language":"en"})";
    for (const Actor& actor : {officer_of(stranger), mayor_of(third_town), acting_as(Role::auditor)}) {
        INFO(actor.id.text());
        CHECK(answer(actor, "visit/v-1", "plan_visit", plan) ==
              answer(actor, "visit/v-9", "plan_visit", plan));
        CHECK(answer(actor, "proposal/x-1", "draft_proposal", draft) ==
              answer(actor, "proposal/x-9", "draft_proposal", draft));
        CHECK(answer(actor, "partnership/p-1", "propose_partnership", proposal) ==
              answer(actor, "partnership/p-9", "propose_partnership", proposal));
        CHECK(answer(actor, "person/officer-HU_10719", "register_person", person) ==
              answer(actor, "person/u-9", "register_person", person));
    }
    const auto correct = R"({"corrects":"e-0","reason":"checked again","name":"Other"})";
    CHECK(answer(ua_officer, "person/officer-HU_10719", "correct_person", correct) ==
          answer(ua_officer, "person/u-9", "correct_person", correct));
}

TEST_CASE("whether a stream is seen follows the table of readings", "[rights]") {
    World world = with_everything(people_of(read_rights("rights.txt").columns));
    const auto seen = [&](const Actor& actor, std::string_view stream) {
        const domain::State& proposal = world.state(x);
        const Context::Other others[] = {{StreamId(x), &proposal}};
        Context context;
        context.actor = actor;
        context.others = others;
        return domain::is_seen(world.state(stream), context, StreamId(std::string(stream)));
    };
    const Actor far = officer_of(stranger);
    for (const std::string_view stream : {"municipality/HU_10719", "partnership/p-1"})
        for (const Actor& actor : {ua_officer, third_officer, far, expert, secretariat})
            CHECK(seen(actor, stream));
    CHECK(seen(ua_officer, "person/officer-UA32140010000049369"));
    CHECK(seen(secretariat, "person/officer-UA32140010000049369"));
    CHECK_FALSE(seen(eu_officer, "person/officer-UA32140010000049369"));
    CHECK(seen(eu_mayor, v));
    CHECK_FALSE(seen(third_officer, v));
    for (const std::string_view stream : {std::string_view(x), needs}) {
        CHECK(seen(third_officer, stream));
        CHECK(seen(expert, stream));
        CHECK_FALSE(seen(far, stream));
    }
    for (const std::string_view stream : {"visit/v-9", "proposal/x-9", "partnership/p-9", "person/u-9"})
        CHECK_FALSE(seen(secretariat, stream));
}

TEST_CASE("domain/README.md has the tables of rights as they are", "[rights]") {
    std::ifstream file(MOSTY_VECTORS "/../../domain/README.md");
    const std::string readme{std::istreambuf_iterator<char>(file), {}};
    REQUIRE_FALSE(readme.empty());
    for (const std::string& table : {rights::deeds_in_markdown(), rights::readings_in_markdown()}) {
        INFO("It must have these lines:\n" << table);
        CHECK(readme.find("\n\n" + table + "\n") != std::string::npos);
    }
}
