#include "folded.hpp"
#include "server/projections/past.hpp"

#include <fmt/format.h>

namespace mosty::test {

namespace {

History with_edits(int edits) {
    History history = History::with_partnership();
    history.record("proposal/pr-1", "proposal.drafted",
                   R"({"partnership":"p-1","title":"Clean water","lead":"ua",)"
                   R"("partners":["UA32140010000049369","HU_10719"],"sectors":["water_supply"]})");
    for (int i = 0; i < edits; ++i)
        history.record("proposal/pr-1", "proposal.edited", fmt::format(R"({{"summary":"Version {}"}})", i));
    return history;
}

} // namespace

TEST_CASE("a feed's row tells the event and what it is about", "[feed]") {
    History history = with_edits(0);
    history.record("proposal/pr-1", "proposal.edited", R"({"title":"Cleaner water"})", "u-bela");
    Folded folded(history);
    const auto row = json::parse(fmt::format(R"({{"size":6,"id":"e-5","order":"0000000000000005","position":5,
        "type":"proposal.edited","stream":"proposal/pr-1","actor":"u-bela","at":"{}","event":"e-5",
        "partnership":"p-1","ua":"UA32140010000049369","eu":"HU_10719","title":"Cleaner water",
        "data":{{"title":"Cleaner water"}}}})",
                                             at(5)));
    for (const char* topic : {"feed/all", "feed/HU_10719", "feed/UA32140010000049369"}) {
        CHECK(folded.last_change(topic) == row);
        CHECK(folded.rows(topic).at(0) == row);
        CHECK(folded.total(topic) == 4);
    }
    CHECK(folded.rows("feed/all").at(3) ==
          json::parse(fmt::format(R"({{"size":3,"id":"e-2","order":"0000000000000002","position":2,
        "type":"partnership.proposed","stream":"partnership/p-1","actor":"u-ana","at":"{}","event":"e-2",
        "partnership":"p-1","ua":"UA32140010000049369","eu":"HU_10719",
        "data":{{"ua":"UA32140010000049369","eu":"HU_10719","by":"ua","sectors":["water_supply"]}}}})",
                                  at(2))));
}

TEST_CASE("long texts are cut in the feed and whole in the view", "[feed]") {
    History history = with_edits(0);
    const std::string summary(4'000, 's');
    history.record("proposal/pr-1", "proposal.edited", fmt::format(R"({{"summary":"{}"}})", summary));
    Folded folded(history);
    CHECK(folded.last_change("feed/all").at("data").at("summary") ==
          json::value(std::string(300, 's') + "…"));
    CHECK(folded.view("proposal/pr-1").at("summary") == json::value(summary));
}

TEST_CASE("the rows of one event have one text", "[feed]") {
    History history = with_edits(1);
    Folded folded(history);
    std::vector<const std::string*> feeds, lists;
    for (const auto& change : folded.changes) {
        if (change.topic.starts_with("feed/"))
            feeds.push_back(change.json.get());
        if (change.topic.starts_with("proposals/"))
            lists.push_back(change.json.get());
    }
    CHECK(feeds == std::vector(3, feeds.at(0)));
    CHECK(lists == std::vector(3, lists.at(0)));
}

TEST_CASE("the pages of a list give every row once, newest first", "[feed]") {
    for (const int edits : {0, 28, 29, 30, 61, 93, 100}) { // around the borders of runs
        Folded folded(with_edits(edits));
        const Size expected = static_cast<Size>(edits) + 3;
        Size below = folded.projector.size();
        std::string next;
        do {
            const auto page =
                projections::list_page(*folded.store.snapshot(), "feed/HU_10719", next, 7).value();
            CHECK(page.total == expected);
            for (const std::string& row : page.rows)
                CHECK(json::parse(row).at("position").to_number<Size>() == --below);
            next = page.next;
        } while (!next.empty());
        CHECK(below == 2);
    }
}

TEST_CASE("the pages of a list of entities give every row once, newest first", "[list]") {
    History history = History::with_partnership();
    for (int i = 0; i < 20; ++i)
        history.record(fmt::format("proposal/pr-{}", i), "proposal.drafted",
                       R"({"partnership":"p-1","title":"T","lead":"ua",)"
                       R"("partners":["UA32140010000049369","HU_10719"],"sectors":["energy"]})");
    Folded folded(history);
    for (const std::size_t limit : {1U, 3U, 7U, 20U, 30U}) {
        std::string next;
        int newest = 20;
        do {
            const auto page =
                projections::list_page(*folded.store.snapshot(), "proposals/HU_10719", next, limit).value();
            CHECK(page.total == 20);
            CHECK(page.rows.size() <= limit);
            for (const std::string& row : page.rows)
                CHECK(json::parse(row).at("id") == json::value(fmt::format("pr-{}", --newest)));
            next = page.next;
        } while (!next.empty());
        CHECK(newest == 0);
    }
}

TEST_CASE("a list that nothing was recorded for is empty", "[list]") {
    Folded folded;
    CHECK(folded.rows("feed/HU_1").empty());
    CHECK(folded.rows("visits/all").empty());
    CHECK(folded.rows("municipalities").empty());
    CHECK(folded.rows("no such list").empty());
    CHECK(folded.view("programme") == json::object());
    CHECK(folded.view("proposal/nowhere") == json::object());
    CHECK_FALSE(folded.projector.audience("proposal/nowhere").value().has_value());
    CHECK_FALSE(folded.projector.audience("person/u-1").value().has_value());
    CHECK(folded.projector.exists("feed/HU_1").value());
    CHECK(folded.projector.exists("towns").value());
    CHECK_FALSE(folded.projector.exists("proposal/nowhere").value());
    CHECK_FALSE(folded.projector.exists("nonsense").value());
}

} // namespace mosty::test
