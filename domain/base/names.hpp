#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace mosty {

// The stable words of an enumeration, in the order of its values. Specialise it beside the enumeration
// with `static constexpr std::array words`; the words stand in stored data and are never changed.
template <class Enum>
struct WordsOf;

template <class Enum>
concept Worded = requires { WordsOf<Enum>::words; };

template <Worded Enum>
constexpr std::string_view to_string(Enum value) {
    return WordsOf<Enum>::words[static_cast<std::size_t>(value)];
}

// The value that has this word, if any.
template <Worded Enum>
constexpr std::optional<Enum> from_word(std::string_view word) {
    for (std::size_t i = 0; i < WordsOf<Enum>::words.size(); ++i)
        if (WordsOf<Enum>::words[i] == word)
            return static_cast<Enum>(i);
    return std::nullopt;
}

} // namespace mosty
