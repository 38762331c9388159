#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

// What a field must keep to when somebody sends it. Recorded data is not measured again: bounds may be
// tightened later, and history stays readable.
namespace mosty::codec {

inline constexpr std::int64_t integer_max = 9'007'199'254'740'991; // the greatest that JavaScript counts to

// Trimmed text; lengths in UTF-16 units.
struct Text {
    std::size_t min = 1;
    std::size_t max = 200;
};

struct Identifier {};

// A part with fields of its own.
struct Object {};

// Two capital letters, as ISO 3166 writes countries.
struct Country {};

// One of the words of the field's enumeration.
struct Word {};

struct Whole {
    std::int64_t min = 0;
    std::int64_t max = integer_max;
};

struct Date {
    bool full = false;
};

struct CurrencyCode {};

// True or false; a command may leave a false one out.
struct Truth {};

// Written only when it is true.
struct Flag {};

// An entry leaves an empty list out when `min` is 0 and `omit_empty`.
template <class Rule>
struct List {
    std::size_t min = 1;
    std::size_t max = 1;
    Rule each = {};
    bool omit_empty = false;
};

inline constexpr Text title{1, 200};
inline constexpr Text name{1, 200};
inline constexpr Text summary{1, 4000};
inline constexpr Text note{1, 1000};
inline constexpr Text reason{3, 1000};
inline constexpr Text description{1, 300};
inline constexpr Text source_text{1, 1000};
inline constexpr Identifier id{};
inline constexpr Word word{};
inline constexpr Truth truth{};
inline constexpr Flag flag{};
inline constexpr Date date{};
inline constexpr CurrencyCode currency_code{};
inline constexpr Whole amount{0, 10'000'000'000'000};
inline constexpr Whole version{1, 1'000'000};
inline constexpr Whole head_count{0, 100'000};
inline constexpr Whole any_whole{-integer_max, integer_max};
inline constexpr List<Word> sectors{0, 6, {}, false};
inline constexpr List<Text> lessons{0, 20, {1, 500}, false};

} // namespace mosty::codec
