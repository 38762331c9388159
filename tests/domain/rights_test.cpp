#include "domain/rights/table.hpp"
#include "matrix.hpp"
#include "rights_cases.hpp"
#include "rights_table.hpp"
#include "text_desk.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <set>

using namespace mosty;
using namespace mosty::test;

namespace {

const std::string own = "person/<own>";
const std::string x = "proposal/p-1_x1";
const std::string v = "visit/p-1_v1";

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
        const auto found = rights_cases().find(name_of(row));
        REQUIRE(found != rights_cases().end());
        const RightsCase& tried = found->second;
        World arranged = everything;
        tried.arrange(arranged);
        for (std::size_t i = 0; i < people.size(); ++i) {
            World world = arranged;
            const std::string stream = tried.stream == own ? "person/" + people[i].id.text() : tried.stream;
            const Actor actor = tried.vouched ? vouched(people[i]) : people[i];
            const std::string answer = world.send(actor, stream, row.what, tried.data(arranged, actor));
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
    CHECK(rows.size() == rights_cases().size());
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
        const RightsCase& tried = rights_cases().at(name_of(row));
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
        CHECK(answer(actor, "visit/p-1_v1", "plan_visit", plan) ==
              answer(actor, "visit/p-1_v9", "plan_visit", plan));
        CHECK(answer(actor, "proposal/p-1_x1", "draft_proposal", draft) ==
              answer(actor, "proposal/p-1_x9", "draft_proposal", draft));
        CHECK(answer(actor, "partnership/p-1", "propose_partnership", proposal) ==
              answer(actor, "partnership/p-9", "propose_partnership", proposal));
        CHECK(answer(actor, "person/officer-HU_10719", "register_person", person) ==
              answer(actor, "person/u-9", "register_person", person));
    }
    const auto correct = R"({"corrects":"e-0","reason":"checked again","name":"Other"})";
    CHECK(answer(ua_officer, "person/officer-HU_10719", "correct_person", correct) ==
          answer(ua_officer, "person/u-9", "correct_person", correct));
    for (const auto& [command, data] : std::vector<std::pair<std::string, std::string>>{
             {"change_role", R"({"role":"expert","reason":"advises"})"},
             {"appoint_deputy", deputy_until("u-9")},
             {"end_deputy", R"({"deputy":"u-9"})"},
             {"leave", R"({"reason":"retired"})"},
             {"hand_over", R"({"to":"u-9","reason":"retired"})"},
             {"invite_again", R"({"invitation":"in-9","until":"2026-11-29"})"},
             {"withdraw_invitation", R"({"invitation":"in-9"})"},
             {"set_password", "{}"},
         }) {
        INFO(command);
        CHECK(answer(vouched(ua_officer), "person/officer-HU_10719", command, data) ==
              answer(vouched(ua_officer), "person/u-9", command, data));
    }
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
    for (const std::string_view stream : {"visit/p-1_v9", "proposal/p-1_x9", "partnership/p-9", "person/u-9"})
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
