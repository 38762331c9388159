#include "matrix.hpp"
#include "text_desk.hpp"

#include <catch2/catch.hpp>

using namespace mosty;
using namespace mosty::test;

namespace {

// The answer's first word, or "ok" when something was recorded.
std::string short_answer(World& world, const Actor& actor, std::string_view command, std::string_view data) {
    const std::string answer = world.send(actor, needs, command, data);
    const std::string first = answer.substr(0, answer.find(' '));
    return first.find('.') == std::string::npos ? first : "ok";
}

// Each command as it can be carried out in a text where the expert commented, advised and suggested.
struct Wish {
    std::string_view command;
    std::string_view data;
    bool while_locked;
    std::string_view partner;   // an officer or mayor of any partner
    std::string_view programme; // the secretariat or a service
    std::string_view expert;
};

const Wish wishes[] = {
    {"edit_text", R"({"client":"k-new","sequence":1,"base":1,"change":[{"insert":"x"}]})", false, "ok", "ok",
     "not_allowed"},
    {"comment_text", R"({"thread":"t-new","kind":"comment","base":1,"from":0,"to":2,"body":"b"})", true, "ok",
     "ok", "ok"},
    {"comment_text", R"({"thread":"t-new","kind":"advice","base":1,"from":0,"to":2,"body":"b"})", true,
     "not_allowed", "not_allowed", "ok"},
    {"reply_in_text", R"({"thread":"t-open","body":"b"})", true, "ok", "ok", "ok"},
    {"resolve_thread", R"({"thread":"t-open"})", true, "ok", "ok", "ok"},
    {"reopen_thread", R"({"thread":"t-resolved"})", true, "ok", "ok", "ok"},
    {"answer_advice", R"({"thread":"t-advice","answer":"declined"})", true, "ok", "not_allowed",
     "not_allowed"},
    {"suggest_in_text", R"({"suggestion":"s-new","base":1,"change":[{"delete":1}]})", true, "ok", "ok", "ok"},
    {"accept_suggestion", R"({"suggestion":"s-open"})", false, "ok", "ok", "not_allowed"},
    {"decline_suggestion", R"({"suggestion":"s-open"})", true, "ok", "ok", "ok"}, // it is the expert's own
    {"name_text_version", R"({"version":"v-new","name":"n","revision":1})", true, "ok", "ok", "not_allowed"},
    {"restore_text", R"({"revision":0})", false, "ok", "ok", "not_allowed"},
    {"erase_text", R"({"reason":"private"})", true, "not_allowed", "ok", "not_allowed"},
    {"redact_text", R"({"base":1,"change":[{"delete":1}],"reason":"private"})", true, "not_allowed", "ok",
     "not_allowed"},
};

void talk(World& world) {
    world.given(expert, needs, "comment_text",
                R"({"thread":"t-open","kind":"comment","base":1,"from":0,"to":4,"body":"b"})");
    world.given(expert, needs, "comment_text",
                R"({"thread":"t-resolved","kind":"comment","base":1,"from":0,"to":4,"body":"b"})");
    world.given(expert, needs, "resolve_thread", R"({"thread":"t-resolved"})");
    world.given(expert, needs, "comment_text",
                R"({"thread":"t-advice","kind":"advice","base":1,"from":0,"to":4,"body":"b"})");
    world.given(expert, needs, "suggest_in_text",
                R"({"suggestion":"s-open","base":1,"change":[{"delete":1}]})");
}

} // namespace

TEST_CASE("who may do what in a text", "[text]") {
    for (const Wish& wish : wishes) {
        DYNAMIC_SECTION(wish.command << ' ' << wish.data) {
            World written = with_proposal();
            written.write_sections(service, "proposal/p-1_x1");
            talk(written);
            const auto answer = [&](const Actor& actor) {
                World world = written;
                return short_answer(world, actor, wish.command, wish.data);
            };
            for (const Actor& partner : {ua_officer, eu_officer, third_officer, ua_mayor, eu_mayor})
                CHECK(answer(partner) == wish.partner);
            for (const Actor& programme : {secretariat, service})
                CHECK(answer(programme) == wish.programme);
            CHECK(answer(expert) == wish.expert);
            for (const Actor& other : {officer_of(stranger), mayor_of(stranger)})
                CHECK(answer(other) == "not_found");
            for (const Role role : {Role::auditor, Role::association, Role::funder})
                CHECK(answer(acting_as(role)) == "not_allowed");
        }
    }
}

TEST_CASE("while a proposal is locked its texts stay as they are, and people may talk", "[text]") {
    World locked = with_locked_proposal();
    talk(locked);
    for (const Wish& wish : wishes) {
        DYNAMIC_SECTION(wish.command << ' ' << wish.data) {
            World world = locked;
            const Actor& actor = wish.partner == "ok"  ? ua_officer
                                 : wish.expert == "ok" ? expert
                                                       : secretariat;
            CHECK(short_answer(world, actor, wish.command, wish.data) ==
                  (wish.while_locked ? "ok" : "locked"));
        }
    }
}

TEST_CASE("when approval is withdrawn, writing goes on", "[text]") {
    World world = with_locked_proposal();
    world.given(ua_officer, "proposal/p-1_x1", "withdraw_approval", R"({"version":1,"reason":"a typo"})");
    REQUIRE(edit(world, eu_officer, "k-2", 1, 1, R"([{"insert":"x"}])").starts_with("text.edited"));
}

TEST_CASE("asking for approval names the revision of each section, and none that is too long or blank",
          "[text]") {
    World world = with_locked_proposal();
    world.given(ua_officer, "proposal/p-1_x1", "withdraw_approval", R"({"version":1,"reason":"a typo"})");
    const auto ask = [&] { return world.send(ua_officer, "proposal/p-1_x1", "ask_approval"); };
    write(world, ua_officer, R"([{"delete":5},{"insert":" \u00a0 "}])");
    REQUIRE(ask() == "incomplete needs");
    write(world, ua_officer, "[{\"insert\":\"" + std::string(5'998, 'x') + "\"}]");
    REQUIRE(ask() == "too_long needs");
    REQUIRE(world.last_rejection.params == RejectionParams{{"max", "6000"}, {"length", "6001"}});
    write(world, ua_officer, R"([{"delete":1}])");
    REQUIRE(ask().find(R"("texts":{"objective":1,"needs":4,"target_groups":1,)") != std::string::npos);
}

TEST_CASE("every command of a text is tried by everybody", "[text]") {
    std::set<std::string_view> tried;
    for (const Wish& wish : wishes)
        tried.insert(wish.command);
    REQUIRE(tried == names_of(std::type_identity<text::Command>{}));
}
