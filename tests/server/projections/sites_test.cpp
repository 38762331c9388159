#include "folded.hpp"
#include "server/projections/described_sites.hpp"

#include <fmt/format.h>

// Places of critical infrastructure: for all how many there are, for their audiences what they are.
namespace mosty::test {

namespace {

const std::string proposal = "proposal/pr-1";
const std::string places = "sites/pr-1";
const std::string secret = "Station by the river";

std::string described(std::string_view audience, std::string_view more = R"(,"serves":9)") {
    return fmt::format(R"({{"site":"s-1","audience":"{}","name":"{}","kind":"waterworks"{}}})", audience,
                       secret, more);
}

History with_site() {
    History history;
    history.record("partnership/p-1", "partnership.proposed",
                   R"({"ua":"UA1","eu":"HU1","by":"ua","sectors":[]})");
    history.record(
        proposal, "proposal.drafted",
        R"({"partnership":"p-1","title":"Water","lead":"ua","partners":["UA1","HU1"],"sectors":[]})");
    history.record(places, "site.recorded", R"({"site":"s-1","side":"ua","audience":"town"})");
    history.record(places, "site.described", described("town"));
    return history;
}

json::array feed_of(Folded& folded) {
    return folded.rows("feed/HU1");
}

projections::SiteBoard board_of(const History& history, Size size) {
    projections::SiteBoard board;
    std::vector<projections::Change> unheard;
    for (Position next = 0; next < size; ++next)
        if (history.entries()[next].envelope.stream.text() == places)
            board.fold(next, history.entries()[next], unheard);
    return board;
}

// What a view showed then, to those who read it when the history ends.
std::string then(const History& history, sites::View view, Size at) {
    return board_of(history, at).view_for_readers_of(board_of(history, history.size()), view);
}

} // namespace

TEST_CASE("all see that there is a place and for whom, its audience what it is", "[sites]") {
    Folded folded(with_site());
    const auto line = folded.view(places).at("sites").at("s-1");
    CHECK(line.at("side") == "ua");
    CHECK(line.at("audience") == "town");
    CHECK_FALSE(line.as_object().contains("name"));
    const auto site = folded.view(places + "/ua").at("s-1");
    CHECK(site.at("name") == json::value(secret));
    CHECK(site.at("serves") == 9);
    CHECK(site.at("order") == line.at("order"));
    CHECK(folded.view(places + "/eu") == json::object());
    CHECK(folded.view(places + "/partners") == json::object());
}

TEST_CASE("no store ever holds what a place is, nor do the changes that others follow", "[sites]") {
    History history = with_site();
    history.record(places, "site.shared", R"({"site":"s-1"})");
    history.record(places, "site.described", described("partners"));
    Folded folded;
    for (Size next = 0; next < history.size(); ++next) {
        folded.changes.clear();
        folded.projector.fold(next, history.entries()[next], folded.changes);
        for (const projections::Change& change : folded.changes)
            if (!sites::view_named(change.topic))
                CHECK(change.json->find(secret) == std::string::npos);
    }
    REQUIRE(folded.projector.commit().has_value());
    for (const auto& [key, value] : contents(folded.store)) {
        CHECK(key.find(secret) == std::string::npos);
        CHECK(value.find(secret) == std::string::npos);
    }
}

TEST_CASE("a patch takes away what a new description no longer says", "[sites]") {
    History history = with_site();
    Folded folded(history);
    history.record(places, "site.described", described("town", R"(,"note":"n")"));
    folded.fold(history);
    const auto patch = folded.last_change(places + "/ua").at("s-1");
    CHECK(patch.at("serves").is_null());
    CHECK(patch.at("note") == "n");
    CHECK_FALSE(patch.as_object().contains("name"));
}

TEST_CASE("a place goes from one audience's view to another's, and out of all when it is removed or erased",
          "[sites]") {
    History history = with_site();
    Folded folded(history);
    history.record(places, "site.shared", R"({"site":"s-1"})");
    folded.fold(history);
    CHECK(folded.last_change(places + "/ua") == json::parse(R"({"s-1":null})"));
    CHECK(folded.last_change(places + "/partners").at("s-1").at("name") == json::value(secret));
    CHECK(folded.view(places).at("sites").at("s-1").at("audience") == "partners");
    History removed = history;
    removed.record(places, "site.removed", R"({"site":"s-1"})");
    history.record(places, "site.erased", R"({"site":"s-1"})");
    for (const History& end : {removed, history}) {
        Folded other(end);
        CHECK(other.view(places + "/partners") == json::object());
        CHECK_FALSE(other.view(places).at("sites").as_object().contains("s-1"));
    }
}

TEST_CASE("the feed of both towns says that something happened, and not what", "[sites]") {
    History history = with_site();
    Folded folded(history);
    const json::value recorded = feed_of(folded).at(0);
    CHECK(recorded.at("type") == "site.described");
    CHECK(recorded.at("data") == json::object());
    CHECK(recorded.at("title") == "Water");
    CHECK(feed_of(folded).at(1).at("data") == json::parse(R"({"site":"s-1","side":"ua","audience":"town"})"));
}

TEST_CASE("who was away gets a view whole, and only when it changed", "[sites]") {
    History history = with_site();
    const Size size = history.size();
    history.record(proposal, "proposal.edited", R"({"summary":"S"})");
    Folded folded(history);
    CHECK(folded.projector.changes_since(places + "/ua", size, 9).value()->empty());
    CHECK_FALSE(folded.projector.changes_since(places + "/ua", size - 1, 9).value().has_value());
    CHECK(folded.projector.changes_since(places + "/eu", 0, 9).value()->empty());
}

TEST_CASE("a projector that goes on where a store stands recalls the places from the log", "[sites]") {
    History history = with_site();
    const auto log = log_of(history);
    Folded first(history);
    projections::Projector second(first.store);
    REQUIRE(second.recall(*log).has_value());
    REQUIRE(second.recall(*log).has_value());
    CHECK(second.view(places + "/ua").value() == first.projector.view(places + "/ua").value());
    CHECK(second.changes_since(places + "/ua", second.size() - 1, 9).value() == std::nullopt);
}

TEST_CASE("whoever lost sight of a place does not see its past, and its own town sees all of it", "[sites]") {
    History history = with_site();
    const Size kept = history.size();
    history.record(places, "site.shared", R"({"site":"s-1"})");
    history.record(places, "site.described", described("partners"));
    const Size shared = history.size();
    CHECK(then(history, sites::View::partners, shared).find(secret) != std::string::npos);
    CHECK(then(history, sites::View::ua, kept).find(secret) != std::string::npos);
    CHECK(then(history, sites::View::ua, kept - 1) == "{}");
    CHECK(then(history, sites::View::ua, shared) == "{}");

    history.record(places, "site.withdrawn", R"({"site":"s-1"})");
    history.record(places, "site.described", described("town"));
    CHECK(then(history, sites::View::partners, shared) == "{}");
    CHECK(then(history, sites::View::ua, kept).find(secret) != std::string::npos);
    CHECK(then(history, sites::View::ua, history.size()).find(secret) != std::string::npos);
}

} // namespace mosty::test
