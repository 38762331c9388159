#include "folded.hpp"

#include <fmt/format.h>

namespace mosty::test {

namespace {

constexpr std::string_view plan =
    R"({"partnership":"p-1","ua":"UA32140010000049369","eu":"HU_10719","title":"Waterworks","host":"eu",)"
    R"("kind":"study_visit","from":"2024-05-13","to":"2024-05-15","place":"Baja","by":"ua"})";

History planned() {
    History history = History::with_partnership();
    history.record("visit/v-1", "visit.planned", plan);
    return history;
}

const json::object& first_row(const json::array& rows) {
    return rows.at(0).as_object();
}

} // namespace

TEST_CASE("a planned visit has its view, its rows and is counted", "[visit]") {
    Folded folded(planned());
    CHECK(folded.view("visit/v-1") == json::parse(fmt::format(R"({{"id":"v-1","revision":1,
        "created":{{"at":"{0}","actor":"u-ana","position":4}},"changed":{{"at":"{0}","actor":"u-ana","position":4}},
        "partnership":"p-1","ua":"UA32140010000049369","eu":"HU_10719","title":"Waterworks","host":"eu",
        "kind":"study_visit","from":"2024-05-13","to":"2024-05-15","place":"Baja","by":"ua","status":"planned",
        "confirmed":{{"ua":{{"at":"{0}","actor":"u-ana"}}}},
        "facts":{{"e-4":{{"order":4,"type":"visit.planned","at":"{0}","actor":"u-ana","data":{1}}}}}}})",
                                                              at(4), plan)));
    const auto row =
        json::parse(fmt::format(R"({{"size":5,"id":"v-1","order":"0000000000000004","partnership":"p-1",
        "ua":"UA32140010000049369","eu":"HU_10719","title":"Waterworks","host":"eu","kind":"study_visit",
        "from":"2024-05-13","to":"2024-05-15","place":"Baja","status":"planned","confirmed":["ua"],"by":"ua",
        "at":"{}"}})",
                                at(4)));
    CHECK(folded.last_change("visits/HU_10719") == row);
    CHECK(folded.last_change("visits/UA32140010000049369") == row);
    CHECK(folded.rows("visits/all") == json::array{row});
    CHECK(first_row(folded.rows("partnerships/all")).at("visits") == 1);
    CHECK(first_row(folded.rows("partnerships/all")).at("size") == 5);
    CHECK(folded.last_change("partnerships/HU_10719").at("visits") == 1);
    CHECK(folded.last_change("programme") == json::parse(R"({"visits":{"planned":1}})"));
}

TEST_CASE("both sides confirm, a postponement voids that until they confirm again", "[visit]") {
    History history = planned();
    history.record("visit/v-1", "visit.confirmed", R"({"side":"eu"})", "u-bela");
    Folded folded(history);
    CHECK(folded.view("visit/v-1").at("status") == "confirmed");

    history.record("visit/v-1", "visit.postponed", R"({"from":"2024-09","reason":"No power"})", "u-bela");
    folded.fold(history);
    auto view = folded.view("visit/v-1").as_object();
    CHECK(view.at("status") == "postponed");
    CHECK(view.at("confirmed") == json::object());
    CHECK(view.at("from") == "2024-09");
    CHECK_FALSE(view.contains("to"));
    CHECK(view.at("postponed") ==
          json::parse(fmt::format(R"({{"reason":"No power","at":"{}","actor":"u-bela"}})", at(6))));
    CHECK(first_row(folded.rows("visits/all")).at("confirmed") == json::array());

    history.record("visit/v-1", "visit.confirmed", R"({"side":"ua"})");
    history.record("visit/v-1", "visit.confirmed", R"({"side":"eu"})", "u-bela");
    folded.fold(history);
    view = folded.view("visit/v-1").as_object();
    CHECK(view.at("status") == "confirmed");
    CHECK_FALSE(view.contains("postponed"));
}

TEST_CASE("a visit postponed until further notice has no date", "[visit]") {
    History history = planned();
    history.record("visit/v-1", "visit.postponed", R"({"reason":"No power"})");
    Folded folded(history);
    const auto view = folded.view("visit/v-1").as_object();
    CHECK_FALSE(view.contains("from"));
    CHECK_FALSE(view.contains("to"));
}

TEST_CASE("a visit is cancelled with its reason", "[visit]") {
    History history = planned();
    history.record("visit/v-1", "visit.cancelled", R"({"reason":"No power"})");
    Folded folded(history);
    CHECK(folded.view("visit/v-1").at("status") == "cancelled");
    CHECK(folded.view("visit/v-1").at("cancelled").at("reason") == "No power");
}

TEST_CASE("a visit held and reported is the partnership's last contact", "[visit]") {
    History history = planned();
    history.record("visit/v-1", "visit.held",
                   R"({"from":"2024-05-13","to":"2024-05-16","participants_ua":6,"participants_eu":9})");
    history.record("visit/v-1", "visit.reported", R"({"summary":"Good","lessons":["One","Two"]})");
    history.record("visit/v-2", "visit.planned", plan);
    history.record("visit/v-2", "visit.held", R"({"from":"2024-05"})");
    Folded folded(history);
    const auto view = folded.view("visit/v-1");
    CHECK(view.at("status") == "reported");
    CHECK(view.at("to") == "2024-05-16");
    CHECK(view.at("held") ==
          json::parse(fmt::format(R"({{"from":"2024-05-13","to":"2024-05-16","participants_ua":6,
            "participants_eu":9,"at":"{}","actor":"u-ana"}})",
                                  at(5))));
    CHECK(view.at("report") ==
          json::parse(fmt::format(R"({{"summary":"Good","lessons":["One","Two"],"at":"{}","actor":"u-ana"}})",
                                  at(6))));
    const auto partnership = first_row(folded.rows("partnerships/all"));
    CHECK(partnership.at("visits") == 2);
    CHECK(partnership.at("last_contact") == "2024-05-16");
    CHECK(partnership.at("at") == json::value(at(3)));
}

TEST_CASE("corrected and retracted visits correct the last contact", "[visit][correction]") {
    History history = planned();
    history.record("visit/v-1", "visit.held", R"({"from":"2024-05-13","to":"2024-05-16"})");
    history.record("visit/v-1", "visit.corrected",
                   R"({"corrects":"e-5","reason":"A day more","to":"2024-05-17","participants_ua":5})");
    Folded folded(history);
    CHECK(first_row(folded.rows("partnerships/all")).at("last_contact") == "2024-05-17");
    CHECK(folded.view("visit/v-1").at("held").at("participants_ua") == 5);

    history.record("visit/v-1", "visit.corrected",
                   R"({"corrects":"e-5","reason":"It was another","retracted":true})");
    folded.fold(history);
    const auto view = folded.view("visit/v-1").as_object();
    CHECK(view.at("status") == "planned");
    CHECK_FALSE(view.contains("held"));
    CHECK(view.at("to") == "2024-05-15");
    CHECK(view.at("confirmed").as_object().contains("ua"));
    CHECK_FALSE(first_row(folded.rows("partnerships/all")).contains("last_contact"));
    CHECK(folded.last_change("programme") == json::parse(R"({"visits":{"held":null,"planned":1}})"));
}

} // namespace mosty::test
