#include "folded.hpp"

#include <fmt/format.h>

namespace mosty::test {

namespace {

History with_edits(int edits) {
    History history = History::with_partnership();
    history.record("municipality/PL_1", "municipality.registered",
                   R"({"name":"Łódź","country":"PL","scheme":"gisco","code":"PL_1","source":"x"})");
    history.record("proposal/pr-1", "proposal.drafted",
                   R"({"partnership":"p-1","title":"T","lead":"ua",)"
                   R"("partners":["UA32140010000049369","HU_10719"],"sectors":["energy"]})");
    for (int i = 0; i < edits; ++i)
        history.record("proposal/pr-1", "proposal.edited", fmt::format(R"({{"summary":"Version {}"}})", i));
    return history;
}

} // namespace

TEST_CASE("who was away gets the patches since, or nothing when they are too many", "[following]") {
    Folded folded(with_edits(10));
    const Size size = folded.projector.size();
    const auto since = folded.projector.changes_since("proposal/pr-1", size - 3, 100).value();
    REQUIRE(since.has_value());
    REQUIRE(since->size() == 3);
    CHECK(since->at(0).size == size - 2);
    CHECK(since->at(2).size == size);
    CHECK(since->at(2).kind == projections::Change::Kind::patch);
    CHECK(json::parse(*since->at(2).json).at("summary") == "Version 9");

    CHECK_FALSE(folded.projector.changes_since("proposal/pr-1", size - 4, 3).value().has_value());
    CHECK(folded.projector.changes_since("proposal/pr-1", size - 3, 3).value().has_value());
    CHECK(folded.projector.changes_since("proposal/pr-1", size, 3).value()->empty());
    CHECK(folded.projector.changes_since("partnership/p-1", size - 1, 3).value()->empty());
}

TEST_CASE("who was away gets the rows of the window that changed since", "[following]") {
    Folded folded(with_edits(10));
    const Size size = folded.projector.size();
    const auto since = folded.projector.changes_since("feed/all", size - 4, 100).value();
    REQUIRE(since.has_value());
    REQUIRE(since->size() == 4);
    CHECK(since->front().size == size - 3);
    CHECK(since->front().total == 13);
    CHECK(since->front().kind == projections::Change::Kind::row);
    CHECK(folded.projector.changes_since("feed/all", 0, 2).value()->size() == 2);
    const auto rows = folded.projector.changes_since("proposals/all", size - 4, 100).value();
    REQUIRE(rows->size() == 1);
    CHECK(rows->front().size == size);
}

TEST_CASE("a list that lost a row since needs a snapshot", "[following]") {
    History history = with_edits(0);
    history.record("proposal/pr-1", "proposal.partner_added", R"({"municipality":"PL_1"})");
    const Size with_row = history.size();
    history.record("proposal/pr-1", "proposal.partner_removed", R"({"municipality":"PL_1"})");
    history.record("proposal/pr-1", "proposal.edited", R"({"summary":"S"})");
    Folded folded(history);
    CHECK_FALSE(folded.projector.changes_since("proposals/PL_1", with_row, 100).value().has_value());
    CHECK(folded.projector.changes_since("proposals/PL_1", with_row + 1, 100).value()->empty());
    CHECK(folded.projector.changes_since("proposals/HU_10719", with_row, 100).value()->size() == 1);
}

TEST_CASE("reads see what is folded and not yet committed", "[following]") {
    const History history = with_edits(4);
    storage::MemoryViewStore store;
    projections::Projector projector(store);
    std::vector<projections::Change> changes;
    while (projector.size() < history.size())
        projector.fold(projector.size(), history.entries()[projector.size()], changes);
    CHECK(store.applied() == 0);
    CHECK(projector.audience("proposal/pr-1").value()->eu == "HU_10719");
    CHECK(json::parse(projector.view("proposal/pr-1").value()).at("summary") == "Version 3");
    CHECK(projector.list("feed/HU_10719", 100).value().total == 7);
}

} // namespace mosty::test
