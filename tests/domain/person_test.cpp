#include "domain/person/decide.hpp"
#include "matrix.hpp"
#include "world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace mosty;
using namespace mosty::test;

namespace {

const std::string stream = "person/u-1";
const std::string profile =
    R"({"name":"Олена Коваль","organisation":"UA32140010000049369","role":"officer","language":"uk","invented":true})";

constexpr std::string_view asked = R"({"reason":"asked for it"})";
const std::string colleague = "person/u-2";
const std::string invitation = R"({"invitation":"in-1","until":"2026-11-29"})";

Actor vouched(Actor actor) {
    actor.vouched = true;
    return actor;
}

const Actor herself{ActorId("u-1"), OrganisationId(std::string(ua_town)), Role::officer};

void enter(World& world) {
    world.given(secretariat, stream, "register_person", profile);
    world.given(secretariat, colleague, "register_person", profile);
}

void join(World& world) {
    enter(world);
    world.given(vouched(secretariat), stream, "invite_again", invitation);
    world.given(vouched(herself), stream, "join", R"({"invitation":"in-1"})");
    world.given(vouched(secretariat), stream, "invite_again",
                R"({"invitation":"in-2","until":"2026-11-29"})");
}

void erase(World& world) {
    join(world);
    world.given(secretariat, stream, "erase_person", asked);
}

void leave(World& world) {
    join(world);
    world.given(herself, stream, "leave", R"({"reason":"a new post"})");
}

std::string correction(const World& world, std::string_view rest) {
    return fmt::format(R"({{"corrects":"{}","reason":"married"{}}})",
                       world.event_id(stream, "person.registered"), rest);
}

} // namespace

TEST_CASE("a person answers every command, known or not", "[person]") {
    const auto other_name =
        just(R"({"name":"Ada","organisation":"cemr","role":"secretariat","language":"en"})");
    const auto one = just(R"({"invitation":"in-2"})");
    const auto two = just(R"({"invitation":"in-2","until":"2026-11-29"})");
    const auto nothing = just("{}");
    const std::string_view none = "not_found", gone = "wrong_status";
    check_matrix<person::Command>(
        stream,
        {{"unknown", [](World&) {}},
         {"registered", enter},
         {"joined", join},
         {"left", leave},
         {"erased", erase}},
        {
            {"register_person",
             service,
             other_name,
             {"person.registered", "already_exists", "already_exists", "already_exists", "erased"}},
            {"correct_person",
             secretariat,
             [](const World& world) { return correction(world, R"(,"role":"mayor")"); },
             {none, "person.corrected", "person.corrected", "person.corrected", "erased"}},
            {"change_role",
             secretariat,
             just(R"({"role":"mayor","reason":"elected"})"),
             {none, "person.role_changed", "person.role_changed", gone, "erased"}},
            {"appoint_deputy",
             herself,
             just(R"({"deputy":"u-2","from":"2026-11-22","until":"2026-11-30"})"),
             {none, "person.deputy_appointed", "person.deputy_appointed", gone, "erased"}},
            {"end_deputy", herself, just(R"({"deputy":"u-2"})"), {none, none, none, gone, "erased"}},
            {"leave",
             herself,
             just(R"({"reason":"retired"})"),
             {none, "person.left", "person.left", "already_done", "erased"}},
            {"hand_over",
             secretariat,
             just(R"({"to":"u-2","reason":"retired"})"),
             {none, "person.handed_over", "person.handed_over", "person.handed_over", "erased"}},
            {"invite_person",
             vouched(secretariat),
             just(profile.substr(0, profile.size() - 1) + R"(,"invitation":"in-3","until":"2026-11-29"})"),
             {"person.registered", "already_exists", "already_exists", "already_exists", "erased"}},
            {"invite_again",
             vouched(secretariat),
             two,
             {none, "person.invited", "person.invited", gone, "erased"}},
            {"withdraw_invitation",
             vouched(secretariat),
             one,
             {none, "already_done", "person.invitation_withdrawn", gone, "erased"}},
            {"join", vouched(herself), one, {none, gone, "person.joined", gone, "erased"}},
            {"set_password",
             vouched(herself),
             nothing,
             {none, "person.password_set", "person.password_set", gone, "erased"}},
            {"set_second_factor",
             vouched(herself),
             nothing,
             {none, "person.second_factor_set", "person.second_factor_set", gone, "erased"}},
            {"remove_second_factor",
             vouched(herself),
             nothing,
             {none, "person.second_factor_removed", "person.second_factor_removed", gone, "erased"}},
            {"sign_out_everywhere",
             vouched(herself),
             nothing,
             {none, "person.signed_out_everywhere", "person.signed_out_everywhere", gone, "erased"}},
            {"make_token",
             vouched(herself),
             just(R"({"token":"to-1","name":"report","scope":["read"],"until":"2027-01-31"})"),
             {none, "person.token_made", "person.token_made", gone, "erased"}},
            {"revoke_token",
             vouched(herself),
             just(R"({"token":"to-1"})"),
             {none, "person.token_revoked", "person.token_revoked", gone, "erased"}},
            {"link_provider",
             vouched(herself),
             just(R"({"provider":"kyiv"})"),
             {none, "person.provider_linked", "person.provider_linked", gone, "erased"}},
            {"unlink_provider",
             vouched(herself),
             just(R"({"provider":"kyiv"})"),
             {none, "person.provider_unlinked", "person.provider_unlinked", gone, "erased"}},
            {"erase_person",
             secretariat,
             just(std::string(asked)),
             {none, "person.erased", "person.erased", "person.erased", "nothing"}},
        });
}

