#include "delta_json.hpp"
#include "text_desk.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace mosty;
using namespace mosty::test;

namespace {

std::string insert_of(std::size_t length) {
    return fmt::format(R"([{{"insert":"{}"}}])", std::string(length, 'x'));
}

} // namespace

TEST_CASE("the first edit begins a text", "[text]") {
    World world = with_proposal();
    REQUIRE(words(world) == "\n");
    REQUIRE(world.send(ua_officer, needs, "edit_text",
                       R"({"client":"k-1","sequence":1,"base":0,"typed_at":1795341600000,
                           "change":[{"insert":"Мі"},{"insert":"ст"},{"retain":1}]})") ==
            R"(text.edited {"client":"k-1","sequence":1,"base":0,"change":[{"insert":"Міст"}],)"
            R"("typed_at":1795341600000})");
    REQUIRE(words(world) == "Міст\n");
    REQUIRE(text_state(world).revision == 1);
}

TEST_CASE("an edit of an older revision is re-based over everything since", "[text]") {
    World world = with_proposal();
    write(world, ua_officer, R"([{"insert":"міст"}])");
    write(world, ua_officer, R"([{"insert":"Новий "}])");
    SECTION("at one place the earlier commit stays left") {
        REQUIRE(
            edit(world, eu_officer, "k-2", 1, 1, R"([{"insert":"Старий "}])") ==
            R"(text.edited {"client":"k-2","sequence":1,"base":1,"change":[{"retain":6},{"insert":"Старий "}]})");
        REQUIRE(words(world) == "Новий Старий міст\n");
    }
    SECTION("what others deleted is not deleted again") {
        write(world, ua_officer, R"([{"retain":6},{"delete":2}])");
        edit(world, eu_officer, "k-2", 1, 1, R"([{"delete":3}])");
        REQUIRE(words(world) == "Новий т\n");
    }
    SECTION("the formatting that was committed first wins") {
        write(world, ua_officer, R"([{"retain":10},{"retain":1,"attributes":{"header":1}}])");
        REQUIRE(edit(world, eu_officer, "k-2", 1, 2,
                     R"([{"retain":10},{"retain":1,"attributes":{"header":2,"list":"bullet"}}])") ==
                R"(text.edited {"client":"k-2","sequence":1,"base":2,)"
                R"("change":[{"retain":10},{"retain":1,"attributes":{"list":"bullet"}}]})");
    }
    SECTION("an edit that others made void is recorded, and the writer goes on") {
        write(world, ua_officer, R"([{"delete":6}])");
        REQUIRE(edit(world, eu_officer, "k-2", 1, 2, R"([{"retain":2},{"delete":3}])") ==
                R"(text.edited {"client":"k-2","sequence":1,"base":2,"change":[]})");
        REQUIRE(edit(world, eu_officer, "k-2", 2, 4, R"([{"insert":"x"}])").starts_with("text.edited"));
    }
}

TEST_CASE("an edit is re-based over each change in turn, never over several made one", "[text]") {
    World world = with_proposal();
    write(world, ua_officer, R"([{"insert":"a"}])");
    write(world, ua_officer, R"([{"retain":1},{"insert":"P"}])");
    write(world, ua_officer, R"([{"delete":1}])");
    edit(world, eu_officer, "k-2", 1, 1, R"([{"insert":"Q"}])");
    REQUIRE(words(world) == "QP\n");
}

TEST_CASE("no base is too old: what the state has forgotten comes from the log", "[text]") {
    World world = with_proposal();
    write(world, ua_officer, R"([{"insert":"кінець"}])");
    for (std::size_t i = 0; i < text::recent_changes_max + 100; ++i)
        write(world, ua_officer, R"([{"insert":"а"}])");
    REQUIRE(text_state(world).oldest_base() > 1);
    edit(world, eu_officer, "k-2", 1, 1, R"([{"retain":6},{"insert":"!"}])");
    REQUIRE(words(world).ends_with("акінець!\n"));
}

