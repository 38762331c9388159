#include "server/tools/register_rows.hpp"

#include "domain/base/text.hpp"
#include "domain/base/transliterate.hpp"
#include "server/sequencing/sha256.hpp"
#include "server/tools/register_names.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace mosty::tools {

namespace json = boost::json;
using namespace std::string_view_literals;

namespace {

constexpr std::array hromada_columns{
    "katottg"sv,   "name_uk"sv, "full_name_uk"sv, "type_uk"sv,     "raion_uk"sv, "oblast_uk"sv,
    "centre_uk"sv, "lat"sv,     "lon"sv,          "settlements"sv, "area_km2"sv, "population_2022"sv,
};
enum HromadaColumn {
    katottg,
    name_uk,
    full_name_uk,
    type_uk,
    raion_uk,
    oblast_uk,
    centre_uk,
    hromada_lat,
    hromada_lon,
    settlements,
    hromada_area,
    population_2022,
};

constexpr std::array eu_columns{
    "gisco_id"sv, "country"sv, "nuts3"sv, "name"sv, "population_2020"sv, "area_km2"sv, "lat"sv, "lon"sv,
};
enum EuColumn { gisco_id, country, nuts3, eu_name, population_2020, eu_area, eu_lat, eu_lon };

constexpr auto hromada_source = "KSE Local Data Hub, register of hromadas (kse-ua/KSE-Loc-Data-Hub)"sv;
constexpr auto eu_source = "Eurostat, local administrative units 2020 (EDJNet/lau_centres)"sv;

// The regions by their names in English; the register has the adjective.
constexpr std::array<std::pair<std::string_view, std::string_view>, 24> regions{{
    {"Вінницька", "Vinnytsia"},
    {"Волинська", "Volyn"},
    {"Дніпропетровська", "Dnipropetrovsk"},
    {"Донецька", "Donetsk"},
    {"Житомирська", "Zhytomyr"},
    {"Закарпатська", "Zakarpattia"},
    {"Запорізька", "Zaporizhzhia"},
    {"Івано-Франківська", "Ivano-Frankivsk"},
    {"Київська", "Kyiv"},
    {"Кіровоградська", "Kirovohrad"},
    {"Луганська", "Luhansk"},
    {"Львівська", "Lviv"},
    {"Миколаївська", "Mykolaiv"},
    {"Одеська", "Odesa"},
    {"Полтавська", "Poltava"},
    {"Рівненська", "Rivne"},
    {"Сумська", "Sumy"},
    {"Тернопільська", "Ternopil"},
    {"Харківська", "Kharkiv"},
    {"Херсонська", "Kherson"},
    {"Хмельницька", "Khmelnytskyi"},
    {"Черкаська", "Cherkasy"},
    {"Чернівецька", "Chernivtsi"},
    {"Чернігівська", "Chernihiv"},
}};

std::string region_of(std::string_view oblast) {
    for (const auto& [adjective, name] : regions)
        if (adjective == oblast)
            return std::string(name) + " oblast";
    return transliterate_ukrainian(oblast) + " oblast";
}

// The kind of a hromada: urban, settlement or rural.
std::optional<std::string_view> kind_of(std::string_view type) {
    if (type == "міська")
        return "urban";
    if (type == "селищна")
        return "settlement";
    if (type == "сільська")
        return "rural";
    return std::nullopt;
}

// Reads "-1.97204" as a whole number of 10^-places, rounded half away from zero: -197204 for 5 places.
// Exact, for no binary fraction comes between. Nothing for anything but digits, a point and a minus.
std::optional<std::int64_t> scaled(std::string_view text, int places) {
    constexpr std::size_t digits_max = 12;
    const bool negative = text.starts_with('-');
    if (negative)
        text.remove_prefix(1);
    const std::size_t point = text.find('.');
    const std::string_view whole = text.substr(0, point);
    const std::string_view fraction = point == text.npos ? "0"sv : text.substr(point + 1);
    const auto is_number = [](std::string_view part) {
        return !part.empty() && part.find_first_not_of("0123456789") == part.npos;
    };
    if (!is_number(whole) || !is_number(fraction) || whole.size() > digits_max)
        return std::nullopt;

    std::int64_t value = 0;
    for (const char digit : whole)
        value = value * 10 + (digit - '0');
    for (int i = 0; i < places; ++i) {
        const auto at = static_cast<std::size_t>(i);
        value = value * 10 + (at < fraction.size() ? fraction[at] - '0' : 0);
    }
    const auto next = static_cast<std::size_t>(places);
    if (next < fraction.size() && fraction[next] >= '5')
        ++value;
    return negative ? -value : value;
}

constexpr std::int64_t whole_max = 10'000'000'000;

// Collects the members of a command's data, and the first reason why the row cannot be one.
class Row {
public:
    explicit Row(std::span<const std::string> fields) : fields_(fields) {}