TEST_CASE("people correct their own name and language, the secretariat the rest", "[person][correction]") {
    World world = World::with_partners();
    enter(world);
    const auto correct = [&](const Actor& actor, std::string_view rest) {
        return world.send(actor, stream, "correct_person", correction(world, rest));
    };
    REQUIRE(world.send(service, stream, "register_person", profile) == "nothing");
    REQUIRE(world.send(ua_officer, stream, "register_person", profile) == "not_allowed");
    REQUIRE(correct(ua_officer, R"(,"name":"Olena")") == "not_allowed");
    REQUIRE(correct(herself, R"(,"role":"mayor")") == "not_allowed role");
    REQUIRE(correct(herself, R"(,"name":"Олена Мороз","language":"en")").starts_with("person.corrected"));
    REQUIRE(correct(herself, R"(,"name":"Олена Мороз")") == "nothing");
    REQUIRE(correct(herself, R"(,"name":"")") == "invalid_field name");
    REQUIRE(correct(secretariat, R"(,"organisation":"auc","role":"association")")
                .starts_with("person.corrected"));
    REQUIRE(std::get<person::State>(world.state(stream)).profile.name == "Олена Мороз");
    REQUIRE(world.send(secretariat, stream, "correct_person", R"({"corrects":"e-0","reason":"nothing"})") ==
            "unknown_event corrects");
}

TEST_CASE("nobody but the server says what became of a secret", "[person][account]") {
    World world = World::with_partners();
    join(world);
    for (const auto& [command, data] : std::vector<std::pair<std::string, std::string>>{
             {"invite_again", invitation},
             {"withdraw_invitation", R"({"invitation":"in-2"})"},
             {"join", R"({"invitation":"in-2"})"},
             {"set_password", "{}"},
             {"set_second_factor", "{}"},
             {"remove_second_factor", "{}"},
             {"sign_out_everywhere", "{}"},
             {"make_token", R"({"token":"to-1","name":"n","scope":["read"],"until":"2027-01-31"})"},
             {"revoke_token", R"({"token":"to-1"})"},
             {"link_provider", R"({"provider":"kyiv"})"},
             {"unlink_provider", R"({"provider":"kyiv"})"},
         }) {
        INFO(command);
        CHECK(world.send(herself, stream, command, data) == "not_allowed");
        CHECK(world.send(secretariat, stream, command, data) == "not_allowed");
        CHECK(world.send(service, stream, command, data) == "not_allowed");
    }
    for (const std::string_view command : {"set_password", "remove_second_factor", "sign_out_everywhere"})
        CHECK(world.send(vouched(secretariat), stream, command, "{}") == "not_allowed");
}

