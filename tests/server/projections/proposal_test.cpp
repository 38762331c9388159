#include "folded.hpp"

#include <fmt/format.h>

namespace mosty::test {

namespace {

const std::string stream = "proposal/pr-1";

History drafted() {
    History history = History::with_partnership();
    history.record(stream, "proposal.drafted",
                   R"({"partnership":"p-1","title":"Clean water","lead":"ua",)"
                   R"("partners":["UA32140010000049369","HU_10719"],"sectors":["water_supply"]})");
    return history;
}

void set_line(History& history, std::string_view line, std::int64_t amount, std::string_view currency,
              bool invented = false) {
    history.record(
        stream, "proposal.budget_line_set",
        fmt::format(R"({{"line":"{}","category":"equipment","partner":"HU_10719","description":"Pump",)"
                    R"("amount":{},"currency":"{}","invented":{}}})",
                    line, amount, currency, invented));
}

void set_source(History& history, std::string_view source, std::int64_t amount, std::string_view currency,
                std::string_view status) {
    history.record(
        stream, "proposal.funding_source_set",
        fmt::format(R"({{"source":"{}","name":"Own","kind":"own","partner":"HU_10719","amount":{},)"
                    R"("currency":"{}","status":"{}","invented":false}})",
                    source, amount, currency, status));
}

json::object view_of(Folded& folded) {
    return folded.view(stream).as_object();
}

constexpr std::string_view every_section =
    R"("objective","needs","target_groups","partnership","activities","results","risks","sustainability")";

// What a proposal without any text lacks.
json::value missing_with(std::string_view others) {
    return json::parse(fmt::format("[{},{}]", others, every_section));
}

json::object row_of(Folded& folded) {
    return folded.rows("proposals/all").at(0).as_object();
}

} // namespace

TEST_CASE("a drafted proposal has its view, its row and is counted", "[proposal]") {
    Folded folded(drafted());
    CHECK(folded.view(stream) == json::parse(fmt::format(R"({{"id":"pr-1","revision":1,
        "created":{{"at":"{0}","actor":"u-ana","position":4}},"changed":{{"at":"{0}","actor":"u-ana","position":4}},
        "partnership":"p-1","ua":"UA32140010000049369","eu":"HU_10719","lead":"ua","title":"Clean water",
        "sectors":["water_supply"],"status":"draft","locked":false,
        "partners":{{"UA32140010000049369":{{"order":0,"side":"ua"}},"HU_10719":{{"order":1,"side":"eu"}}}},
        "budget":{{}},"sources":{{}},"indicators":{{}},"totals":{{}},"missing":["summary","budget",{1}],
        "facts":{{"e-4":{{"order":4,"type":"proposal.drafted","at":"{0}","actor":"u-ana","data":{{
            "partnership":"p-1","title":"Clean water","lead":"ua","partners":["UA32140010000049369","HU_10719"],
            "sectors":["water_supply"]}}}}}}}})",
                                                         at(4), every_section)));
    const auto row =
        json::parse(fmt::format(R"({{"size":5,"id":"pr-1","order":"0000000000000004","partnership":"p-1",
        "ua":"UA32140010000049369","eu":"HU_10719","title":"Clean water","lead":"ua","status":"draft",
        "sectors":["water_supply"],"approved":[],"totals":{{}},"invented":false,"at":"{}","actor":"u-ana",
        "revision":1}})",
                                at(4)));
    CHECK(folded.rows("proposals/all") == json::array{row});
    CHECK(folded.last_change("proposals/HU_10719") == row);
    CHECK(folded.last_change("partnerships/all").at("proposals") == 1);
    CHECK(folded.last_change("programme") == json::parse(R"({"proposals":{"draft":1}})"));
}

