#include "domain/codec/command.hpp"
#include "server/tools/register_names.hpp"
#include "server/tools/register_rows.hpp"
#include "tests/server/register_shared_data.hpp"

#include <catch2/catch.hpp>
#include <simdjson.h>

#include <chrono>
#include <iostream>
#include <set>

using namespace mosty;
using namespace mosty::tools;

namespace {

constexpr auto hromadas_head = "katottg,name_uk,full_name_uk,type_uk,raion_uk,oblast_uk,centre_uk,lat,lon,"
                               "settlements,area_km2,population_2022\n";
constexpr auto eu_head = "gisco_id,country,nuts3,name,population_2020,area_km2,lat,lon\r\n";

struct Answers {
    std::vector<RegisterCommand> commands;
    std::vector<RowError> errors;
};

Answers read_all(std::string text) {
    auto reader = RegisterReader::open(bytes_of(std::move(text)));
    REQUIRE(reader.has_value());
    Answers answers;
    for (;;) {
        auto next = reader->next();
        if (!next) {
            answers.errors.push_back(next.error());
            if (next.error().ends_reading)
                return answers;
            continue;
        }
        if (!*next)
            return answers;
        answers.commands.push_back(**next);
    }
}

} // namespace

TEST_CASE("a hromada becomes a command with the name of its centre", "[register]") {
    const auto answers = read_all(
        std::string(hromadas_head) +
        "UA32140010000049369,Бишівська,Бишівська сільська громада,сільська,Фастівський,Київська,Бишів,"
        "50.266571,29.88693,15,279.5,6225\n");

    REQUIRE(answers.errors.empty());
    REQUIRE(answers.commands.size() == 1);
    const RegisterCommand& command = answers.commands[0];
    REQUIRE(command.line == 2);
    REQUIRE(command.stream == "municipality/UA32140010000049369");
    REQUIRE(
        command.data_json ==
        R"({"name":"Byshiv","name_local":"Бишівська сільська громада","country":"UA","scheme":"katottg",)"
        R"("code":"UA32140010000049369","kind":"rural","region":"Kyiv oblast","district":"Fastivskyi raion",)"
        R"("centre":"Бишів","lat_e5":5026657,"lon_e5":2988693,"area_ha":27950,"population":6225,)"
        R"("population_year":2022,"settlements":15,)"
        R"j("source":"KSE Local Data Hub, register of hromadas (kse-ua/KSE-Loc-Data-Hub)"})j");
}

TEST_CASE("a unit of the EU keeps its name, and what is missing stays out", "[register]") {
    const auto answers = read_all(
        std::string(eu_head) + "ES_20069,ES,ES212,Donostia / San Sebastián,188240,60.90,43.31447,-1.97204\r\n"
                               "FR_97801,FR,FRY10,Sain-Martin,,48.94,,\r\n");

    REQUIRE(answers.errors.empty());
    REQUIRE(answers.commands.size() == 2);
    REQUIRE(
        answers.commands[0].data_json ==
        R"({"name":"Donostia / San Sebastián","country":"ES","scheme":"gisco","code":"ES_20069",)"
        R"("region":"ES212","lat_e5":4331447,"lon_e5":-197204,"area_ha":6090,"population":188240,)"
        R"j("population_year":2020,"source":"Eurostat, local administrative units 2020 (EDJNet/lau_centres)"})j");
    REQUIRE(answers.commands[1].data_json ==
            R"({"name":"Sain-Martin","country":"FR","scheme":"gisco","code":"FR_97801","region":"FRY10",)"
            R"j("area_ha":4894,"source":"Eurostat, local administrative units 2020 (EDJNet/lau_centres)"})j");
}

TEST_CASE("Greek and Bulgarian names are transliterated and kept, and Greece has its ISO code",
          "[register]") {
    const auto answers =
        read_all(std::string(eu_head) + "EL_14020506,EL,EL531,Κοινότητα Αυγερινού,236,43.52,40.2,21.1\n"
                                        "BG_SHU30,BG,BG333,Търговище,1,1.00,43.2,26.5\n");

    REQUIRE(answers.commands.size() == 2);
    REQUIRE(answers.commands[0].stream == "municipality/EL_14020506");
    REQUIRE(answers.commands[0].data_json.starts_with(
        R"({"name":"Koinotita Avgerinou","name_local":"Κοινότητα Αυγερινού","country":"GR","scheme":"gisco",)"));
    REQUIRE(answers.commands[1].data_json.starts_with(R"({"name":"Targovishte","name_local":"Търговище",)"));
}

TEST_CASE("coordinates are rounded half away from zero", "[register]") {
    const auto answers = read_all(std::string(eu_head) + "XX_1,XX,,A,1,0.005,31.186015,-31.186015\n"
                                                         "XX_2,XX,,B,1,0.0049,31.1860149,-0\n");

    REQUIRE(answers.commands.size() == 2);
    REQUIRE(answers.commands[0].data_json.contains(R"("lat_e5":3118602,"lon_e5":-3118602,"area_ha":1,)"));
    REQUIRE(answers.commands[1].data_json.contains(R"("lat_e5":3118601,"lon_e5":0,"area_ha":0,)"));
}

