#include "delta_json.hpp"
#include "domain/text/decide.hpp"
#include "text_desk.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace mosty;
using namespace mosty::test;

namespace {

std::string name_version(World& world, std::string_view id, std::uint64_t revision) {
    return world.send(
        ua_officer, needs, "name_text_version",
        fmt::format(R"({{"version":"{}","name":"Надіслано раді","revision":{}}})", id, revision));
}

std::string restore(World& world, std::uint64_t revision) {
    return world.send(eu_officer, needs, "restore_text", fmt::format(R"({{"revision":{}}})", revision));
}

std::string document(World& world) {
    return json_of(text_state(world).content.document());
}

} // namespace

TEST_CASE("a revision is given a name", "[text]") {
    World world = with_proposal();
    write(world, ua_officer, R"([{"insert":"Міст"}])");
    REQUIRE(name_version(world, "v-1", 1) ==
            R"(text.version_named {"version":"v-1","name":"Надіслано раді","revision":1})");
    REQUIRE(name_version(world, "v-1", 1) == "already_exists version");
    REQUIRE(name_version(world, "v-2", 3) == "base_from_future revision");
    REQUIRE(world.last_rejection.params == RejectionParams{{"revision", "2"}});
    REQUIRE(name_version(world, "v-2", 0).starts_with("text.version_named"));
    REQUIRE(world.send(ua_officer, needs, "name_text_version",
                       R"({"version":"v-3","name":" ","revision":1})") == "invalid_field name");
    REQUIRE(text_state(world).versions.size() == 2);
    REQUIRE(words(world) == "Міст\n");
}

TEST_CASE("a text has at most 500 named versions", "[text]") {
    World world = with_proposal();
    for (std::size_t i = 0; i < text::versions_max; ++i)
        REQUIRE(name_version(world, fmt::format("v-{}", i), 0).starts_with("text.version_named"));
    REQUIRE(name_version(world, "v-new", 0) == "too_many");
}

TEST_CASE("restoring brings an earlier text back as a new change", "[text]") {
    World world = with_proposal();
    write(world, ua_officer, R"([{"insert":"Старий міст"},{"retain":1,"attributes":{"header":1}}])");
    const std::string wanted = document(world);
    write(world, eu_officer, R"([{"delete":7}])");
    write(world, eu_officer, R"([{"retain":4,"attributes":{"bold":true}},{"insert":" новий"}])");
    write(world, eu_officer, R"([{"retain":10},{"retain":1,"attributes":{"header":null,"list":"bullet"}}])");
    world.given(expert, needs, "comment_text",
                R"({"thread":"t-1","kind":"comment","base":4,"from":0,"to":4,"body":"b"})");
    REQUIRE(
        restore(world, 1) ==
        R"(text.restored {"revision":1,"change":[{"insert":"Старий "},{"retain":4,"attributes":{"bold":null}},)"
        R"({"delete":6},{"retain":1,"attributes":{"header":1,"list":null}}]})");
    REQUIRE(document(world) == wanted);
    // What was there all the time keeps its author and its comment.
    const text::State& state = text_state(world);
    std::vector<Revision> written;
    state.content.for_each_run(
        [&](std::u16string_view, const text::Run& run) { written.push_back(run.mark.revision); });
    REQUIRE(written == std::vector<Revision>{6, 1, 0});
    REQUIRE(state.threads.begin()->second.anchor == text::Anchor{{7, 11}, false});
    // The restoring can be taken back in the same way.
    REQUIRE(restore(world, 4).starts_with("text.restored"));
    REQUIRE(words(world) == "міст новий\n");
    REQUIRE(state.threads.begin()->second.anchor == text::Anchor{{0, 4}, false});
}

TEST_CASE("restoring what the text says already changes nothing", "[text]") {
    World world = with_proposal();
    REQUIRE(restore(world, 0) == "nothing");
    write(world, ua_officer, R"([{"insert":"Міст"}])");
    REQUIRE(restore(world, 1) == "nothing");
    world.given(expert, needs, "comment_text",
                R"({"thread":"t-1","kind":"comment","base":1,"from":0,"to":4,"body":"b"})");
    REQUIRE(restore(world, 1) == "nothing");
    REQUIRE(restore(world, 3) == "base_from_future revision");
    REQUIRE(restore(world, 0) == R"(text.restored {"revision":0,"change":[{"delete":4}]})");
}

TEST_CASE("a long text comes back in several events of one command, none over an entry's size", "[text]") {
    World world = with_proposal();
    for (int i = 0; i < 12; ++i)
        write(world, ua_officer, fmt::format(R"([{{"insert":"{}"}}])", std::string(4'000, 'a')));
    const std::string wanted = document(world);
    for (int i = 0; i < 12; ++i)
        write(world, eu_officer, R"([{"delete":4000}])");
    REQUIRE(words(world) == "\n");
    const std::size_t before = world.entries().size();
    REQUIRE(restore(world, 12).starts_with("text.restored"));
    REQUIRE(document(world) == wanted);
    REQUIRE(world.entries().size() - before > 1);
    for (std::size_t i = before; i < world.entries().size(); ++i)
        CHECK(world.entries()[i].size() < 64 * 1024);
}

TEST_CASE("a text restored in revisions that others edit between stays one text", "[text]") {
    World world = with_proposal();
    write(world, ua_officer, R"([{"insert":"Старий міст"}])");
    write(world, ua_officer, R"([{"delete":7}])");
    REQUIRE(restore(world, 1).starts_with("text.restored"));
    // Somebody who had not seen it yet.
    edit(world, third_officer, "k-3", 1, 2, R"([{"retain":4},{"insert":" і брід"}])");
    REQUIRE(words(world) == "Старий міст і брід\n");
}
