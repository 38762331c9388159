#include "folded.hpp"
#include "server/projections/past.hpp"

#include <fmt/format.h>

namespace mosty::test {

TEST_CASE("a municipality's row is the register's without its source", "[municipality]") {
    Folded folded(History::with_partnership());
    CHECK(folded.rows("municipalities") == json::parse(R"([
        {"size":2,"id":"HU_10719","order":"0000000000000001","fact":"e-1","name":"Bácsalmás","country":"HU",
         "scheme":"gisco","code":"HU_10719"},
        {"size":1,"id":"UA32140010000049369","order":"0000000000000000","fact":"e-0","name":"Byshivska",
         "name_local":"Бишівська","country":"UA","scheme":"katottg","code":"UA32140010000049369","kind":"rural",
         "region":"Київська","lat_e5":5027000,"lon_e5":2992000,"population":14508,"population_year":2022}])"));
    CHECK(folded.total("municipalities") == 2);
    CHECK(folded.view("programme").at("municipalities") == 2);
    CHECK(folded.rows("feed/all").size() == 2);
}

TEST_CASE("a new row of the register keeps the place of the old", "[municipality]") {
    History history = History::with_partnership();
    history.record("municipality/UA32140010000049369", "municipality.updated",
                   R"({"name":"Byshiv","country":"UA","scheme":"none","source":"x"})");
    Folded folded(history);
    CHECK(folded.rows("municipalities")[1] ==
          json::parse(R"({"size":5,"id":"UA32140010000049369","order":"0000000000000000","fact":"e-4",
            "name":"Byshiv","country":"UA","scheme":"none"})"));
    CHECK(folded.last_change("municipalities").at("name") == "Byshiv");
    CHECK(folded.total("municipalities") == 2);
    CHECK(folded.last_change("feed/all").is_null());
}

TEST_CASE("a correction of a municipality is told in the feed of all", "[municipality]") {
    History history = History::with_partnership();
    history.record("municipality/HU_10719", "municipality.corrected",
                   R"({"corrects":"e-1","reason":"Counted","population":6500})", "u-cemr");
    Folded folded(history);
    CHECK(folded.rows("municipalities")[0].at("population") == 6500);
    CHECK(folded.last_change("feed/all") ==
          json::parse(fmt::format(R"({{"size":5,"id":"e-4","order":"0000000000000004","position":4,
            "type":"municipality.corrected","stream":"municipality/HU_10719","actor":"u-cemr","at":"{}","event":"e-4",
            "data":{{"corrects":"e-1","reason":"Counted","population":6500}}}})",
                                  at(4))));
}

TEST_CASE("a correction of an older row of the register is history only", "[municipality]") {
    History history = History::with_partnership();
    history.record("municipality/HU_10719", "municipality.updated",
                   R"({"name":"Baja","country":"HU","scheme":"gisco","code":"HU_10719","source":"x"})");
    history.record("municipality/HU_10719", "municipality.corrected",
                   R"({"corrects":"e-1","reason":"Long ago","name":"Bácska"})");
    Folded folded(history);
    CHECK(folded.rows("municipalities")[0].at("name") == "Baja");
    CHECK(folded.last_change("municipalities").is_null());
    CHECK(folded.rows("feed/all")[0].at("type") == "municipality.corrected");
}

TEST_CASE("the directory names people, and feeds do not", "[person]") {
    History history;
    history.record("person/u-ana", "person.registered",
                   R"({"name":"Ана","organisation":"UA32140010000049369","role":"officer","language":"uk",)"
                   R"("invented":true})");
    history.record("person/u-ana", "person.corrected",
                   R"({"corrects":"e-0","reason":"Wedding","name":"Анна","role":"mayor"})");
    Folded folded(history);
    CHECK(folded.view("directory") == json::parse(R"({"u-ana":{"name":"Анна",
        "organisation":"UA32140010000049369","role":"mayor","invented":true}})"));
    CHECK(folded.last_change("directory") == json::parse(R"({"u-ana":{"name":"Анна","role":"mayor"}})"));
    CHECK(folded.rows("feed/all").size() == 1);
    CHECK(folded.last_change("feed/all").at("data") ==
          json::parse(R"({"corrects":"e-0","reason":"Wedding","role":"mayor"})"));
}

TEST_CASE("the directory tells roles, deputies and who has left; accounts it does not", "[person]") {
    History history;
    const auto profile =
        R"({"name":"Ана","organisation":"UA1","role":"officer","language":"uk","invented":true})";
    history.record("person/u-ana", "person.registered", profile);
    history.record("person/u-ana", "person.invited", R"({"invitation":"in-1","until":"2026-11-29"})");
    history.record("person/u-ana", "person.password_set", "{}");
    history.record("person/u-ana", "person.token_made",
                   R"({"token":"to-1","name":"n","scope":["read"],"until":"2026-11-29"})");
    {
        Folded folded(history);
        CHECK(
            folded.view("directory") ==
            json::parse(R"({"u-ana":{"name":"Ана","organisation":"UA1","role":"officer","invented":true}})"));
        CHECK(folded.rows("feed/all").empty());
    }
    history.record("person/u-ana", "person.role_changed",
                   R"({"organisation":"UA2","role":"mayor","reason":"elected"})");
    for (const auto* deputy : {"u-1", "u-2", "u-1"})
        history.record("person/u-ana", "person.deputy_appointed",
                       std::string(R"({"deputy":")") + deputy +
                           R"(","from":"2026-11-24","until":"2026-11-26"})");
    {
        Folded folded(history);
        CHECK(folded.view("directory") == json::parse(R"({"u-ana":{"name":"Ана","organisation":"UA2",
            "role":"mayor","invented":true,"deputies":[
            {"deputy":"u-2","from":"2026-11-24","until":"2026-11-26"},
            {"deputy":"u-1","from":"2026-11-24","until":"2026-11-26"}]}})"));
    }
    history.record("person/u-ana", "person.deputy_ended", R"({"deputy":"u-2"})");
    history.record("person/u-ana", "person.left", R"({"reason":"a private one"})");
    history.record("person/u-ana", "person.handed_over", R"({"to":"u-1","reason":"a private one"})");
    Folded folded(history);
    CHECK(folded.view("directory") == json::parse(R"({"u-ana":{"name":"Ана","organisation":"UA2",
        "role":"mayor","invented":true,"left":true,"successor":"u-1"}})"));
    CHECK(folded.rows("feed/all")[0].at("data") == json::parse(R"({"to":"u-1"})"));
    CHECK(folded.rows("feed/all")[1].at("data") == json::object{});
}

} // namespace mosty::test
