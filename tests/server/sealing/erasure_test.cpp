// A data folder from the first command to the last byte: what was erased is found nowhere in it.
#include "domain/base/utf16.hpp"
#include "domain/codec/index_keys.hpp"
#include "server/access/directory.hpp"
#include "server/core/inline_door.hpp"
#include "server/core/open_folder.hpp"
#include "server/core/reads.hpp"
#include "server/texts/history.hpp"
#include "server/tools/rebuilt_views.hpp"
#include "storage/verify.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <limits>

using namespace mosty;
using storage::TemporaryFolder;

namespace {

const std::string needs = "text/proposal/p-1/needs";

std::vector<std::string> files_with(const std::filesystem::path& folder, std::string_view words) {
    std::vector<std::string> found;
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
        if (!file.is_regular_file())
            continue;
        std::ifstream stream(file.path(), std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
        if (bytes.find(words) != std::string::npos)
            found.push_back(file.path().lexically_relative(folder).string());
    }
    return found;
}

class Folder {
public:
    explicit Folder(std::filesystem::path path) : path_(std::move(path)) { open(); }

    void open() {
        close();
        auto opened = core::open_folder(path_, {});
        if (!opened)
            FAIL(opened.error().sentence);
        folder.emplace(std::move(*opened));
    }
    void close() { folder.reset(); }

    // The answer's problem code, or "done".
    std::string send(const std::string& stream, const std::string& name, const std::string& data,
                     const std::string& actor = "service-test") {
        core::InlineDoor door(*folder->log, *folder->views, *folder->projector);
        auto answers = door.send({{actor, fmt::format("c-{:08}", ++commands_), stream, name, data, {}}});
        REQUIRE(answers.has_value());
        return answers->front() ? "done" : answers->front().error().code;
    }
    void given(const std::string& stream, const std::string& name, const std::string& data,
               const std::string& actor = "service-test") {
        INFO(name);
        REQUIRE(send(stream, name, data, actor) == "done");
    }

    std::string text() const {
        const auto state = texts::state_at(*folder->log, *folder->views->snapshot(), StreamId(needs),
                                           std::numeric_limits<Revision>::max());
        REQUIRE(state.has_value());
        text::Delta document = state->content.document();
        return state->erased ? "erased" : utf8_of(document.operations().at(0).text);
    }
    std::string feed() const {
        std::string rows;
        const auto window = folder->projector->list("feed/all", 500);
        for (const std::string& row : window->rows)
            rows += row + '\n';
        return rows;
    }

    bool views_equal_a_rebuild() {
        REQUIRE(folder->views->flush().has_value());
        close();
        const auto compared = tools::compare_folder(path_, {});
        open();
        REQUIRE(compared.has_value());
        REQUIRE(compared->has_value());
        for (const std::string& difference : (*compared)->views.differences)
            UNSCOPED_INFO(difference);
        return (*compared)->views.is_equal();
    }
    bool log_verifies() const {
        const auto keys_of = [](std::string_view bytes) {
            return codec::index_keys_of(bytes).value_or(std::vector<std::string>());
        };
        return storage::verify(*folder->stored, {.keys_of = keys_of, .marked_tail = {}, .go_on = nullptr})
            .is_sound();
    }

    std::optional<core::OpenFolder> folder;

private:
    const std::filesystem::path path_;
    int commands_ = 0;
};

void write_all(Folder& house) {
    for (const auto& [town, country] : {std::pair{"UA_1", "UA"}, {"HU_1", "HU"}})
        house.given(fmt::format("municipality/{}", town), "register_municipality",
                    fmt::format(R"({{"name":"Town","country":"{}","scheme":"none","source":"s"}})", country));
    house.given("person/u-olena", "register_person",
                R"({"name":"Олена Коваль","organisation":"UA_1","role":"officer","language":"uk"})");
    house.given("person/u-ada", "register_person",
                R"({"name":"Ada Nagy","organisation":"HU_1","role":"officer","language":"en"})");
    house.given("partnership/pa-1", "propose_partnership",
                R"({"ua":"UA_1","eu":"HU_1","sectors":["energy"]})");
    house.given("partnership/pa-1", "accept_partnership", R"({"side":"ua"})");
    house.given("partnership/pa-1", "accept_partnership", R"({"side":"eu"})");
    house.given("proposal/p-1", "draft_proposal",
                R"({"partnership":"pa-1","title":"Water","lead":"ua","sectors":["energy"]})");
    house.given(needs, "edit_text",
                R"({"client":"k-1","sequence":1,"base":0,"change":[{"insert":"Pump in Sadova street 14"}]})",
                "u-olena");
    house.given(
        needs, "comment_text",
        R"({"thread":"t-1","kind":"comment","base":1,"from":8,"to":24,"body":"Nobody may know this"})",
        "u-ada");
    house.given(needs, "edit_text", R"({"client":"k-1","sequence":2,"base":1,"change":[{"insert":"A "}]})",
                "u-olena");
}

} // namespace

