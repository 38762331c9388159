#pragma once

#include "domain/codec/field.hpp"
#include "domain/codec/rules.hpp"
#include "domain/municipality/command.hpp"

// The JSON of towns.
namespace mosty::codec {

inline constexpr Whole population{0, 100'000'000};
inline constexpr Whole year{1900, 2199};

template <>
inline constexpr auto fields_of<municipality::Row> = [] {
    using municipality::Row;
    return std::tuple{
        field("name", &Row::name, name),
        field("name_local", &Row::name_local, name),
        field("country", &Row::country, Country{}),
        field("scheme", &Row::scheme, word),
        field("code", &Row::code, id),
        field("kind", &Row::kind, name),
        field("region", &Row::region, name),
        field("district", &Row::district, name),
        field("centre", &Row::centre, name),
        field("lat_e5", &Row::lat_e5, Whole{-9'000'000, 9'000'000}),
        field("lon_e5", &Row::lon_e5, Whole{-18'000'000, 18'000'000}),
        field("area_ha", &Row::area_ha, Whole{0, 100'000'000}),
        field("population", &Row::population, population),
        field("population_year", &Row::population_year, year),
        field("settlements", &Row::settlements, Whole{0, 10'000}),
        field("source", &Row::source, source_text),
    };
}();

template <>
inline constexpr auto fields_of<municipality::Changes> = [] {
    using municipality::Changes;
    return std::tuple{
        field("name", &Changes::name, name),
        field("name_local", &Changes::name_local, name),
        field("kind", &Changes::kind, name),
        field("region", &Changes::region, name),
        field("district", &Changes::district, name),
        field("centre", &Changes::centre, name),
        field("lat_e5", &Changes::lat_e5, Whole{-9'000'000, 9'000'000}),
        field("lon_e5", &Changes::lon_e5, Whole{-18'000'000, 18'000'000}),
        field("area_ha", &Changes::area_ha, Whole{0, 100'000'000}),
        field("population", &Changes::population, population),
        field("population_year", &Changes::population_year, year),
        field("settlements", &Changes::settlements, Whole{0, 10'000}),
        field("source", &Changes::source, source_text),
    };
}();

// The members with which every correction of a whole row begins.
template <class Correction>
constexpr auto fields_of_correction() {
    return std::tuple_cat(std::tuple{field("corrects", &Correction::corrects, id),
                                     field("reason", &Correction::reason, reason)},
                          fields_of_part(&Correction::changes));
}

// The same where a fact can also be taken back.
template <class Correction>
constexpr auto fields_of_retractable_correction() {
    return std::tuple_cat(std::tuple{field("corrects", &Correction::corrects, id),
                                     field("reason", &Correction::reason, reason),
                                     field("retracted", &Correction::retracted, flag)},
                          fields_of_part(&Correction::changes));
}

template <>
inline constexpr auto fields_of<municipality::Registered> = fields_of_part(&municipality::Registered::row);
template <>
inline constexpr auto fields_of<municipality::Updated> = fields_of_part(&municipality::Updated::row);
template <>
inline constexpr auto fields_of<municipality::Register> = fields_of_part(&municipality::Register::row);
template <>
inline constexpr auto fields_of<municipality::Corrected> = fields_of_correction<municipality::Corrected>();
template <>
inline constexpr auto fields_of<municipality::Correct> = fields_of_correction<municipality::Correct>();

} // namespace mosty::codec