TEST_CASE("an invitation is taken up once, by the one invited, while it is open", "[person][account]") {
    World world = World::with_partners();
    enter(world);
    const auto join_by = [&](const Actor& actor, std::string_view id) {
        return world.send(vouched(actor), stream, "join", fmt::format(R"({{"invitation":"{}"}})", id));
    };
    world.given(vouched(secretariat), stream, "invite_again", invitation);
    REQUIRE(join_by(secretariat, "in-1") == "not_allowed");
    REQUIRE(join_by(herself, "in-0") == "wrong_status");
    REQUIRE(join_by(herself, "in-1") == R"(person.joined {"invitation":"in-1"})");
    REQUIRE(join_by(herself, "in-1") == "nothing");
    world.given(vouched(secretariat), stream, "invite_again",
                R"({"invitation":"in-2","until":"2026-11-29"})");
    world.given(vouched(secretariat), stream, "withdraw_invitation", R"({"invitation":"in-2"})");
    REQUIRE(join_by(herself, "in-2") == "wrong_status");
    REQUIRE(world.send(vouched(secretariat), stream, "invite_again",
                       R"({"invitation":"in-3","until":"2026-11-21"})") == "invalid_field until");
}

TEST_CASE("a town invites again who never joined, the secretariat those who cannot sign in",
          "[person][account]") {
    World world = World::with_partners();
    enter(world);
    const auto again = [&](const Actor& actor) {
        return world.send(vouched(actor), stream, "invite_again", invitation).substr(0, 14);
    };
    CHECK(again(eu_officer) == "not_allowed");
    CHECK(again(ua_officer) == "person.invited");
    world.given(vouched(herself), stream, "join", R"({"invitation":"in-1"})");
    CHECK(again(ua_officer) == "not_allowed");
    CHECK(again(ua_mayor) == "not_allowed");
    CHECK(again(secretariat) == "person.invited");
}

TEST_CASE("a town invites its own officers, the secretariat whom it wants", "[person][account]") {
    const auto invite = [](const Actor& actor, std::string_view organisation, std::string_view role) {
        World world = World::with_partners();
        return world
            .send(vouched(actor), "person/u-9", "invite_person",
                  fmt::format(R"({{"name":"Іван","organisation":"{}","role":"{}","language":"uk",)"
                              R"("invitation":"in-9","until":"2026-11-29"}})",
                              organisation, role))
            .substr(0, 17);
    };
    for (const Actor& actor : {ua_officer, ua_mayor}) {
        CHECK(invite(actor, ua_town, "officer") == "person.registered");
        CHECK(invite(actor, ua_town, "expert") == "not_allowed role"); // who reads what every town writes
        CHECK(invite(actor, ua_town, "mayor") == "not_allowed role");
        CHECK(invite(actor, ua_town, "secretariat") == "not_allowed role");
        CHECK(invite(actor, eu_town, "officer") == "not_allowed role");
    }
    CHECK(invite(secretariat, eu_town, "mayor") == "person.registered");
    CHECK(invite(secretariat, "cemr", "secretariat") == "person.registered");
    CHECK(invite(secretariat, "cemr", "service") == "not_allowed role");
    for (const Role role : {Role::expert, Role::auditor, Role::association, Role::funder})
        CHECK(invite(acting_as(role), ua_town, "officer") == "not_allowed role");
}

TEST_CASE("the secretariat changes roles, never its own", "[person][account]") {
    World world = World::with_partners();
    enter(world);
    const auto change = [&](const Actor& actor, std::string_view data) {
        return world.send(actor, stream, "change_role", data);
    };
    const std::string to_expert = R"({"role":"expert","reason":"advises now"})";
    REQUIRE(change(herself, to_expert) == "not_allowed");
    REQUIRE(change(eu_mayor, to_expert) == "not_allowed");
    REQUIRE(change(ua_officer, R"({"role":"mayor","reason":"elected"})") == "not_allowed");
    REQUIRE(change(ua_mayor, to_expert) == "not_allowed");
    REQUIRE(change(secretariat, to_expert) == "person.role_changed " + to_expert);
    REQUIRE(change(secretariat, to_expert) == "nothing");
    REQUIRE(change(secretariat, R"({"organisation":"HU_10719","role":"mayor","reason":"elected"})")
                .starts_with("person.role_changed"));
    REQUIRE(change(ua_mayor, to_expert) == "not_allowed");
    REQUIRE(change(eu_officer, to_expert) == "not_allowed");
    // What was registered is still corrected, but not what has changed since.
    REQUIRE(world.send(secretariat, stream, "correct_person", correction(world, R"(,"role":"auditor")")) ==
            "later_facts_depend_on_it role");
    world.given(secretariat, stream, "correct_person", correction(world, R"(,"name":"Оля")"));
    const auto& state = std::get<person::State>(world.state(stream));
    REQUIRE(state.profile.role == Role::mayor);
    REQUIRE(state.profile.organisation.text() == eu_town);
    REQUIRE(state.profile.name == "Оля");
}

