#include "domain/base/money.hpp"
#include "domain/base/partial_date.hpp"
#include "domain/base/text.hpp"
#include "domain/base/transliterate.hpp"

#include <catch2/catch.hpp>

using namespace mosty;
using namespace std::string_view_literals;

TEST_CASE("a partial date reads as it is written", "[base]") {
    for (const char* text : {"1900", "2023", "2023-06", "2023-06-19", "2024-02-29", "2199-12-31"}) {
        const auto date = parse_partial_date(text);
        REQUIRE(date.has_value());
        REQUIRE(to_string(*date) == text);
    }
    for (const char* text : {"", "1899", "2200", "23", "2023-", "2023-00", "2023-13", "2023-6", "2023-02-29",
                             "2023-04-31", "2023-06-00", "2023/06", "2023-06/19", "2023-06-1a", " 2023"})
        REQUIRE_FALSE(parse_partial_date(text).has_value());
}

TEST_CASE("a partial date spans the days that it may mean", "[base]") {
    REQUIRE(to_string(earliest_day({2024, 2, 0})) == "2024-02-01");
    REQUIRE(to_string(latest_day({2024, 2, 0})) == "2024-02-29");
    REQUIRE(to_string(latest_day({2023, 0, 0})) == "2023-12-31");
    REQUIRE_FALSE(is_after({2026, 0, 0}, {2026, 11, 22}));
    REQUIRE(is_after({2026, 12, 0}, {2026, 11, 22}));
    REQUIRE_FALSE(ends_before_it_starts({2026, 11, 22}, {2026, 0, 0}));
    REQUIRE(ends_before_it_starts({2026, 11, 22}, {2026, 10, 0}));
}

TEST_CASE("currencies are those of ISO 4217, in capitals", "[base]") {
    REQUIRE(parse_currency("UAH")->code() == "UAH");
    for (const char* text : {"", "EU", "eur", "EURO", "XXX", "ZZZ"})
        REQUIRE_FALSE(parse_currency(text));
}

TEST_CASE("text is well-formed UTF-8 without controls and bidi overrides", "[base]") {
    REQUIRE_FALSE(find_text_fault("Міст\tз\nмостів 🌉").has_value());
    REQUIRE(find_text_fault("a\0b"sv) == TextFault::control_character);
    REQUIRE(find_text_fault("a\rb") == TextFault::control_character);
    REQUIRE(find_text_fault("a\u202Eb") == TextFault::bidi_override);
    REQUIRE(find_text_fault("a\u2066b") == TextFault::bidi_override);
    REQUIRE_FALSE(find_text_fault("a\u200Fb").has_value());
    for (const auto bytes : {"\xC0\x80"sv, "\xED\xA0\x80"sv, "\xF5\x80\x80\x80"sv, "\xE2\x82"sv, "\x80"sv,
                             "\xF0\x80\x80\x80"sv, "\xE0\x80\x80"sv, "\xF4\x90\x80\x80"sv}) {
        REQUIRE_FALSE(is_utf8(bytes));
        REQUIRE(find_text_fault(bytes) == TextFault::not_utf8);
    }
}

TEST_CASE("lengths count UTF-16 units, and trimming takes white space of any script", "[base]") {
    REQUIRE(utf16_length("Їжак") == 4);
    REQUIRE(utf16_length("🌉") == 2);
    REQUIRE(trimmed("\u00A0 \n міст \u3000\t") == "міст");
    REQUIRE(trimmed(" \u2003 ").empty());
    REQUIRE(trimmed("a b") == "a b");
}

TEST_CASE("an id has 1 to 64 letters, digits, hyphens and underscores", "[base]") {
    REQUIRE(is_id("UA32140010000049369"));
    REQUIRE(is_id("p-7_f"));
    REQUIRE(is_id(std::string(64, 'x')));
    for (const auto& text :
         {std::string(), std::string(65, 'x'), std::string("a/b"), std::string("a b"), std::string("ї")})
        REQUIRE_FALSE(is_id(text));
}

TEST_CASE("Ukrainian is transliterated by the official table", "[base]") {
    const std::pair<const char*, const char*> names[] = {
        {"Алушта", "Alushta"},
        {"Борщагівка", "Borshchahivka"},
        {"Вінниця", "Vinnytsia"},
        {"Гадяч", "Hadiach"},
        {"Ґалаґан", "Galagan"},
        {"Єнакієве", "Yenakiieve"},
        {"Житомир", "Zhytomyr"},
        {"Згурівка", "Zghurivka"},
        {"Розгон", "Rozghon"},
        {"Їжакевич", "Yizhakevych"},
        {"Кадиївка", "Kadyivka"},
        {"Йосипівка", "Yosypivka"},
        {"Стрий", "Stryi"},
        {"Щербухи", "Shcherbukhy"},
        {"Юрій", "Yurii"},
        {"Яготин", "Yahotyn"},
        {"Знам'янка", "Znamianka"},
        {"Знам’янка", "Znamianka"},
        {"Русь", "Rus"},
        {"Новий Білоус", "Novyi Bilous"},
        {"Івано-Єзупіль", "Ivano-Yezupil"},
        {"ЗГУРІВКА", "ZGHURIVKA"},
        {"ЩАСТЯ", "SHCHASTIA"},
        {"Byshiv № 5", "Byshiv № 5"},
        {"Кременчук 'місто'", "Kremenchuk 'misto'"},
    };
    for (const auto& [ukrainian, latin] : names)
        CHECK(transliterate_ukrainian(ukrainian) == latin);
}