    std::string_view text(std::size_t column) const { return fields_[column]; }

    void set(std::string_view member, std::string_view value) {
        if (!value.empty())
            data_[member] = value;
    }

    void set_number(std::string_view member, std::size_t column, int places, std::int64_t max,
                    std::string_view what) {
        if (text(column).empty())
            return;
        const auto value = scaled(text(column), places);
        if (!value)
            refuse(std::string(what) + " is not a number");
        else if (*value < 0 || *value > max)
            refuse(std::string(what) + " is out of range");
        else
            data_[member] = *value;
    }

    void set_place(std::size_t lat_column, std::size_t lon_column) {
        if (text(lat_column).empty() && text(lon_column).empty())
            return;
        const auto lat = scaled(text(lat_column), 5);
        const auto lon = scaled(text(lon_column), 5);
        if (!lat || !lon)
            return refuse("the coordinates are not two numbers");
        if (*lat < -9'000'000 || *lat > 9'000'000 || *lon < -18'000'000 || *lon > 18'000'000)
            return refuse("the coordinates are out of range");
        data_["lat_e5"] = *lat;
        data_["lon_e5"] = *lon;
    }

    // A population is a count of some year.
    void set_population(std::size_t column, std::int64_t year) {
        set_number("population", column, 0, whole_max, "the population");
        if (data_.contains("population"))
            data_["population_year"] = year;
    }

    void refuse(std::string reason) {
        if (reason_.empty())
            reason_ = std::move(reason);
    }

    const std::string& reason() const { return reason_; }
    const json::object& data() const { return data_; }

private:
    std::span<const std::string> fields_;
    json::object data_;
    std::string reason_;
};

void map_hromada(Row& row) {
    const std::string full_name = tidy_name(row.text(full_name_uk));
    const std::string centre = tidy_name(row.text(centre_uk));
    const auto kind = kind_of(row.text(type_uk));
    if (full_name.empty() || centre.empty())
        row.refuse("the name is empty");
    if (!kind)
        row.refuse("the kind of hromada is unknown");

    row.set("name", transliterate_ukrainian(centre));
    row.set("name_local", full_name);
    row.set("country", "UA");
    row.set("scheme", "katottg");
    row.set("code", row.text(katottg));
    row.set("kind", kind.value_or(""));
    if (!row.text(oblast_uk).empty())
        row.set("region", region_of(row.text(oblast_uk)));
    if (!row.text(raion_uk).empty())
        row.set("district", transliterate_ukrainian(row.text(raion_uk)) + " raion");
    row.set("centre", centre);
    row.set_place(hromada_lat, hromada_lon);
    row.set_number("area_ha", hromada_area, 2, whole_max, "the area");
    row.set_population(population_2022, 2022);
    row.set_number("settlements", settlements, 0, whole_max, "the number of settlements");
    row.set("source", hromada_source);
}

void map_eu(Row& row) {
    const std::string name = tidy_name(row.text(eu_name));
    const std::string_view state = row.text(country);
    if (name.empty())
        row.refuse("the name is empty");
    if (state.size() != 2)
        row.refuse("the country is not two letters");

    std::string latin = name;
    if (state == "EL" || state == "CY")
        latin = latin_from_greek(name);
    if (state == "BG")
        latin = latin_from_bulgarian(name);
    row.set("name", latin);
    if (latin != name)
        row.set("name_local", name);
    row.set("country", state == "EL" ? "GR"sv : state); // Eurostat's code for Greece is not ISO's
    row.set("scheme", "gisco");
    row.set("code", row.text(gisco_id));
    row.set("region", row.text(nuts3));
    row.set_place(eu_lat, eu_lon);
    row.set_number("area_ha", eu_area, 2, whole_max, "the area");
    row.set_population(population_2020, 2020);
    row.set("source", eu_source);
}

std::string command_id(std::string_view stream, std::string_view data_json) {
    std::string bytes(stream);
    bytes.push_back('\n');
    bytes.append(data_json);
    return "import-" + sequencing::sha256_hex(bytes).substr(0, 32);
}

RowError from_csv(const CsvError& error) {
    return {error.line, error.reason, error.ends_reading};
}

} // namespace