TEST_CASE("where the edits of two people leave no newline, the event repairs it", "[text]") {
    World world = with_proposal();
    write(world, ua_officer, R"([{"insert":"a\nb"}])");
    write(world, ua_officer, R"([{"retain":2},{"delete":2}])");
    REQUIRE(words(world) == "a\n");
    REQUIRE(edit(world, eu_officer, "k-2", 1, 1, R"([{"retain":1},{"delete":1}])") ==
            R"(text.edited {"client":"k-2","sequence":1,"base":1,"change":[{"retain":1},{"delete":1}],)"
            R"("repair":[{"retain":1},{"insert":"\n"}]})");
    REQUIRE(words(world) == "a\n");
    REQUIRE(json_of(text_state(world).recent.back()) == R"([{"retain":1},{"insert":"\n"},{"delete":1}])");
    // Whoever deletes everything, even alone, leaves a newline.
    edit(world, eu_officer, "k-2", 2, 3, R"([{"delete":2}])");
    REQUIRE(words(world) == "\n");
}

TEST_CASE("each edit of a writer is taken once and in order", "[text]") {
    World world = with_proposal();
    const std::string_view change = R"([{"insert":"x"}])";
    REQUIRE(edit(world, ua_officer, "k-1", 2, 0, change) == "sequence_gap sequence");
    REQUIRE(world.last_rejection.params == RejectionParams{{"expected", "1"}});
    REQUIRE(edit(world, ua_officer, "k-1", 1, 0, change).starts_with("text.edited"));
    REQUIRE(edit(world, ua_officer, "k-1", 1, 0, change) == "sequence_reused sequence");
    REQUIRE(edit(world, ua_officer, "k-1", 3, 0, change) == "sequence_gap sequence");
    REQUIRE(world.last_rejection.params == RejectionParams{{"expected", "2"}});
    REQUIRE(edit(world, ua_officer, "k-1", 2, 0, change).starts_with("text.edited"));
    REQUIRE(edit(world, ua_officer, "k-other", 1, 0, change).starts_with("text.edited"));
    REQUIRE(edit(world, ua_officer, "k-1", 0, 0, change) == "invalid_field sequence");
    // Another text counts for itself.
    REQUIRE(world
                .send(ua_officer, "text/proposal/p-1_x1/risks", "edit_text",
                      R"({"client":"k-1","sequence":1,"base":0,"change":[{"insert":"x"}]})")
                .starts_with("text.edited"));
}

TEST_CASE("a writer belongs to one person", "[text]") {
    World world = with_proposal();
    edit(world, ua_officer, "k-1", 1, 0, R"([{"insert":"x"}])");
    REQUIRE(edit(world, eu_officer, "k-1", 2, 1, R"([{"insert":"x"}])") == "unknown_client client");
    REQUIRE(edit(world, ua_mayor, "k-1", 1, 1, R"([{"insert":"x"}])") == "unknown_client client");
    REQUIRE(edit(world, ua_officer, "k-1", 2, 1, R"([{"insert":"x"}])").starts_with("text.edited"));
}

TEST_CASE("the writers heard of least lately are forgotten", "[text]") {
    World world = with_proposal();
    for (std::size_t i = 0; i <= text::clients_max; ++i)
        edit(world, ua_officer, fmt::format("k-{}", i), 1, i, R"([{"retain":1,"attributes":{"header":1}}])");
    const auto& clients = text_state(world).clients;
    REQUIRE(clients.size() == text::clients_max);
    REQUIRE_FALSE(clients.contains(text::ClientId("k-0")));
    REQUIRE(clients.contains(text::ClientId("k-1")));
    REQUIRE(clients.contains(text::ClientId(fmt::format("k-{}", text::clients_max))));
}

TEST_CASE("a base that is still to come is refused", "[text]") {
    World world = with_proposal();
    REQUIRE(edit(world, ua_officer, "k-1", 1, 1, R"([{"insert":"x"}])") == "base_from_future base");
    REQUIRE(world.last_rejection.params == RejectionParams{{"revision", "0"}});
    REQUIRE(edit(world, ua_officer, "k-1", 1, 0, R"([{"insert":"x"}])").starts_with("text.edited"));
}

