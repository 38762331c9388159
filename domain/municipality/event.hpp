#pragma once

#include "domain/base/actor.hpp"
#include "domain/base/names.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mosty::municipality {

using namespace std::string_view_literals;

// The register that gives a town its code: Ukraine's KATOTTG, the EU's GISCO, or none that we know.
enum class Scheme { katottg, gisco, none };

// A town's row in the official register.
struct Row {
    std::string name;                      // in Latin script
    std::optional<std::string> name_local; // as the register writes it
    std::string country;                   // ISO 3166 alpha-2
    Scheme scheme = Scheme::katottg;
    std::optional<MunicipalityId> code; // absent exactly when there is no scheme
    std::optional<std::string> kind;
    std::optional<std::string> region;
    std::optional<std::string> district;
    std::optional<std::string> centre;
    std::optional<std::int64_t> lat_e5; // degrees × 100,000
    std::optional<std::int64_t> lon_e5;
    std::optional<std::int64_t> area_ha;
    std::optional<std::int64_t> population;
    std::optional<std::int64_t> population_year;
    std::optional<std::int64_t> settlements;
    std::string source;

    friend bool operator==(const Row&, const Row&) = default;
};

// Corrected fields of a row. Country, scheme and code name the town and are not corrected.
struct Changes {
    std::optional<std::string> name;
    std::optional<std::string> name_local;
    std::optional<std::string> kind;
    std::optional<std::string> region;
    std::optional<std::string> district;
    std::optional<std::string> centre;
    std::optional<std::int64_t> lat_e5;
    std::optional<std::int64_t> lon_e5;
    std::optional<std::int64_t> area_ha;
    std::optional<std::int64_t> population;
    std::optional<std::int64_t> population_year;
    std::optional<std::int64_t> settlements;
    std::optional<std::string> source;

    friend bool operator==(const Changes&, const Changes&) = default;
};

// Stored for ever: a new meaning is a new type or a new schema version.
struct Registered {
    static constexpr auto type = "municipality.registered"sv;
    Row row;
    friend bool operator==(const Registered&, const Registered&) = default;
};

struct Updated {
    static constexpr auto type = "municipality.updated"sv;
    Row row;
    friend bool operator==(const Updated&, const Updated&) = default;
};

struct Corrected {
    static constexpr auto type = "municipality.corrected"sv;
    EventId corrects;
    std::string reason;
    Changes changes;
    friend bool operator==(const Corrected&, const Corrected&) = default;
};

using Event = std::variant<Registered, Updated, Corrected>;
using Events = std::vector<Event>;

} // namespace mosty::municipality

template <>
struct mosty::WordsOf<mosty::municipality::Scheme> {
    static constexpr std::array words{std::string_view{"katottg"}, std::string_view{"gisco"},
                                      std::string_view{"none"}};
};
