#pragma once

#include "domain/base/names.hpp"

#include <array>
#include <string_view>

namespace mosty {

using namespace std::string_view_literals;

// One of the two banks that a bridge joins.
enum class Side { ua, eu };

// Who starts something: one of the two sides, or the programme on behalf of both.
enum class Party { ua, eu, programme };

constexpr Side other(Side side) {
    return side == Side::ua ? Side::eu : Side::ua;
}

constexpr Party party_of(Side side) {
    return side == Side::ua ? Party::ua : Party::eu;
}

template <>
struct WordsOf<Side> {
    static constexpr std::array words{"ua"sv, "eu"sv};
};

template <>
struct WordsOf<Party> {
    static constexpr std::array words{"ua"sv, "eu"sv, "programme"sv};
};

// One value for each side.
template <class T>
struct PerSide {
    T ua{};
    T eu{};

    constexpr T& operator[](Side side) { return side == Side::ua ? ua : eu; }
    constexpr const T& operator[](Side side) const { return side == Side::ua ? ua : eu; }

    friend bool operator==(const PerSide&, const PerSide&) = default;
};

} // namespace mosty
