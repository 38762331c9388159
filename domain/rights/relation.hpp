#pragma once

#include "domain/base/names.hpp"

#include <array>
#include <string_view>

namespace mosty::rights {

using namespace std::string_view_literals;

// How somebody stands to what they would read or change. Whoever asks the table finds it from the state.
enum class Relation {
    none,      // nothing ties them to it
    own,       // it is of their own town, or of the side or the programme for which they act
    other,     // it is between their town and another, and belongs to the other one
    partner,   // their town is a further partner of the proposal
    colleague, // it is about somebody of their own organisation
    charge,    // it is about somebody of their own town after whose account they look
    self,      // it is about themselves
};

inline constexpr std::size_t relation_count = 7;

} // namespace mosty::rights

template <>
struct mosty::WordsOf<mosty::rights::Relation> {
    static constexpr std::array words{"none"sv,      "own"sv,    "other"sv, "partner"sv,
                                      "colleague"sv, "charge"sv, "self"sv};
    static_assert(words.size() == mosty::rights::relation_count);
};