TEST_CASE("an edit patches what it says and no more", "[proposal]") {
    History history = drafted();
    history.record(stream, "proposal.edited", R"({"title":"Cleaner water","summary":"For all"})", "u-bela");
    Folded folded(history);
    CHECK(folded.last_change(stream) ==
          json::parse(fmt::format(
              R"({{"revision":2,"changed":{{"at":"{}","actor":"u-bela","position":5}},
            "title":"Cleaner water","summary":"For all","missing":["budget",{}]}})",
              at(5), every_section)));
    CHECK(folded.last_change("proposals/HU_10719").at("title") == "Cleaner water");
    CHECK(folded.last_change("programme").is_null());
    CHECK(folded.last_change("partnerships/all").is_null());

    history.record(stream, "proposal.edited", R"({"summary":"For everybody"})", "u-bela");
    folded.fold(history);
    CHECK(folded.last_change(stream) ==
          json::parse(fmt::format(
              R"({{"revision":3,"changed":{{"at":"{}","position":6}},"summary":"For everybody"}})", at(6))));
    CHECK(row_of(folded).at("revision") == 3);

    history.record(stream, "proposal.edited", R"({"sectors":["energy"],"cleared":["summary"]})");
    folded.fold(history);
    CHECK_FALSE(view_of(folded).contains("summary"));
    CHECK(view_of(folded).at("missing") == missing_with(R"("summary","budget")"));
    CHECK(row_of(folded).at("sectors") == json::array({"energy"}));
}

TEST_CASE("totals follow the budget and the funding in each currency", "[proposal]") {
    History history = drafted();
    set_line(history, "l-1", 1'000, "EUR");
    set_line(history, "l-2", 500, "EUR");
    set_line(history, "l-3", 90, "HUF");
    set_source(history, "s-1", 400, "EUR", "planned");
    set_source(history, "s-2", 300, "EUR", "confirmed");
    set_source(history, "s-3", 100, "HUF", "confirmed");
    Folded folded(history);
    CHECK(view_of(folded).at("totals") ==
          json::parse(R"({"EUR":{"budget":1500,"funding":700,"confirmed":300,"gap":1200},)"
                      R"("HUF":{"budget":90,"funding":100,"confirmed":100,"gap":0}})"));
    CHECK(row_of(folded).at("totals") == view_of(folded).at("totals"));
    CHECK(view_of(folded).at("missing") == missing_with(R"("summary")"));

    set_source(history, "s-1", 450, "EUR", "confirmed");
    set_line(history, "l-3", 90, "EUR");
    history.record(stream, "proposal.budget_line_removed", R"({"line":"l-2"})");
    history.record(stream, "proposal.funding_source_removed", R"({"source":"s-3"})");
    folded.fold(history);
    CHECK(view_of(folded).at("totals") ==
          json::parse(R"({"EUR":{"budget":1090,"funding":750,"confirmed":750,"gap":340}})"));
    CHECK(folded.last_change(stream).at("totals") == json::parse(R"({"HUF":null})"));
    CHECK(folded.last_change(stream).at("sources") == json::parse(R"({"s-3":null})"));
}

TEST_CASE("a line keeps its order when it is set again", "[proposal]") {
    History history = drafted();
    set_line(history, "l-1", 1'000, "EUR");
    set_line(history, "l-2", 1, "EUR");
    set_line(history, "l-1", 2'000, "EUR");
    Folded folded(history);
    CHECK(view_of(folded).at("budget").at("l-1") ==
          json::parse(
              fmt::format(R"({{"order":5,"category":"equipment","partner":"HU_10719","description":"Pump",
            "amount":2000,"currency":"EUR","invented":false,"at":"{}","actor":"u-ana"}})",
                          at(7))));
    CHECK(folded.last_change(stream).at("budget") ==
          json::parse(fmt::format(R"({{"l-1":{{"amount":2000,"at":"{}"}}}})", at(7))));
}

TEST_CASE("a source that loses its partner loses the member", "[proposal]") {
    History history = drafted();
    set_source(history, "s-1", 400, "EUR", "planned");
    history.record(
        stream, "proposal.funding_source_set",
        R"({"source":"s-1","name":"EU","kind":"grant","amount":400,"currency":"EUR","status":"asked",)"
        R"("invented":false})");
    Folded folded(history);
    CHECK(folded.last_change(stream).at("sources").at("s-1").at("partner").is_null());
    CHECK(view_of(folded).at("sources").at("s-1") ==
          json::parse(fmt::format(R"({{"order":5,"name":"EU","kind":"grant","amount":400,"currency":"EUR",
            "status":"asked","invented":false,"at":"{}","actor":"u-ana"}})",
                                  at(6))));
}

