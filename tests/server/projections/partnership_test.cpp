#include "folded.hpp"

#include <fmt/format.h>

namespace mosty::test {

TEST_CASE("a partnership's view says who proposed and who accepted", "[partnership]") {
    Folded folded(History::with_partnership());
    REQUIRE(folded.view("partnership/p-1") == json::parse(fmt::format(
                                                  R"({{"id":"p-1","revision":2,
        "created":{{"at":"{0}","actor":"u-ana","position":2}},
        "changed":{{"at":"{1}","actor":"u-bela","position":3}},
        "ua":"UA32140010000049369","eu":"HU_10719","by":"ua","status":"active","sectors":["water_supply"],
        "accepted":{{"ua":{{"at":"{0}","actor":"u-ana"}},"eu":{{"at":"{1}","actor":"u-bela","on":"2023-06"}}}},
        "facts":{{
          "e-2":{{"order":2,"type":"partnership.proposed","at":"{0}","actor":"u-ana","data":{{
             "ua":"UA32140010000049369","eu":"HU_10719","by":"ua","sectors":["water_supply"]}}}},
          "e-3":{{"order":3,"type":"partnership.accepted","at":"{1}","actor":"u-bela",
             "data":{{"side":"eu","on":"2023-06"}}}}}}}})",
                                                  at(2), at(3))));
    REQUIRE(folded.last_change("partnership/p-1") == json::parse(fmt::format(
                                                         R"({{"revision":2,
        "changed":{{"at":"{0}","actor":"u-bela","position":3}},"status":"active",
        "accepted":{{"eu":{{"at":"{0}","actor":"u-bela","on":"2023-06"}}}},
        "facts":{{"e-3":{{"order":3,"type":"partnership.accepted","at":"{0}","actor":"u-bela",
             "data":{{"side":"eu","on":"2023-06"}}}}}}}})",
                                                         at(3))));
}

TEST_CASE("a partnership's row stands in the lists of both towns and of all", "[partnership]") {
    Folded folded(History::with_partnership());
    const json::array rows{json::parse(fmt::format(
        R"({{"size":4,"id":"p-1","order":"0000000000000002","ua":"UA32140010000049369","eu":"HU_10719","by":"ua",
            "status":"active","sectors":["water_supply"],"accepted":["ua","eu"],"visits":0,"proposals":0,
            "at":"{}"}})",
        at(3)))};
    for (const char* scope : {"UA32140010000049369", "HU_10719", "all"}) {
        const std::string topic = std::string("partnerships/") + scope;
        CHECK(folded.rows(topic) == rows);
        CHECK(folded.last_change(topic) == rows[0]);
        CHECK(folded.total(topic) == 1);
    }
    CHECK(folded.rows("partnerships/PL_1").empty());
}

TEST_CASE("what the programme proposes is accepted by neither side", "[partnership]") {
    History history;
    history.record("partnership/p-9", "partnership.proposed",
                   R"({"ua":"UA32140010000049369","eu":"HU_10719","by":"programme","sectors":["energy"],)"
                   R"("note":"N","strand":"S","phase":"2","source":"AUC","confidence":"inferred"})");
    Folded folded(history);
    auto view = folded.view("partnership/p-9");
    CHECK(view.at("accepted") == json::object());
    CHECK(view.at("status") == "proposed");
    CHECK(view.at("note") == "N");
    CHECK(view.at("strand") == "S");
    CHECK(view.at("phase") == "2");
    CHECK(view.at("source") == "AUC");
    CHECK(view.at("confidence") == "inferred");
}

TEST_CASE("a partnership is declined, withdrawn or ended with its reason", "[partnership]") {
    const auto proposed = [](History& history, std::string_view stream) {
        history.record(stream, "partnership.proposed",
                       R"({"ua":"UA32140010000049369","eu":"HU_10719","by":"ua","sectors":["energy"]})");
    };
    History history;
    proposed(history, "partnership/a");
    history.record("partnership/a", "partnership.declined", R"({"side":"eu","reason":"Too far"})", "u-bela");
    proposed(history, "partnership/b");
    history.record("partnership/b", "partnership.withdrawn", R"({"reason":"A mistake"})");
    proposed(history, "partnership/c");
    history.record("partnership/c", "partnership.ended", R"({"on":"2025-01-31","reason":"All done"})");
    Folded folded(history);
    const auto part = [&](const char* topic, const char* member) { return folded.view(topic).at(member); };
    CHECK(part("partnership/a", "status") == "declined");
    CHECK(
        part("partnership/a", "declined") ==
        json::parse(fmt::format(R"({{"side":"eu","reason":"Too far","at":"{}","actor":"u-bela"}})", at(1))));
    CHECK(part("partnership/b", "withdrawn") ==
          json::parse(fmt::format(R"({{"reason":"A mistake","at":"{}","actor":"u-ana"}})", at(3))));
    CHECK(part("partnership/c", "ended") ==
          json::parse(
              fmt::format(R"({{"on":"2025-01-31","reason":"All done","at":"{}","actor":"u-ana"}})", at(5))));
    CHECK(folded.view("programme") ==
          json::parse(R"({"municipalities":0,"partnerships":{"declined":1,"withdrawn":1,"ended":1},)"
                      R"("visits":{},"proposals":{}})"));
}

