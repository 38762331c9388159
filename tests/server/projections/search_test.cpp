#include "folded.hpp"
#include "server/projections/past.hpp"
#include "server/projections/search_words.hpp"

#include <fmt/format.h>

#include <set>

namespace mosty::test {

using projections::search_municipalities;
using projections::search_words;
using Words = std::vector<std::string>;

TEST_CASE("words of both scripts, with and without marks, are the same", "[search]") {
    CHECK(search_words("Бишів") == Words{"byshiv"});
    CHECK(search_words("Byshiv") == Words{"byshiv"});
    CHECK(search_words("Згурівка") == search_words("Zghurivka"));
    CHECK(search_words("ЗГУРІВКА") == search_words("Zghurivka"));
    CHECK(search_words("Знам'янка") == Words{"znamianka"});
    CHECK(search_words("Знам’янка") == search_words("Знамʼянка"));
    CHECK(search_words("Йосипівка") == search_words("И\u0306осипівка"));
    CHECK(search_words("Łódź") == Words{"lodz"});
    CHECK(search_words("Bácsalmás") == Words{"bacsalmas"});
    CHECK(search_words("Đakovo Øyer Ærø Œuilly Groß Ħamrun Þingeyjar Ísafjörður") ==
          Words{"dakovo", "oyer", "aero", "oeuilly", "gross", "hamrun", "thingeyjar", "isafjordur"});
    CHECK(search_words("L'Haÿ-les-Roses (Val) 94240") == Words{"lhay", "les", "roses", "val", "94240"});
    CHECK(search_words("HU_10719") == Words{"hu_10719"});
    CHECK(search_words("Αθήνα") == search_words("ΑΘΗΝΑ"));
    CHECK(search_words(" -, ").empty());
    CHECK(search_words("").empty());
}

namespace {

void register_town(History& history, std::string_view id, std::string_view name, std::string_view country,
                   std::string_view name_local = {}) {
    const std::string local = name_local.empty() ? "" : fmt::format(R"("name_local":"{}",)", name_local);
    history.record(fmt::format("municipality/{}", id), "municipality.registered",
                   fmt::format(R"({{"name":"{}",{}"country":"{}","scheme":"{}","code":"{}","source":"x"}})",
                               name, local, country, country == "UA" ? "katottg" : "gisco", id));
}

History towns() {
    History history;
    register_town(history, "UA32140010000049369", "Byshiv", "UA", "Бишів");
    register_town(history, "UA59060000000000001", "Byshkiv", "UA", "Бишків");
    register_town(history, "UA32020000000000002", "Bila Tserkva", "UA", "Біла Церква");
    register_town(history, "HU_10719", "Bácsalmás", "HU");
    register_town(history, "PL_1061", "Łódź", "PL");
    register_town(history, "PL_2", "Biała Podlaska", "PL");
    register_town(history, "HU_3", "Byshivfalva Byshivháza", "HU");
    return history;
}

std::vector<std::string> found(Folded& folded, std::string_view text, std::string_view country = {}) {
    const auto page = search_municipalities(*folded.store.snapshot(), text, country, {}, 100).value();
    std::vector<std::string> names;
    for (const std::string& row : page.rows)
        names.emplace_back(json::parse(row).at("name").as_string());
    REQUIRE(page.total == names.size());
    return names;
}

} // namespace

TEST_CASE("a search finds towns by the beginnings of words in either script", "[search]") {
    Folded folded(towns());
    const Words byshiv{"Byshiv", "Byshivfalva Byshivháza"};
    CHECK(found(folded, "бишів") == byshiv);
    CHECK(found(folded, "Byshiv") == byshiv);
    CHECK(found(folded, "byshi") == byshiv);
    CHECK(found(folded, "бишк") == Words{"Byshkiv"});
    CHECK(found(folded, "UA3214") == Words{"Byshiv"});
    CHECK(found(folded, "hu_107") == Words{"Bácsalmás"});
    CHECK(found(folded, "Bacsalmas") == Words{"Bácsalmás"});
    CHECK(found(folded, "lodz") == Words{"Łódź"});
    CHECK(found(folded, "Церква") == Words{"Bila Tserkva"});
    CHECK(found(folded, "bi po") == Words{"Biała Podlaska"});
    CHECK(found(folded, "bi xx").empty());
    CHECK(found(folded, "ishiv").empty());
}

TEST_CASE("a search can be of one country, and without words lists it by name", "[search]") {
    Folded folded(towns());
    CHECK(found(folded, "byshiv", "HU") == Words{"Byshivfalva Byshivháza"});
    CHECK(found(folded, "", "HU") == Words{"Bácsalmás", "Byshivfalva Byshivháza"});
    CHECK(found(folded, "--", "PL") == Words{"Biała Podlaska", "Łódź"});
    CHECK(found(folded, "", "MT").empty());
    CHECK(found(folded, "").size() == 7);
}

TEST_CASE("the pages of a search give every town once", "[search]") {
    History history = towns();
    for (int i = 0; i < 50; ++i)
        register_town(history, fmt::format("FR_{}", i), fmt::format("Saint-{} sur Saint-Mer", i), "FR");
    Folded folded(history);
    std::set<std::string> seen;
    std::string next;
    int pages = 0;
    do {
        const auto page = search_municipalities(*folded.store.snapshot(), "saint", {}, next, 7).value();
        CHECK(page.total == 50);
        for (const std::string& row : page.rows)
            CHECK(seen.insert(std::string(json::parse(row).at("id").as_string())).second);
        next = page.next;
        ++pages;
    } while (!next.empty());
    CHECK(seen.size() == 50);
    CHECK(pages == 8);
    const auto nonsense = search_municipalities(*folded.store.snapshot(), "saint", {}, "xyz", 7).value();
    CHECK(nonsense.rows.size() == 7);
}

TEST_CASE("without words and country the pages give all towns by country and name", "[search]") {
    Folded folded(towns());
    Words names;
    std::string next;
    do {
        const auto page = search_municipalities(*folded.store.snapshot(), "", "", next, 2).value();
        CHECK(page.total == 7);
        for (const std::string& row : page.rows)
            names.emplace_back(json::parse(row).at("name").as_string());
        next = page.next;
    } while (!next.empty());
    CHECK(names == Words{"Bácsalmás", "Byshivfalva Byshivháza", "Biała Podlaska", "Łódź", "Bila Tserkva",
                         "Byshiv", "Byshkiv"});
}

TEST_CASE("a town is found by its new name and no more by the old", "[search]") {
    History history = towns();
    history.record("municipality/HU_10719", "municipality.corrected",
                   R"({"corrects":"e-3","reason":"A wrong name","name":"Baja"})");
    history.record("municipality/PL_1061", "municipality.updated",
                   R"({"name":"Lodz City","country":"PL","scheme":"gisco","code":"PL_1061","source":"x"})");
    Folded folded(history);
    CHECK(found(folded, "bacsalmas").empty());
    CHECK(found(folded, "baja") == Words{"Baja"});
    CHECK(found(folded, "city") == Words{"Lodz City"});
    CHECK(found(folded, "", "HU") == Words{"Baja", "Byshivfalva Byshivháza"});
}

} // namespace mosty::test