TEST_CASE("an indicator is set and removed", "[proposal]") {
    History history = drafted();
    history.record(stream, "proposal.indicator_set",
                   R"({"indicator":"i-1","name":"Households served","unit":"%","baseline":11,"target":60,)"
                   R"("baseline_on":"2023","source":"The town","invented":true})");
    Folded folded(history);
    CHECK(view_of(folded).at("indicators").at("i-1") ==
          json::parse(
              fmt::format(R"({{"order":5,"name":"Households served","unit":"%","baseline":11,"target":60,
            "baseline_on":"2023","source":"The town","invented":true,"at":"{}","actor":"u-ana"}})",
                          at(5))));
    CHECK(row_of(folded).at("invented") == true);
    history.record(stream, "proposal.indicator_removed", R"({"indicator":"i-1"})");
    folded.fold(history);
    CHECK(view_of(folded).at("indicators") == json::object());
    CHECK(row_of(folded).at("invented") == false);
}

TEST_CASE("a row says that a figure is invented as long as one is", "[proposal]") {
    History history = drafted();
    set_line(history, "l-1", 10, "EUR", true);
    set_line(history, "l-2", 10, "EUR", true);
    set_line(history, "l-1", 10, "EUR", false);
    Folded folded(history);
    CHECK(row_of(folded).at("invented") == true);
    set_line(history, "l-2", 10, "EUR", false);
    folded.fold(history);
    CHECK(row_of(folded).at("invented") == false);
}

TEST_CASE("a third partner sees the proposal's row and feed while it is one", "[proposal]") {
    History history = drafted();
    history.record("municipality/PL_1", "municipality.registered",
                   R"({"name":"Łódź","country":"PL","scheme":"gisco","code":"PL_1","source":"x"})");
    history.record(stream, "proposal.partner_added", R"({"municipality":"PL_1"})");
    Folded folded(history);
    CHECK(view_of(folded).at("partners").at("PL_1") == json::parse(R"({"order":6,"side":"eu"})"));
    CHECK(folded.rows("proposals/PL_1") == folded.rows("proposals/all"));
    CHECK(folded.total("proposals/PL_1") == 1);
    CHECK(folded.rows("feed/PL_1").size() == 1);
    const auto audience = folded.projector.audience(stream).value();
    REQUIRE(audience.has_value());
    CHECK(audience->ua == "UA32140010000049369");
    CHECK(audience->eu == "HU_10719");
    CHECK(audience->partners == std::vector<std::string>{"UA32140010000049369", "HU_10719", "PL_1"});

    history.record(stream, "proposal.partner_removed", R"({"municipality":"PL_1"})");
    folded.fold(history);
    CHECK_FALSE(view_of(folded).at("partners").as_object().contains("PL_1"));
    CHECK(folded.rows("proposals/PL_1").empty());
    CHECK(folded.total("proposals/PL_1") == 0);
    CHECK(folded.rows("feed/PL_1").size() == 2);
    CHECK(folded.last_change("proposals/PL_1") == "pr-1");
    for (const auto& change : folded.changes)
        if (change.topic == "proposals/PL_1")
            CHECK(change.kind == projections::Change::Kind::removal);

    history.record(stream, "proposal.edited", R"({"title":"Without Łódź"})");
    folded.fold(history);
    CHECK(folded.last_change("feed/PL_1").is_null());
    CHECK(folded.last_change("proposals/PL_1").is_null());
}

namespace {

History asked() {
    History history = drafted();
    set_line(history, "l-1", 10, "EUR");
    history.record(stream, "proposal.approval_asked",
                   R"({"version":1,"content_revision":2,"content_hash":")" + std::string(64, 'a') +
                       R"(","by":"ua"})");
    return history;
}

} // namespace

