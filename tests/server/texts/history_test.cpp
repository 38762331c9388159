#include "domain/codec/text_state.hpp"
#include "domain/text/evolve.hpp"
#include "server/texts/pieces.hpp"
#include "tests/server/texts/text_house.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace mosty;
using namespace mosty::test;
namespace json = boost::json;

namespace {

constexpr Revision revisions = 2'300;

// A text of 2,300 revisions by two people, with a comment and a suggestion among them.
void write_history(TextHouse& house) {
    for (Revision i = 0; i < revisions - 2; ++i) {
        const bool ua = i % 7 < 3;
        const auto change = i % 5 == 4
                                ? std::string(R"([{"retain":1},{"delete":1}])")
                                : fmt::format(R"([{{"retain":{}}},{{"insert":"{}"}}])", i % 3 + 1, i % 10);
        house.edit(ua ? "k-ua" : "k-hu", ua ? "u-ua" : "u-hu", i, i < 3 ? R"([{"insert":"ab"}])" : change);
    }
    house.settle();
    house.desk.say(
        house.text.text(), "comment_text",
        fmt::format(R"({{"thread":"t-1","kind":"comment","base":{},"from":1,"to":9,"body":"Чому?"}})",
                    revisions - 2),
        "u-hu");
    house.desk.say(
        house.text.text(), "suggest_in_text",
        fmt::format(R"({{"suggestion":"s-1","base":{},"change":[{{"delete":3}}]}})", revisions - 1), "u-ua");
    house.settle();
}

// The frames of a piece, one after the other.
json::array frames_of(const texts::Piece& piece) {
    return json::parse("[" + piece.frames + "]").as_array();
}

// Keeps states as a server does.
void keep_states(TextHouse& house) {
    texts::StateKeeper keeper;
    const auto kept = keeper.reach(*house.desk.log, *house.views.snapshot(), house.text, revisions);
    REQUIRE(kept.has_value());
    REQUIRE(kept->size() == 2);
    for (const auto& [revision, bytes] : *kept)
        house.projector.keep_text_state(house.text.text(), revision, bytes);
    REQUIRE(house.projector.commit().has_value());
    REQUIRE(keeper.reach(*house.desk.log, *house.views.snapshot(), house.text, revisions)->empty());
}

} // namespace

TEST_CASE("a state kept at a thousand revisions is what the fold of all of them gives", "[texts]") {
    TextHouse house;
    write_history(house);
    text::State state;
    std::vector<std::string> folded;
    for (const auto& committed : house.desk.committed)
        if (const auto* event = std::get_if<text::Event>(&committed.entry.event)) {
            text::apply(state, *event, committed.entry.envelope.recorded());
            folded.push_back(codec::encode_text_state(state));
        }
    REQUIRE(folded.size() == revisions);

    keep_states(house);
    const auto snapshot = house.views.snapshot();
    for (const Revision revision :
         {1ull, 999ull, 1'000ull, 1'001ull, 2'000ull, 2'001ull, 2'299ull, 2'300ull}) {
        INFO(revision);
        const auto kept = texts::kept_state(*snapshot, house.text, revision);
        REQUIRE(kept.has_value());
        REQUIRE((*kept ? (*kept)->revision : 0) == revision - revision % 1'000);
        const auto at = texts::state_at(*house.desk.log, *snapshot, house.text, revision);
        REQUIRE(at.has_value());
        REQUIRE(codec::encode_text_state(*at) == folded[revision - 1]);
    }
}

TEST_CASE("the sequencer hands on the same state when its revision is durable", "[texts]") {
    TextHouse house;
    write_history(house);
    REQUIRE(house.desk.texts.size() == 2);
    for (const auto& [text, state] : house.desk.texts) {
        REQUIRE(text == house.text);
        const auto at =
            texts::state_at(*house.desk.log, *house.views.snapshot(), house.text, state->revision);
        REQUIRE(codec::encode_text_state(*state) == codec::encode_text_state(*at));
    }
}

TEST_CASE("the revision of a text at any size of the log is found by halving", "[texts]") {
    TextHouse house;
    write_history(house);
    REQUIRE(texts::revision_now(*house.desk.log, house.text) == revisions);
    REQUIRE(texts::revision_now(*house.desk.log, StreamId("text/proposal/p-1_x1/risks")) == 0u);
    Revision revision = 0;
    for (const auto& committed : house.desk.committed) {
        if (committed.entry.envelope.stream == house.text)
            revision = committed.entry.envelope.revision;
        if (committed.position % 97 == 0)
            REQUIRE(texts::revision_at(*house.desk.log, house.text, committed.position + 1) == revision);
    }
}

TEST_CASE("a follower catches up in pieces that leave no event out", "[texts]") {
    TextHouse house;
    write_history(house);
    std::vector<Revision> seen;
    Revision after = 17;
    for (bool complete = false; !complete;) {
        const auto piece = texts::read_piece(*house.desk.log, *house.views.snapshot(), house.text, after);
        REQUIRE(piece.has_value());
        REQUIRE(piece->frames.size() < 256 * 1024);
        for (const auto& frame : frames_of(*piece))
            for (const auto& event : frame.at("events").as_array())
                seen.push_back(event.at("revision").to_number<Revision>());
        after = piece->revision;
        complete = piece->complete;
    }
    REQUIRE(seen.size() == revisions - 17);
    for (std::size_t i = 0; i < seen.size(); ++i)
        REQUIRE(seen[i] == 18 + i);
}

TEST_CASE("a whole text comes in parts, and from a revision that is still to come it begins anew",
          "[texts]") {
    TextHouse house;
    const std::string line = fmt::format("{}", std::string(4'000, 'x'));
    for (int i = 0; i < 40; ++i)
        house.edit(
            "k-ua", "u-ua", static_cast<Revision>(i),
            fmt::format(R"([{{"insert":"Ї🌉\n"}},{{"insert":"{}","attributes":{{"bold":true}}}}])", line));
    house.settle();
    const auto whole = texts::read_piece(*house.desk.log, *house.views.snapshot(), house.text, std::nullopt);
    REQUIRE(whole.has_value());
    REQUIRE(whole->complete);
    REQUIRE(whole->revision == 40);
    std::string text;
    std::size_t part = 0;
    const auto frames = frames_of(*whole);
    for (const auto& frame : frames) {
        REQUIRE(json::serialize(frame).size() <= 256 * 1024);
        REQUIRE(frame.at("part").to_number<std::size_t>() == part++);
        REQUIRE(frame.at("parts").to_number<std::size_t>() == frames.size());
        for (const auto& operation : frame.at("content").as_array())
            text += operation.at("insert").as_string();
    }
    REQUIRE(text == house.plain());

    const auto anew = texts::read_piece(*house.desk.log, *house.views.snapshot(), house.text, 41);
    REQUIRE(anew.has_value());
    REQUIRE(anew->history_changed);
    REQUIRE(anew->frames == whole->frames);
    const auto nothing = texts::read_piece(*house.desk.log, *house.views.snapshot(), house.text, 40);
    REQUIRE(nothing->frames.empty());
    REQUIRE(nothing->complete);
}
