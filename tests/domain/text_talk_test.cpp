#include "domain/text/decide.hpp"
#include "text_desk.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace mosty;
using namespace mosty::test;

namespace {

std::string comment(World& world, const Actor& actor, std::string_view thread, std::uint64_t base,
                    std::size_t from, std::size_t to, std::string_view kind = "comment") {
    return world.send(
        actor, needs, "comment_text",
        fmt::format(R"({{"thread":"{}","kind":"{}","base":{},"from":{},"to":{},"body":"Чому саме тут?"}})",
                    thread, kind, base, from, to));
}

// A text "Старий міст 🌉", revision 1.
World with_text() {
    World world = with_proposal();
    write(world, ua_officer, R"([{"insert":"Старий міст 🌉"}])");
    return world;
}

std::string anchor(World& world, std::string_view thread) {
    const text::Anchor& one = text_state(world).threads.at(text::ThreadId(std::string(thread))).anchor;
    return one.orphaned ? "orphaned" : fmt::format("{}-{}", one.range.from, one.range.to);
}

} // namespace

TEST_CASE("a comment speaks of a passage and quotes it", "[text]") {
    World world = with_text();
    REQUIRE(comment(world, eu_officer, "t-1", 1, 7, 11) ==
            R"(text.commented {"thread":"t-1","kind":"comment","from":7,"to":11,"quote":"міст",)"
            R"("body":"Чому саме тут?"})");
    REQUIRE(words(world) == "Старий міст 🌉\n");
    REQUIRE(comment(world, ua_officer, "t-1", 2, 0, 1) == "already_exists thread");
    REQUIRE(comment(world, ua_officer, "t-2", 9, 0, 1) == "base_from_future base");
}

TEST_CASE("a comment on an older revision finds its passage in the present text", "[text]") {
    World world = with_text();
    write(world, ua_officer, R"([{"insert":"Наш "}])");
    REQUIRE(comment(world, eu_officer, "t-1", 1, 7, 11) ==
            R"(text.commented {"thread":"t-1","kind":"comment","from":11,"to":15,"quote":"міст",)"
            R"("body":"Чому саме тут?"})");
    write(world, ua_officer, R"([{"retain":10},{"delete":6}])");
    REQUIRE(comment(world, eu_officer, "t-2", 1, 7, 11) == "orphaned from");
}

TEST_CASE("a passage must be there, and cuts no letter in two", "[text]") {
    World world = with_text();
    REQUIRE(comment(world, eu_officer, "t-1", 1, 3, 3) == "edit_out_of_range from");
    REQUIRE(comment(world, eu_officer, "t-1", 1, 5, 3) == "edit_out_of_range from");
    REQUIRE(comment(world, eu_officer, "t-1", 1, 3, 16) == "edit_out_of_range from");
    REQUIRE(comment(world, eu_officer, "t-1", 1, 9007199254740990, 9007199254740991) ==
            "edit_out_of_range from");
    REQUIRE(comment(world, eu_officer, "t-1", 1, 13, 15) == "edit_out_of_range from");
    REQUIRE(comment(world, eu_officer, "t-1", 1, 11, 13) == "edit_out_of_range from");
    REQUIRE(comment(world, eu_officer, "t-1", 1, 12, 15).starts_with("text.commented"));
}

TEST_CASE("a long passage is quoted in its first 300 units, without half a letter", "[text]") {
    World world = with_proposal();
    std::string bridges;
    for (int i = 0; i < 200; ++i)
        bridges += "🌉";
    write(world, ua_officer, fmt::format(R"([{{"insert":"a{}"}}])", bridges));
    REQUIRE(comment(world, eu_officer, "t-1", 1, 0, 401).starts_with("text.commented"));
    const std::string& quote = text_state(world).threads.begin()->second.quote;
    REQUIRE(quote == "a" + bridges.substr(0, 149 * 4));
}

TEST_CASE("anchors move with the text, and are orphaned for good when their passage is gone", "[text]") {
    World world = with_text();
    comment(world, eu_officer, "t-1", 1, 7, 11);
    write(world, ua_officer, R"([{"retain":7},{"insert":"наш "}])");
    REQUIRE(anchor(world, "t-1") == "11-15");
    write(world, ua_officer, R"([{"retain":13},{"insert":"и"}])");
    REQUIRE(anchor(world, "t-1") == "11-16");
    write(world, ua_officer, R"([{"retain":10},{"delete":7}])");
    REQUIRE(anchor(world, "t-1") == "orphaned");
    write(world, ua_officer, R"([{"retain":10},{"insert":"міст"}])");
    REQUIRE(anchor(world, "t-1") == "orphaned");
    REQUIRE(text_state(world).threads.begin()->second.quote == "міст");
    REQUIRE(world.send(ua_officer, needs, "reply_in_text", R"({"thread":"t-1","body":"Переписано."})")
                .starts_with("text.replied"));
}

