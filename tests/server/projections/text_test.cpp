#include "folded.hpp"

#include <fmt/format.h>

// What texts leave in the views: the form of their proposal and the feeds.
namespace mosty::test {

namespace {

const std::string proposal = "proposal/pr-1";
const std::string needs = "text/proposal/pr-1/needs";

History with_proposal() {
    History history;
    history.record(
        "municipality/UA32140010000049369", "municipality.registered",
        R"({"name":"Byshiv","country":"UA","scheme":"katottg","code":"UA32140010000049369","source":"x"})");
    history.record("municipality/HU_10719", "municipality.registered",
                   R"({"name":"Bácsalmás","country":"HU","scheme":"gisco","code":"HU_10719","source":"x"})");
    history.record("partnership/p-1", "partnership.proposed",
                   R"({"ua":"UA32140010000049369","eu":"HU_10719","by":"ua","sectors":[]})");
    history.record(
        proposal, "proposal.drafted",
        R"({"partnership":"p-1","title":"Clean water","lead":"ua","partners":["UA32140010000049369","HU_10719"],"sectors":[]})");
    return history;
}

void write(History& history, std::string_view writer, int sequence, std::string_view change) {
    history.record(
        needs, "text.edited",
        fmt::format(R"({{"client":"k-{}","sequence":{},"base":0,"change":{}}})", writer, sequence, change),
        fmt::format("u-{}", writer));
}

bool is_named(const json::object& view, std::string_view member, std::string_view section) {
    const auto* names = view.if_contains(member);
    return names != nullptr &&
           std::ranges::find(names->as_array(), json::value(section)) != names->as_array().end();
}

} // namespace

TEST_CASE("a section is missing, written or too long in its proposal's view", "[text]") {
    History history = with_proposal();
    Folded folded(history);
    REQUIRE(is_named(folded.view(proposal).as_object(), "missing", "needs"));

    write(history, "ana", 1, R"([{"insert":"Pipes"}])");
    folded.fold(history);
    CHECK(folded.last_change(proposal).at("texts") == json::parse(R"({"needs":"written"})"));
    CHECK_FALSE(is_named(folded.view(proposal).as_object(), "missing", "needs"));

    write(history, "ana", 2, fmt::format(R"([{{"insert":"{}"}}])", std::string(6'000, 'x')));
    folded.fold(history);
    CHECK(folded.view(proposal).at("texts") == json::parse(R"({"needs":"too_long"})"));
    CHECK(is_named(folded.view(proposal).as_object(), "too_long", "needs"));

    write(history, "ana", 3, R"([{"delete":6005}])");
    folded.fold(history);
    CHECK(folded.view(proposal).at("texts") == json::parse("{}"));
    CHECK(is_named(folded.view(proposal).as_object(), "missing", "needs"));
    CHECK_FALSE(is_named(folded.view(proposal).as_object(), "too_long", "needs"));
}

TEST_CASE("two people who write in turn have one row each in the feeds", "[text]") {
    History history = with_proposal();
    Folded folded(history);
    const auto rows_before = folded.rows("feed/all").size();
    for (int i = 1; i <= 20; ++i) {
        write(history, "ana", i, R"([{"insert":"a"}])");
        write(history, "bela", i, R"([{"insert":"b"}])");
    }
    folded.fold(history);
    const auto rows = folded.rows("feed/all");
    REQUIRE(rows.size() == rows_before + 2);
    CHECK(rows.at(0).at("actor") == "u-bela");
    CHECK(rows.at(1).at("actor") == "u-ana");
    CHECK(rows.at(0).at("data") == json::parse(R"({"section":"needs"})"));
    CHECK(rows.at(0).at("title") == "Clean water");
    CHECK(folded.rows("feed/HU_10719").at(0).at("stream") == json::value(needs));
}

TEST_CASE("what is said about a text has a row with the words, resolving has none", "[text]") {
    History history = with_proposal();
    write(history, "ana", 1, R"([{"insert":"Pipes"}])");
    history.record(needs, "text.commented",
                   R"({"thread":"t-1","kind":"comment","from":0,"to":5,"quote":"Pipes","body":"Which?"})",
                   "u-bela");
    Folded folded(history);
    CHECK(
        folded.rows("feed/all").at(0).at("data") ==
        json::parse(
            R"({"section":"needs","thread":"t-1","kind":"comment","from":0,"to":5,"quote":"Pipes","body":"Which?"})"));
    const auto rows = folded.rows("feed/all").size();
    history.record(needs, "text.thread_resolved", R"({"thread":"t-1"})", "u-ana");
    folded.fold(history);
    CHECK(folded.rows("feed/all").size() == rows);
}

} // namespace mosty::test