TEST_CASE("a correction changes the fact and what follows from it", "[partnership][correction]") {
    History history = History::with_partnership();
    history.record("partnership/p-1", "partnership.corrected",
                   R"({"corrects":"e-2","reason":"Wrong sector","sectors":["energy","health"]})", "u-cora");
    history.record("partnership/p-1", "partnership.ended", R"({"on":"2025","reason":"Olso over"})");
    history.record("partnership/p-1", "partnership.corrected",
                   R"({"corrects":"e-5","reason":"A slip","fact_reason":"Also over"})", "u-cora");
    Folded folded(history);
    const auto view = folded.view("partnership/p-1");
    CHECK(view.at("sectors") == json::array({"energy", "health"}));
    CHECK(view.at("ended").at("reason") == "Also over");
    CHECK(view.at("ended").at("actor") == "u-ana");
    CHECK(view.at("facts").at("e-2").at("data").at("sectors") == json::array({"energy", "health"}));
    CHECK(view.at("facts").at("e-5") ==
          json::parse(fmt::format(R"({{"order":5,"type":"partnership.ended","at":"{}","actor":"u-ana",
            "data":{{"on":"2025","reason":"Also over"}},
            "corrected":{{"at":"{}","actor":"u-cora","reason":"A slip"}}}})",
                                  at(5), at(6))));
    CHECK(view.at("revision") == 5);
}

TEST_CASE("taking a fact back restores the status before it", "[partnership][correction]") {
    History history = History::with_partnership();
    history.record("partnership/p-1", "partnership.ended", R"({"on":"2025","reason":"Over"})");
    history.record("partnership/p-1", "partnership.corrected",
                   R"({"corrects":"e-4","reason":"It goes on","retracted":true})");
    Folded folded(history);
    const auto view = folded.view("partnership/p-1");
    CHECK(view.at("status") == "active");
    CHECK_FALSE(view.as_object().contains("ended"));
    CHECK(view.at("facts").at("e-4").at("retracted") == true);
    CHECK(folded.last_change("partnership/p-1").at("ended").is_null());
    CHECK(folded.last_change("programme") == json::parse(R"({"partnerships":{"ended":null,"active":1}})"));
    CHECK(folded.rows("partnerships/all")[0].at("status") == "active");
}

TEST_CASE("the towns of partnerships are those of the register, and follow it", "[partnership][towns]") {
    History history = History::with_partnership();
    history.record("municipality/PL_1", "municipality.registered",
                   R"({"name":"Łódź","country":"PL","scheme":"gisco","code":"PL_1","source":"x"})");
    Folded folded(history);
    CHECK(folded.view("towns") == json::parse(R"({
        "UA32140010000049369":{"name":"Byshivska","name_local":"Бишівська","country":"UA","kind":"rural",
          "region":"Київська","lat_e5":5027000,"lon_e5":2992000,"population":14508,"population_year":2022},
        "HU_10719":{"name":"Bácsalmás","country":"HU"}})"));

    history.record("municipality/HU_10719", "municipality.corrected",
                   R"({"corrects":"e-1","reason":"Counted","population":6500,"population_year":2022})");
    folded.fold(history);
    CHECK(folded.last_change("towns") ==
          json::parse(R"({"HU_10719":{"population":6500,"population_year":2022}})"));
    history.record("municipality/HU_10719", "municipality.updated",
                   R"({"name":"Bácsalmás","country":"HU","scheme":"gisco","code":"HU_10719","source":"x"})");
    folded.fold(history);
    CHECK(folded.last_change("towns") ==
          json::parse(R"({"HU_10719":{"population":null,"population_year":null}})"));
}

} // namespace mosty::test