TEST_CASE("before anything is erased no name and no text stands in the log", "[sealing][erasure]") {
    const TemporaryFolder data;
    Folder house(data.path());
    write_all(house);
    CHECK(house.text() == "A Pump in Sadova street 14\n");
    CHECK(house.feed().find("Nobody may know this") != std::string::npos);
    CHECK(house.views_equal_a_rebuild());
    house.close();
    for (const char* words : {"Олена", "Ada Nagy", "Sadova street", "Nobody may know"})
        CHECK(files_with(data.path() / "log", words).empty());
}

TEST_CASE("an erased person is found in no file, and everything else is as it was", "[sealing][erasure]") {
    const TemporaryFolder data;
    Folder house(data.path());
    write_all(house);
    CHECK(house.send("person/u-olena", "erase_person", R"({"reason":"asked for it"})", "u-olena") ==
          "not_allowed");
    house.given("person/u-olena", "erase_person", R"({"reason":"asked for it"})");
    for (int life = 0; life < 2; ++life) {
        house.open();
        CHECK(house.log_verifies());
        CHECK(house.views_equal_a_rebuild());
        CHECK(files_with(data.path(), "Олена").empty());
        const auto directory = access::Directory::load(*house.folder->log);
        REQUIRE(directory.has_value());
        CHECK_FALSE(directory->find(ActorId("u-olena"))->acts());
        CHECK(directory->find(ActorId("u-ada"))->profile.name == "Ada Nagy");
        CHECK(house.folder->projector->view("directory")->find(R"("u-olena":{"erased":true})") !=
              std::string::npos);
        CHECK(house.text() == "A Pump in Sadova street 14\n");
    }
    CHECK(house.send(needs, "edit_text",
                     R"({"client":"k-1","sequence":3,"base":3,"change":[{"insert":"x"}]})",
                     "u-olena") == "not_signed_in");
    CHECK(house.send("person/u-olena", "register_person",
                     R"({"name":"New","organisation":"UA_1","role":"officer","language":"uk"})") == "erased");
}

TEST_CASE("an erased text is found in no file, and stays closed", "[sealing][erasure]") {
    const TemporaryFolder data;
    Folder house(data.path());
    write_all(house);
    house.given(needs, "erase_text", R"({"reason":"a private address"})");
    house.open();
    CHECK(house.log_verifies());
    CHECK(house.views_equal_a_rebuild());
    for (const char* words : {"Sadova street", "Nobody may know"})
        CHECK(files_with(data.path(), words).empty());
    CHECK(house.text() == "erased");
    CHECK(house.feed().find(R"("type":"text.commented")") != std::string::npos);
    CHECK(house.send(needs, "edit_text",
                     R"({"client":"k-1","sequence":3,"base":4,"change":[{"insert":"x"}]})",
                     "u-olena") == "erased");
    CHECK(house.send(needs, "erase_text", R"({"reason":"again"})") == "done");
}

TEST_CASE("a redacted text keeps what is left, and is written on", "[sealing][erasure]") {
    const TemporaryFolder data;
    Folder house(data.path());
    write_all(house);
    house.given(needs, "redact_text",
                R"({"base":3,"change":[{"retain":7},{"delete":19}],"reason":"a private address"})");
    const std::string live = house.text();
    house.open();
    CHECK(house.text() == live);
    CHECK(live == "A Pump \n");
    CHECK(house.log_verifies());
    CHECK(house.views_equal_a_rebuild());
    for (const char* words : {"Sadova street", "Nobody may know"})
        CHECK(files_with(data.path(), words).empty());

    CHECK(house.send(needs, "edit_text",
                     R"({"client":"k-2","sequence":1,"base":3,"change":[{"insert":"x"}]})",
                     "u-olena") == "erased");
    CHECK(house.send(needs, "restore_text", R"({"revision":3})", "u-olena") == "erased");
    house.given(needs, "edit_text", R"({"client":"k-2","sequence":1,"base":5,"change":[{"insert":"The "}]})",
                "u-olena");
    CHECK(house.text() == "The A Pump \n");
    house.open();
    CHECK(house.text() == "The A Pump \n");
    CHECK(house.views_equal_a_rebuild());
}

TEST_CASE("restoring an older copy of the log brings nothing back", "[sealing][erasure]") {
    const TemporaryFolder data, older;
    Folder house(data.path());
    write_all(house);
    house.close();
    std::filesystem::copy(data.path(), older.path(), std::filesystem::copy_options::recursive);
    house.open();
    house.given("person/u-olena", "erase_person", R"({"reason":"asked for it"})");
    house.given(needs, "erase_text", R"({"reason":"a private address"})");
    house.close();

    // The keys are not part of the copy: those of today stay.
    std::filesystem::copy(data.path() / "keys", older.path() / "keys",
                          std::filesystem::copy_options::overwrite_existing);
    Folder restored(older.path());
    CHECK(restored.log_verifies());
    CHECK(restored.views_equal_a_rebuild());
    CHECK(restored.text() == "erased");
    for (const char* words : {"Олена", "Sadova street", "Nobody may know"})
        CHECK(files_with(older.path(), words).empty());
}