TEST_CASE("an edit that does not fit the text is refused and changes nothing", "[text]") {
    World world = with_proposal();
    write(world, ua_officer, R"([{"insert":"a🌉"}])");
    const std::string before = shown(world.state(needs));
    for (const std::string_view change :
         {R"([{"retain":5},{"insert":"x"}])", R"([{"delete":5}])", R"([{"retain":4},{"delete":1}])",
          R"([{"retain":2},{"insert":"x"}])", R"([{"retain":1},{"delete":1}])", R"([{"delete":2}])",
          R"([{"retain":2,"attributes":{"bold":true}}])", R"([{"delete":9007199254740991}])"}) {
        INFO(change);
        CHECK(edit(world, eu_officer, "k-2", 1, 1, change) == "edit_out_of_range change");
    }
    REQUIRE(edit(world, eu_officer, "k-2", 1, 1, "[]") == "invalid_delta change");
    REQUIRE(edit(world, eu_officer, "k-2", 1, 1, R"({"ops":[]})") == "invalid_delta change");
    REQUIRE(edit(world, eu_officer, "k-2", 1, 1, insert_of(17'000)) == "edit_too_big change");
    REQUIRE(shown(world.state(needs)) == before);
}

TEST_CASE("a text holds 200,000 units", "[text]") {
    World world = with_proposal();
    for (int i = 0; i < 19; ++i)
        write(world, ua_officer, insert_of(10'000));
    REQUIRE(edit(world, eu_officer, "k-2", 1, 19, insert_of(10'000)) == "text_too_long change");
    REQUIRE(world.last_rejection.params == RejectionParams{{"max", "200000"}, {"length", "200001"}});
    write(world, ua_officer, insert_of(9'999));
    REQUIRE(edit(world, eu_officer, "k-2", 1, 20, R"([{"insert":"ї"}])") == "text_too_long change");
    REQUIRE(
        edit(world, eu_officer, "k-2", 1, 20, R"([{"insert":"ї"},{"delete":1}])").starts_with("text.edited"));
    REQUIRE(edit(world, eu_officer, "k-2", 2, 21, R"([{"delete":9}])").starts_with("text.edited"));
}

TEST_CASE("only the sections of a proposal are texts", "[text]") {
    World world = with_proposal();
    const auto kind = [](std::string_view stream) { return domain::kind_of(StreamId(std::string(stream))); };
    REQUIRE(kind(needs) == domain::Kind::text);
    for (const std::string_view stream :
         {"text/proposal/p-1_x1/poem", "text/proposal/p-1_x1", "text/proposal//needs",
          "text/visit/p-1_v1/needs", "text/needs", "text/proposal/p-1_x1/needs/", "text/proposal/x/1/needs",
          "text/x-1"}) {
        INFO(stream);
        CHECK_FALSE(kind(stream).has_value());
    }
    const std::string_view data = R"({"client":"k-1","sequence":1,"base":0,"change":[{"insert":"x"}]})";
    REQUIRE(world.send(ua_officer, "proposal/p-1_x1", "edit_text", data) == "wrong_stream");
    REQUIRE(world.send(ua_officer, needs, "ask_approval") == "wrong_stream");
    REQUIRE(world.send(ua_officer, "text/proposal/p-1_x9/needs", "edit_text", data) == "not_found");
    REQUIRE(world.send(expert, "text/proposal/p-1_x9/needs", "comment_text",
                       R"({"thread":"t-1","kind":"advice","base":0,"from":0,"to":1,"body":"b"})") ==
            "not_found");
}

TEST_CASE("a text remembers who wrote which letters, and when", "[text]") {
    World world = with_proposal();
    write(world, ua_officer, R"([{"insert":"Міст"}])");
    write(world, ua_officer, R"([{"retain":4},{"insert":" новий"}])");
    write(world, eu_officer, R"([{"retain":2},{"insert":"х"}])");
    const text::State& state = text_state(world);
    std::vector<std::string> told;
    state.content.for_each_run([&](std::u16string_view, const text::Run& run) {
        const text::Burst* burst = state.burst_of(run.mark.revision);
        told.push_back(fmt::format("{} {}+{} {}", run.length, run.mark.revision, run.mark.offset,
                                   burst ? state.authors[burst->author].text() : "nobody"));
    });
    REQUIRE(told == std::vector<std::string>{"2 1+0 officer-UA32140010000049369", "1 3+0 officer-HU_10719",
                                             "2 1+2 officer-UA32140010000049369",
                                             "6 2+0 officer-UA32140010000049369", "1 0+0 nobody"});
    REQUIRE(state.bursts.size() == 2);
}
