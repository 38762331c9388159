#pragma once

#include "domain/codec/field.hpp"
#include "domain/codec/rules.hpp"
#include "domain/sites/command.hpp"

// The JSON of places of critical infrastructure. What is sealed names its site and its audience first:
// sealing_owners.hpp looks for them there.
namespace mosty::codec {

template <>
inline constexpr auto fields_of<sites::Asset> = [] {
    using sites::Asset;
    return std::tuple{
        field("name", &Asset::name, Text{1, 100}),
        field("count", &Asset::count, Whole{1, 1'000'000}),
        field("condition", &Asset::condition, word),
    };
}();

template <>
inline constexpr auto fields_of<sites::Description> = [] {
    using sites::Description;
    return std::tuple{
        field("name", &Description::name, name),
        field("kind", &Description::kind, word),
        field("address", &Description::address, Text{1, 300}),
        field("lat_e5", &Description::lat_e5, Whole{-9'000'000, 9'000'000}),
        field("lon_e5", &Description::lon_e5, Whole{-18'000'000, 18'000'000}),
        field("serves", &Description::serves, Whole{0, 100'000'000}),
        field("assets", &Description::assets, List<Object>{0, 20, {}, true}),
        field("note", &Description::note, note),
    };
}();

template <class T>
constexpr auto fields_of_described_site() {
    return std::tuple_cat(std::tuple{field("site", &T::site, id), field("audience", &T::audience, word)},
                          fields_of_part(&T::description));
}

template <class T>
constexpr auto fields_of_named_site() {
    return std::tuple{field("site", &T::site, id)};
}

template <>
inline constexpr auto fields_of<sites::Recorded> = [] {
    using sites::Recorded;
    return std::tuple{
        field("site", &Recorded::site, id),
        field("side", &Recorded::side, word),
        field("audience", &Recorded::audience, word),
    };
}();
template <>
inline constexpr auto fields_of<sites::Described> = fields_of_described_site<sites::Described>();
template <>
inline constexpr auto fields_of<sites::Shared> = fields_of_named_site<sites::Shared>();
template <>
inline constexpr auto fields_of<sites::Withdrawn> = fields_of_named_site<sites::Withdrawn>();
template <>
inline constexpr auto fields_of<sites::Removed> = fields_of_named_site<sites::Removed>();
template <>
inline constexpr auto fields_of<sites::Erased> = fields_of_named_site<sites::Erased>();

template <>
inline constexpr auto fields_of<sites::Record> =
    std::tuple{field("site", &sites::Record::site, id), field("audience", &sites::Record::audience, word)};
template <>
inline constexpr auto fields_of<sites::Describe> = fields_of_described_site<sites::Describe>();
template <>
inline constexpr auto fields_of<sites::Share> = fields_of_named_site<sites::Share>();
template <>
inline constexpr auto fields_of<sites::Withdraw> = fields_of_named_site<sites::Withdraw>();
template <>
inline constexpr auto fields_of<sites::Remove> = fields_of_named_site<sites::Remove>();
template <>
inline constexpr auto fields_of<sites::Erase> = fields_of_named_site<sites::Erase>();

} // namespace mosty::codec
