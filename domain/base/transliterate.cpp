#include "domain/base/transliterate.hpp"

#include "domain/base/utf8.hpp"

#include <array>
#include <vector>

namespace mosty {

namespace {

using namespace std::string_view_literals;

struct Letter {
    char32_t small;
    std::string_view initial; // at the beginning of a word
    std::string_view inner;   // anywhere else
};

constexpr std::array letters{
    Letter{U'а', "a", "a"},   Letter{U'б', "b", "b"},   Letter{U'в', "v", "v"},
    Letter{U'г', "h", "h"},   Letter{U'ґ', "g", "g"},   Letter{U'д', "d", "d"},
    Letter{U'е', "e", "e"},   Letter{U'є', "ye", "ie"}, Letter{U'ж', "zh", "zh"},
    Letter{U'з', "z", "z"},   Letter{U'и', "y", "y"},   Letter{U'і', "i", "i"},
    Letter{U'ї', "yi", "i"},  Letter{U'й', "y", "i"},   Letter{U'к', "k", "k"},
    Letter{U'л', "l", "l"},   Letter{U'м', "m", "m"},   Letter{U'н', "n", "n"},
    Letter{U'о', "o", "o"},   Letter{U'п', "p", "p"},   Letter{U'р', "r", "r"},
    Letter{U'с', "s", "s"},   Letter{U'т', "t", "t"},   Letter{U'у', "u", "u"},
    Letter{U'ф', "f", "f"},   Letter{U'х', "kh", "kh"}, Letter{U'ц', "ts", "ts"},
    Letter{U'ч', "ch", "ch"}, Letter{U'ш', "sh", "sh"}, Letter{U'щ', "shch", "shch"},
    Letter{U'ь', "", ""},     Letter{U'ю', "yu", "iu"}, Letter{U'я', "ya", "ia"},
};

char32_t to_small(char32_t code) {
    if (code >= U'А' && code <= U'Я')
        return code + 0x20;
    switch (code) {
    case U'Є':
        return U'є';
    case U'І':
        return U'і';
    case U'Ї':
        return U'ї';
    case U'Ґ':
        return U'ґ';
    default:
        return code;
    }
}

const Letter* find_letter(char32_t small) {
    for (const Letter& letter : letters)
        if (letter.small == small)
            return &letter;
    return nullptr;
}

bool is_apostrophe(char32_t code) {
    return code == U'\'' || code == U'\u2019' || code == U'\u02BC';
}

struct Glyph {
    std::string_view bytes;
    const Letter* letter; // nothing when it is not Ukrainian Cyrillic
    char32_t small;
    bool capital;
};

std::vector<Glyph> glyphs_of(std::string_view utf8) {
    std::vector<Glyph> glyphs;
    while (!utf8.empty()) {
        const Character read = first_character(utf8);
        const std::size_t length = read.length == 0 ? 1 : read.length;
        const char32_t small = to_small(read.code);
        glyphs.push_back({utf8.substr(0, length), find_letter(small), small, small != read.code});
        utf8.remove_prefix(length);
    }
    return glyphs;
}

std::string in_capitals(std::string_view latin, bool all) {
    std::string text(latin);
    for (char& c : text) {
        c = static_cast<char>(c - 'a' + 'A');
        if (!all)
            break;
    }
    return text;
}

} // namespace

std::string transliterate_ukrainian(std::string_view utf8) {
    const std::vector<Glyph> glyphs = glyphs_of(utf8);
    const auto letter_at = [&](std::size_t i) { return i < glyphs.size() && glyphs[i].letter != nullptr; };
    const auto capital_at = [&](std::size_t i) { return letter_at(i) && glyphs[i].capital; };

    std::string latin;
    for (std::size_t i = 0; i < glyphs.size(); ++i) {
        const Glyph& glyph = glyphs[i];
        const bool after_letter = i > 0 && letter_at(i - 1);
        if (is_apostrophe(glyph.small) && after_letter && letter_at(i + 1))
            continue;
        if (!glyph.letter) {
            latin += glyph.bytes;
            continue;
        }
        const bool after_apostrophe = i > 1 && is_apostrophe(glyphs[i - 1].small) && letter_at(i - 2);
        std::string_view sound =
            after_letter || after_apostrophe ? glyph.letter->inner : glyph.letter->initial;
        // "зг" is "zgh", since "zh" is already "ж".
        if (glyph.small == U'г' && after_letter && glyphs[i - 1].small == U'з')
            sound = "gh";
        const bool shouted = capital_at(i + 1) || (!letter_at(i + 1) && i > 0 && capital_at(i - 1));
        if (glyph.capital)
            latin += in_capitals(sound, shouted);
        else
            latin += sound;
    }
    return latin;
}

} // namespace mosty