TEST_CASE("threads are replied to, resolved and reopened", "[text]") {
    World world = with_text();
    comment(world, eu_officer, "t-1", 1, 7, 11);
    const auto send = [&](std::string_view command, std::string_view data = R"({"thread":"t-1"})") {
        return world.send(ua_officer, needs, command, data);
    };
    REQUIRE(send("reply_in_text", R"({"thread":"t-1","body":" Бо тут вузько. "})") ==
            R"(text.replied {"thread":"t-1","body":"Бо тут вузько."})");
    REQUIRE(send("reply_in_text", R"({"thread":"t-9","body":"b"})") == "not_found thread");
    REQUIRE(send("reply_in_text", R"({"thread":"t-1","body":" "})") == "invalid_field body");
    REQUIRE(send("reply_in_text", fmt::format(R"({{"thread":"t-1","body":"{}"}})",
                                              std::string(2'001, 'x'))) == "too_long body");
    REQUIRE(send("reopen_thread") == "already_done thread");
    REQUIRE(send("resolve_thread") == R"(text.thread_resolved {"thread":"t-1"})");
    REQUIRE(text_state(world).threads.begin()->second.resolved.has_value());
    REQUIRE(send("resolve_thread") == "already_done thread");
    REQUIRE(send("reopen_thread") == R"(text.thread_reopened {"thread":"t-1"})");
    REQUIRE_FALSE(text_state(world).threads.begin()->second.resolved.has_value());
    REQUIRE(send("resolve_thread", R"({"thread":"t-9"})") == "not_found thread");
    REQUIRE(send("reopen_thread", R"({"thread":"t-9"})") == "not_found thread");
    REQUIRE(send("answer_advice", R"({"thread":"t-1","answer":"accepted"})") == "wrong_status thread");
}

TEST_CASE("an expert's advice is accepted or declined, once", "[text]") {
    World world = with_text();
    REQUIRE(comment(world, ua_officer, "t-1", 1, 7, 11, "advice") == "not_allowed kind");
    REQUIRE(comment(world, expert, "t-1", 1, 7, 11, "advice").starts_with("text.commented"));
    REQUIRE(comment(world, expert, "t-2", 1, 7, 11).starts_with("text.commented"));
    const auto answer = [&](std::string_view thread, std::string_view rest) {
        return world.send(eu_mayor, needs, "answer_advice",
                          fmt::format(R"({{"thread":"{}","answer":{}}})", thread, rest));
    };
    REQUIRE(world.send(ua_officer, needs, "resolve_thread", R"({"thread":"t-1"})") == "wrong_status thread");
    REQUIRE(world.send(ua_officer, needs, "reopen_thread", R"({"thread":"t-1"})") == "wrong_status thread");
    REQUIRE(answer("t-9", R"("accepted")") == "not_found thread");
    REQUIRE(answer("t-1", R"("maybe")") == "invalid_field answer");
    REQUIRE(answer("t-1", R"("declined","note":"Too dear")") ==
            R"(text.advice_answered {"thread":"t-1","answer":"declined","note":"Too dear"})");
    REQUIRE(answer("t-1", R"("accepted")") == "already_done thread");
    REQUIRE(text_state(world).threads.begin()->second.answer->by.actor == eu_mayor.id);
}

TEST_CASE("a text has at most 500 threads, a thread at most 200 replies", "[text]") {
    World world = with_text();
    for (std::size_t i = 0; i < text::threads_max; ++i)
        REQUIRE(comment(world, eu_officer, fmt::format("t-{}", i), 1, 7, 11).starts_with("text.commented"));
    REQUIRE(comment(world, eu_officer, "t-new", 1, 7, 11) == "too_many");
    for (std::size_t i = 0; i < text::replies_max; ++i)
        world.given(ua_officer, needs, "reply_in_text", R"({"thread":"t-1","body":"b"})");
    REQUIRE(world.send(ua_officer, needs, "reply_in_text", R"({"thread":"t-1","body":"b"})") == "too_many");
    REQUIRE(world.last_rejection.params == RejectionParams{{"max", "200"}});
}