TEST_CASE("a deputy acts with the higher role on the days named, and on no other", "[person][deputy]") {
    World world = World::with_partners();
    enter(world);
    world.given(secretariat, stream, "change_role", R"({"role":"mayor","reason":"elected"})");
    const auto appoint = [&](const Actor& actor, std::string_view rest) {
        return world.send(actor, stream, "appoint_deputy", fmt::format(R"({{"deputy":{}}})", rest));
    };
    REQUIRE(appoint(herself, R"("u-1","from":"2026-11-24","until":"2026-11-26")") == "invalid_field deputy");
    REQUIRE(appoint(herself, R"("u-9","from":"2026-11-24","until":"2026-11-26")") == "not_found deputy");
    REQUIRE(appoint(herself, R"("u-2","from":"2026-11-24","until":"2026-11-23")") == "invalid_field until");
    REQUIRE(appoint(herself, R"("u-2","from":"2026-11-01","until":"2026-11-21")") == "invalid_field until");
    REQUIRE(appoint(herself, R"("u-2","from":"2026-11-24","until":"2027-11-25")") == "invalid_field until");
    REQUIRE(appoint(herself, R"("u-2","from":"2026-11","until":"2026-11-26")") == "invalid_field from");
    REQUIRE(appoint(ua_officer, R"("u-2","from":"2026-11-24","until":"2026-11-26")") == "not_allowed");
    REQUIRE(appoint(herself, R"("u-2","from":"2026-11-24","until":"2026-11-26")")
                .starts_with("person.deputy_appointed"));
    REQUIRE(appoint(herself, R"("u-2","from":"2026-11-24","until":"2026-11-26")") == "nothing");

    const auto role_on = [&](int day) {
        const auto& principal = std::get<person::State>(world.state(stream));
        const auto& own = std::get<person::State>(world.state(colleague));
        return person::acting_role(ActorId("u-2"), own, {2026, 11, day}, {&principal});
    };
    CHECK(role_on(23) == Role::officer);
    CHECK(role_on(24) == Role::mayor);
    CHECK(role_on(26) == Role::mayor);
    CHECK(role_on(27) == Role::officer);
    const auto& principal = std::get<person::State>(world.state(stream));
    CHECK(person::acting_role(ActorId("u-3"), std::get<person::State>(world.state(colleague)), {2026, 11, 25},
                              {&principal}) == Role::officer);

    SECTION("ended, it is over") {
        REQUIRE(world.send(ua_officer, stream, "end_deputy", R"({"deputy":"u-2"})") == "not_allowed");
        world.given(herself, stream, "end_deputy", R"({"deputy":"u-2"})");
        CHECK(role_on(25) == Role::officer);
    }
    SECTION("whoever has left is represented by nobody") {
        world.given(herself, stream, "leave", R"({"reason":"retired"})");
        CHECK(role_on(25) == Role::officer);
    }
    SECTION("a deputy who goes elsewhere takes nothing along") {
        world.given(secretariat, colleague, "change_role",
                    R"({"organisation":"HU_10719","role":"officer","reason":"moves"})");
        CHECK(role_on(25) == Role::officer);
    }
}

TEST_CASE("whoever leaves hands over to a colleague who stays", "[person][account]") {
    World world = World::with_partners();
    enter(world);
    const auto hand_over = [&](const Actor& actor, std::string_view to) {
        return world.send(actor, stream, "hand_over", fmt::format(R"({{"to":"{}","reason":"leaves"}})", to));
    };
    REQUIRE(world.send(eu_officer, stream, "leave", R"({"reason":"unwanted"})") == "not_allowed");
    REQUIRE(hand_over(eu_officer, "u-2") == "not_allowed");
    REQUIRE(hand_over(herself, "u-1") == "invalid_field to");
    REQUIRE(hand_over(herself, "u-2").starts_with("person.handed_over"));
    REQUIRE(hand_over(herself, "u-2") == "nothing");
    world.given(ua_officer, stream, "leave", R"({"reason":"retired"})");
    world.given(ua_officer, colleague, "leave", R"({"reason":"retired"})");
    REQUIRE(hand_over(secretariat, "u-2") == "not_found to");
}
