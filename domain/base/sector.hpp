#pragma once

#include "domain/base/names.hpp"

#include <array>
#include <string_view>

namespace mosty {

using namespace std::string_view_literals;

// A field of work of the programme.
enum class Sector {
    water_supply,
    wastewater,
    health,
    culture,
    waste_management,
    energy,
    shelters,
    displaced_people,
    education,
    social_services,
    housing,
    economic_development,
    governance,
    transport,
    environment,
    youth,
    humanitarian_aid,
};

template <>
struct WordsOf<Sector> {
    static constexpr std::array words{
        "water_supply"sv,     "wastewater"sv,      "health"sv,      "culture"sv,
        "waste_management"sv, "energy"sv,          "shelters"sv,    "displaced_people"sv,
        "education"sv,        "social_services"sv, "housing"sv,     "economic_development"sv,
        "governance"sv,       "transport"sv,       "environment"sv, "youth"sv,
        "humanitarian_aid"sv,
    };
};

// What a line of a budget pays for, in the terms of Interreg.
enum class CostCategory {
    staff,
    office_and_administration,
    travel_and_accommodation,
    external_expertise,
    equipment,
    infrastructure,
};

template <>
struct WordsOf<CostCategory> {
    static constexpr std::array words{
        "staff"sv,
        "office_and_administration"sv,
        "travel_and_accommodation"sv,
        "external_expertise"sv,
        "equipment"sv,
        "infrastructure"sv,
    };
};

} // namespace mosty