RegisterReader::RegisterReader(CsvReader rows, Register which) : rows_(std::move(rows)), which_(which) {}

Result<RegisterReader, RowError> RegisterReader::open(ByteSource source) {
    CsvReader rows(std::move(source));
    auto first = rows.next();
    if (!first) {
        RowError error = from_csv(first.error());
        error.ends_reading = true;
        return std::unexpected(std::move(error));
    }
    if (!*first)
        return std::unexpected(RowError{1, "the file is empty", true});

    const std::vector<std::string>& fields = (*first)->fields;
    if (std::ranges::equal(fields, hromada_columns))
        return RegisterReader(std::move(rows), Register::hromadas);
    if (std::ranges::equal(fields, eu_columns))
        return RegisterReader(std::move(rows), Register::eu_municipalities);
    return std::unexpected(RowError{(*first)->line, "the first line is not that of a known register", true});
}

Result<std::optional<RegisterCommand>, RowError> RegisterReader::next() {
    auto read = rows_.next();
    if (!read)
        return std::unexpected(from_csv(read.error()));
    if (!*read)
        return std::nullopt;
    const CsvRow& fields = **read;

    const bool is_ukraine = which_ == Register::hromadas;
    const std::size_t columns = is_ukraine ? hromada_columns.size() : eu_columns.size();
    const auto refuse = [&fields](std::string reason) {
        return std::unexpected(RowError{fields.line, std::move(reason), false});
    };
    if (fields.fields.size() != columns)
        return refuse("the row has " + std::to_string(fields.fields.size()) + " columns, not " +
                      std::to_string(columns));
    for (const std::string& field : fields.fields)
        if (find_text_fault(field))
            return refuse("the row holds bytes that are not text");

    Row row(fields.fields);
    is_ukraine ? map_hromada(row) : map_eu(row);
    if (!row.reason().empty())
        return refuse(row.reason());
    const auto id = municipality_id(fields.fields.front());
    if (!id)
        return refuse("the code cannot be made an id");

    RegisterCommand command{fields.line, "", "municipality/" + *id, json::serialize(row.data())};
    command.id = command_id(command.stream, command.data_json);
    return command;
}

std::optional<std::string> municipality_id(std::string_view code) {
    std::string id;
    for (const char character : code) {
        const bool plain = (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z') ||
                           (character >= '0' && character <= '9') || character == '_';
        if (plain) {
            id.push_back(character);
            continue;
        }
        const auto byte = static_cast<unsigned char>(character);
        id.push_back('-');
        id.push_back("0123456789ABCDEF"[byte >> 4]);
        id.push_back("0123456789ABCDEF"[byte & 15]);
    }
    return is_id(id) ? std::optional(id) : std::nullopt;
}

} // namespace mosty::tools