TEST_CASE("asking for approval locks, both approvals approve, submission freezes", "[proposal]") {
    History history = asked();
    Folded folded(history);
    CHECK(view_of(folded).at("locked") == true);
    CHECK(view_of(folded).at("status") == "in_approval");
    CHECK(view_of(folded).at("approval") ==
          json::parse(fmt::format(R"({{"version":1,"asked_by":"u-ana","asked_side":"ua","at":"{}",
            "content_hash":"{}","approved":{{}}}})",
                                  at(6), std::string(64, 'a'))));
    CHECK(row_of(folded).at("version") == 1);
    CHECK(row_of(folded).at("asked_side") == "ua");

    history.record(stream, "proposal.approved", R"({"version":1,"side":"eu"})", "u-mayor");
    folded.fold(history);
    CHECK(row_of(folded).at("approved") == json::array({"eu"}));
    CHECK(view_of(folded).at("status") == "in_approval");
    history.record(stream, "proposal.approved", R"({"version":1,"side":"ua"})");
    folded.fold(history);
    CHECK(view_of(folded).at("status") == "approved");
    CHECK(row_of(folded).at("approved") == json::array({"ua", "eu"}));
    CHECK(view_of(folded).at("approval").at("approved").at("eu") ==
          json::parse(fmt::format(R"({{"at":"{}","actor":"u-mayor"}})", at(7))));

    history.record(stream, "proposal.submitted",
                   R"({"version":1,"funder":"Interreg","on":"2026-11-20","reference":"X-1"})");
    folded.fold(history);
    CHECK(view_of(folded).at("status") == "submitted");
    CHECK(view_of(folded).at("submission") ==
          json::parse(fmt::format(R"({{"version":1,"funder":"Interreg","on":"2026-11-20","reference":"X-1",
            "at":"{}","actor":"u-ana"}})",
                                  at(9))));
    history.record(stream, "proposal.answered", R"({"answer":"more_information","on":"2026-11-21"})");
    folded.fold(history);
    CHECK(view_of(folded).at("status") == "submitted");
    history.record(stream, "proposal.answered",
                   R"({"answer":"granted","on":"2026-11-22","amount":5,"currency":"EUR","note":"Less"})");
    folded.fold(history);
    CHECK(view_of(folded).at("status") == "granted");
    CHECK(view_of(folded).at("locked") == true);
    CHECK(view_of(folded).at("answer") ==
          json::parse(fmt::format(R"({{"answer":"granted","on":"2026-11-22","amount":5,"currency":"EUR",
            "note":"Less","at":"{}","actor":"u-ana"}})",
                                  at(11))));
    CHECK(folded.view("programme").at("proposals") == json::parse(R"({"granted":1})"));
}

TEST_CASE("returning and withdrawing unlock and void the approvals", "[proposal]") {
    History history = asked();
    history.record(stream, "proposal.approved", R"({"version":1,"side":"ua"})");
    history.record(stream, "proposal.returned", R"({"version":1,"side":"eu","reason":"Too dear"})",
                   "u-mayor");
    Folded folded(history);
    CHECK(view_of(folded).at("locked") == false);
    CHECK_FALSE(view_of(folded).contains("approval"));
    CHECK(view_of(folded).at("returned") ==
          json::parse(fmt::format(
              R"({{"version":1,"side":"eu","reason":"Too dear","at":"{}","actor":"u-mayor"}})", at(8))));
    CHECK_FALSE(row_of(folded).contains("version"));
    CHECK(row_of(folded).at("approved") == json::array());

    history.record(stream, "proposal.approval_asked",
                   R"({"version":2,"content_revision":2,"content_hash":")" + std::string(64, 'b') +
                       R"(","by":"eu"})");
    folded.fold(history);
    CHECK_FALSE(view_of(folded).contains("returned"));
    history.record(stream, "proposal.approval_withdrawn", R"({"version":2,"reason":"A slip"})");
    folded.fold(history);
    CHECK(view_of(folded).at("status") == "draft");
    CHECK_FALSE(view_of(folded).contains("approval"));
}

TEST_CASE("taking back a return restores the approvals that stood", "[proposal][correction]") {
    History history = asked();
    history.record(stream, "proposal.approved", R"({"version":1,"side":"ua"})");
    history.record(stream, "proposal.returned", R"({"version":1,"side":"eu","reason":"Too dear"})");
    history.record(stream, "proposal.corrected",
                   R"({"corrects":"e-8","reason":"The wrong proposal","retracted":true})");
    history.record(stream, "proposal.corrected", R"({"corrects":"e-4","reason":"We agreed so","lead":"eu"})");
    Folded folded(history);
    CHECK(view_of(folded).at("status") == "in_approval");
    CHECK(view_of(folded).at("approval").at("approved").as_object().contains("ua"));
    CHECK_FALSE(view_of(folded).contains("returned"));
    CHECK(row_of(folded).at("approved") == json::array({"ua"}));
    CHECK(row_of(folded).at("lead") == "eu");
}

} // namespace mosty::test