TEST_CASE("bad rows are refused by line and reason, the others read", "[register]") {
    const auto answers =
        read_all(std::string(eu_head) + "AT_1,AT,AT1,Eisenstadt,about 9,42.47,47.8,16.5\n" // line 2
                                        "AT_2,AT,AT1,\"Two\nlines\",1,1,47.8,16.5\n"       // 3 and 4
                                        "AT_3,AT,AT1,Rust,1,1,97.8,16.5\n"                 // 5
                                        "AT_4,AT,AT1,Rust,1,1,47.8\n"                      // 6
                                        "AT_5,AT,AT1, ,1,1,47.8,16.5\n"                    // 7
                                        "AT_6,AT,AT1,Rust,1,-1,47.8,16.5\n"                // 8
                                        "AT_7,AT,AT1,Rust,1,1,,16.5\n"                     // 9
                                        ",AT,AT1,Rust,1,1,47.8,16.5\n"                     // 10
                                        "AT_8,AT,AT1,R\"ust,1,1,47.8,16.5\n"               // 11
                                        "AT_9,AT,AT1,R\xFFust,1,1,47.8,16.5\n"             // 12
                                        "AT_10,AT,AT1,Rust,1,1,47.8,16.5\n");              // 13

    std::vector<std::pair<std::uint64_t, std::string>> refused;
    for (const RowError& error : answers.errors)
        refused.emplace_back(error.line, error.reason);
    REQUIRE(refused == std::vector<std::pair<std::uint64_t, std::string>>{
                           {2, "the population is not a number"},
                           {5, "the coordinates are out of range"},
                           {6, "the row has 7 columns, not 8"},
                           {7, "the name is empty"},
                           {8, "the area is out of range"},
                           {9, "the coordinates are not two numbers"},
                           {10, "the code cannot be made an id"},
                           {11, "a quote stands inside a field that does not begin with one"},
                           {12, "the row holds bytes that are not text"},
                       });
    REQUIRE(answers.commands.size() == 2);
    REQUIRE(answers.commands[0].data_json.contains(R"("name":"Two lines")"));
    REQUIRE(answers.commands[1].line == 13);
}

TEST_CASE("a file that is no register is refused at its first line", "[register]") {
    for (const auto* text : {"", "a,b\n1,2\n", "\"never closed"}) {
        const auto reader = RegisterReader::open(bytes_of(text));
        REQUIRE_FALSE(reader.has_value());
        REQUIRE(reader.error().ends_reading);
        REQUIRE(reader.error().line == 1);
    }
}

TEST_CASE("the same row gives the same command id and another row another", "[register]") {
    const std::string row = "AT_1,AT,AT1,Rust,1980,20.12,47.8,16.5\n";
    const auto once = read_all(eu_head + row).commands.at(0);
    const auto again = read_all(eu_head + std::string("AT_2,AT,AT1,X,1,1,1,1\n") + row).commands.at(1);
    const auto other =
        read_all(std::string(eu_head) + "AT_1,AT,AT1,Rust,1981,20.12,47.8,16.5\n").commands.at(0);

    REQUIRE(once.id == again.id);
    REQUIRE(once.id != other.id);
    REQUIRE(once.id.starts_with("import-"));
    REQUIRE(once.id.size() == 39);
}

TEST_CASE("no two codes share an id", "[register]") {
    REQUIRE(municipality_id("UA32140010000049369") == "UA32140010000049369");
    REQUIRE(municipality_id("PT_01.2") == "PT_01-2E2");
    REQUIRE(municipality_id("PT_01-2E2") == "PT_01-2D2E2");
    REQUIRE(municipality_id("") == std::nullopt);
    REQUIRE(municipality_id(std::string(65, 'A')) == std::nullopt);
}

TEST_CASE("names of other scripts are written in Latin letters", "[register]") {
    REQUIRE(latin_from_greek("Μπέλαπαϊς") == "Belapais");
    REQUIRE(latin_from_greek("Αλάμπρα") == "Alampra");
    REQUIRE(latin_from_greek("Πάνω Δευτερά") == "Pano Deftera");
    REQUIRE(latin_from_greek("Αγλαγγιά") == "Aglangia");
    REQUIRE(latin_from_greek("Κοινότητα Άνω Ποροΐων") == "Koinotita Ano Poroion");
    REQUIRE(latin_from_greek("Θήβα (Χ)") == "Thiva (Ch)");
    REQUIRE(latin_from_bulgarian("Малко Търново") == "Malko Tarnovo");
    REQUIRE(latin_from_bulgarian("София") == "Sofia");
    REQUIRE(latin_from_bulgarian("Щръклево") == "Shtraklevo");
    REQUIRE(tidy_name(" Poiana  Ilvei ") == "Poiana Ilvei");
    REQUIRE(tidy_name("Bonn\xC2\x9Cil") == "Bonnœil");
}

TEST_CASE("every row of the real registers is a command", "[register][data]") {
    const auto data = shared_data();
    if (!data)
        return;

    const auto begin = std::chrono::steady_clock::now();
    simdjson::dom::parser parser;
    std::size_t commands = 0;
    std::set<std::string> streams;
    for (const auto* name : {"hromadas.csv", "eu-municipalities.csv.gz"}) {
        auto source = open_bytes(*data / name);
        REQUIRE(source.has_value());
        auto reader = RegisterReader::open(*source);
        REQUIRE(reader.has_value());
        for (;;) {
            const auto next = reader->next();
            if (!next)
                FAIL(name << " line " << next.error().line << ": " << next.error().reason);
            if (!*next)
                break;
            const RegisterCommand& row = **next;
            const auto command =
                codec::parse_command(RegisterCommand::name, parser.parse(row.data_json).value());
            if (!command)
                FAIL(name << " line " << row.line << ": " << command.error().sentence);
            streams.insert(row.stream);
            ++commands;
        }
    }
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    std::cout << "96,686 register rows read and parsed in " << taken.count() << " s\n";

    REQUIRE(commands == 96'686);
    REQUIRE(streams.size() == commands);
}
