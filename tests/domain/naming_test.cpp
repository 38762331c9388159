#include "domain/rights/naming.hpp"
#include "world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

namespace mosty::test {
namespace {

const std::string plan = R"({"partnership":"p-2","title":"t","host":"ua","kind":"meeting","from":"2026-12"})";
const std::string draft = R"({"partnership":"p-2","title":"t","lead":"ua"})";

const Actor outsider = officer_of(stranger); // of "p-2", and of nothing else

// The partnership "p-2" of the town with whom the outsider has one, and of the outsider's.
World with_two_partnerships() {
    World world = World::with_partners();
    world.given(secretariat, "partnership/p-2", "propose_partnership",
                fmt::format(R"({{"ua":"{}","eu":"{}","sectors":[]}})", ua_town, stranger));
    world.given(secretariat, "partnership/p-2", "accept_partnership", R"({"side":"ua"})");
    world.given(secretariat, "partnership/p-2", "accept_partnership", R"({"side":"eu"})");
    return world;
}

std::string answer(World world, const Actor& actor, std::string_view stream, std::string_view command,
                   std::string_view data) {
    std::string said = world.send(actor, stream, command, data);
    said += " " + world.last_rejection.sentence;
    return said.substr(0, said.find('{'));
}

} // namespace

TEST_CASE("whoever begins something in a partnership of their own learns nothing of what others have taken",
          "[naming][rights]") {
    World world = with_two_partnerships();
    const std::string other_plan =
        R"({"partnership":"p-1","title":"t","host":"ua","kind":"meeting","from":"2026-12"})";
    for (const char* id : {"p-1_v1", "old", "p-2-old"})
        world.given(secretariat, fmt::format("visit/{}", id), "plan_visit", other_plan);
    for (const char* id : {"p-1_x1", "old", "p-2-old"})
        world.given(secretariat, fmt::format("proposal/{}", id), "draft_proposal",
                    R"({"partnership":"p-1","title":"t","lead":"ua"})");
    for (const auto& [taken, absent] :
         std::vector<std::pair<std::string, std::string>>{{"visit/p-1_v1", "visit/p-1_v9"},
                                                          {"visit/old", "visit/new"},
                                                          {"visit/p-2-old", "visit/p-2-new"}}) {
        INFO(taken);
        CHECK(answer(world, outsider, taken, "plan_visit", plan) ==
              answer(world, outsider, absent, "plan_visit", plan));
        CHECK(answer(world, outsider, taken, "plan_visit", plan).starts_with("wrong_stream "));
    }
    for (const auto& [taken, absent] :
         std::vector<std::pair<std::string, std::string>>{{"proposal/p-1_x1", "proposal/p-1_x9"},
                                                          {"proposal/old", "proposal/new"},
                                                          {"proposal/p-2-old", "proposal/p-2-new"}}) {
        INFO(taken);
        const auto own = R"({"partnership":"p-2","title":"t"})";
        CHECK(answer(world, outsider, taken, "draft_proposal", own) ==
              answer(world, outsider, absent, "draft_proposal", own));
        CHECK(answer(world, outsider, taken, "draft_proposal", own).starts_with("wrong_stream "));
    }
}

TEST_CASE("what belongs to a partnership is named for it, and a name that is taken is told to its partners",
          "[naming]") {
    World world = with_two_partnerships();
    REQUIRE(world.send(outsider, "visit/p-2_v1", "plan_visit", plan).starts_with("visit.planned "));
    CHECK(world.send(officer_of(ua_town), "visit/p-2_v1", "plan_visit", plan) == "already_exists");
    for (const char* id : {"v1", "p-2", "p-2_", "_v1", "p-2_v_1", "p-2__v1", "p-1_v2", "P-2_v2", "p-2-v2"}) {
        INFO(id);
        CHECK(world.send(outsider, fmt::format("visit/{}", id), "plan_visit", plan) == "wrong_stream");
        CHECK(world.send(outsider, fmt::format("proposal/{}", id), "draft_proposal",
                         R"({"partnership":"p-2","title":"t"})") == "wrong_stream");
    }
    CHECK(world.last_rejection.params == std::vector<std::pair<std::string, std::string>>{
                                             {"stream", "proposal/p-2-v2"}, {"begins", "p-2_"}});
}

TEST_CASE("whoever sees everything chooses an id freely, but none that is another partnership's",
          "[naming]") {
    World world = with_two_partnerships();
    for (const Actor& actor : {secretariat, service}) {
        const std::string own = actor == secretariat ? "s" : "t";
        CHECK(world.send(actor, "visit/solotvyno-2022" + own, "plan_visit", plan)
                  .starts_with("visit.planned "));
        CHECK(world.send(actor, "proposal/p-2_x" + own, "draft_proposal", draft)
                  .starts_with("proposal.drafted "));
        CHECK(world.send(actor, "visit/p-1_v" + own, "plan_visit", plan) == "wrong_stream");
        CHECK(world.send(actor, "proposal/some_thing" + own, "draft_proposal", draft) == "wrong_stream");
    }
}

TEST_CASE("the last low line of an id ends the partnership's, which may have some of its own", "[naming]") {
    World world = World::with_partners();
    for (const char* id : {"a", "a_b"}) {
        const std::string stream = fmt::format("partnership/{}", id);
        world.given(secretariat, stream, "propose_partnership",
                    fmt::format(R"({{"ua":"{}","eu":"{}","sectors":[]}})", ua_town, eu_town));
        world.given(secretariat, stream, "accept_partnership", R"({"side":"ua"})");
        world.given(secretariat, stream, "accept_partnership", R"({"side":"eu"})");
    }
    const auto draft_in = [&](std::string_view partnership) {
        return world.send(ua_officer, "proposal/a_b_x", "draft_proposal",
                          fmt::format(R"({{"partnership":"{}","title":"t"}})", partnership));
    };
    CHECK(draft_in("a") == "wrong_stream");
    CHECK(draft_in("a_b").starts_with("proposal.drafted "));
}

TEST_CASE("a partnership's id leaves room for those of its visits and proposals", "[naming]") {
    World world = World::with_partners();
    const auto propose = [&](std::size_t length) {
        return world.send(ua_officer, "partnership/" + std::string(length, 'p'), "propose_partnership",
                          fmt::format(R"({{"ua":"{}","eu":"{}","sectors":[]}})", ua_town, eu_town));
    };
    CHECK(propose(rights::partnership_id_max + 1) == "wrong_stream");
    CHECK(propose(rights::partnership_id_max).starts_with("partnership.proposed "));
}

} // namespace mosty::test
