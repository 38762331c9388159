#include "server/tools/register_names.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace mosty::tools {

namespace {

std::u32string decode(std::string_view utf8) {
    std::u32string out;
    for (std::size_t i = 0; i < utf8.size();) {
        const auto lead = static_cast<unsigned char>(utf8[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        char32_t point = length == 1 ? lead : lead & (0x7Fu >> length);
        for (std::size_t k = 1; k < length && i + k < utf8.size(); ++k)
            point = (point << 6) | (static_cast<unsigned char>(utf8[i + k]) & 0x3Fu);
        out.push_back(point);
        i += length;
    }
    return out;
}

void append(std::string& out, char32_t point) {
    const auto byte = [&out](char32_t value) { out.push_back(static_cast<char>(value)); };
    if (point < 0x80) {
        byte(point);
    } else if (point < 0x800) {
        byte(0xC0 | (point >> 6));
        byte(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        byte(0xE0 | (point >> 12));
        byte(0x80 | ((point >> 6) & 0x3F));
        byte(0x80 | (point & 0x3F));
    } else {
        byte(0xF0 | (point >> 18));
        byte(0x80 | ((point >> 12) & 0x3F));
        byte(0x80 | ((point >> 6) & 0x3F));
        byte(0x80 | (point & 0x3F));
    }
}

// Appends Latin letters, the first of them a capital when the letter that they stand for was one.
void append_cased(std::string& out, std::string_view latin, bool capital) {
    if (latin.empty())
        return;
    out.push_back(capital ? static_cast<char>(latin.front() - 'a' + 'A') : latin.front());
    out.append(latin.substr(1));
}

// A Greek letter without its marks.
struct GreekLetter {
    char32_t base = 0; // small; 0 when it is no Greek letter
    bool capital = false;
    bool accent = false;
    bool diaeresis = false;
};

GreekLetter greek(char32_t point) {
    static constexpr std::array<std::pair<char32_t, GreekLetter>, 20> marked{{
        {U'ά', {U'α', false, true, false}}, {U'έ', {U'ε', false, true, false}},
        {U'ή', {U'η', false, true, false}}, {U'ί', {U'ι', false, true, false}},
        {U'ό', {U'ο', false, true, false}}, {U'ύ', {U'υ', false, true, false}},
        {U'ώ', {U'ω', false, true, false}}, {U'ϊ', {U'ι', false, false, true}},
        {U'ϋ', {U'υ', false, false, true}}, {U'ΐ', {U'ι', false, true, true}},
        {U'ΰ', {U'υ', false, true, true}},  {U'Ά', {U'α', true, true, false}},
        {U'Έ', {U'ε', true, true, false}},  {U'Ή', {U'η', true, true, false}},
        {U'Ί', {U'ι', true, true, false}},  {U'Ό', {U'ο', true, true, false}},
        {U'Ύ', {U'υ', true, true, false}},  {U'Ώ', {U'ω', true, true, false}},
        {U'Ϊ', {U'ι', true, false, true}},  {U'Ϋ', {U'υ', true, false, true}},
    }};
    for (const auto& [letter, plain] : marked)
        if (letter == point)
            return plain;
    if (point == U'ς')
        return {U'σ', false, false, false};
    if (point >= U'Α' && point <= U'Ω')
        return {point + 32, true, false, false};
    if (point >= U'α' && point <= U'ω')
        return {point, false, false, false};
    return {};
}

std::string_view latin_of_greek(char32_t base) {
    static constexpr std::array<std::string_view, 25> letters{"a", "v", "g", "d", "e",  "z",  "i", "th", "i",
                                                              "k", "l", "m", "n", "x",  "o",  "p", "r",  "s",
                                                              "s", "t", "y", "f", "ch", "ps", "o"};
    return letters[base - U'α'];
}

// Two Greek letters that are read as one sound; nothing when each is read for itself.
std::optional<std::string_view> latin_of_greek_pair(GreekLetter first, GreekLetter second, bool starts_word,
                                                    GreekLetter after) {
    if (second.base == U'υ' && !second.diaeresis && !first.accent) {
        const bool hard = after.base == 0 || std::u32string_view(U"θκξπστφχψ").contains(after.base);
        if (first.base == U'α')
            return hard ? "af" : "av";
        if (first.base == U'ε')
            return hard ? "ef" : "ev";
        if (first.base == U'η')
            return hard ? "if" : "iv";
        if (first.base == U'ο')
            return "ou";
    }
    if (first.base == U'γ') {
        if (second.base == U'γ')
            return "ng";
        if (second.base == U'ξ')
            return "nx";
        if (second.base == U'χ')
            return "nch";
    }
    if (first.base == U'μ' && second.base == U'π' && (starts_word || after.base == 0))
        return "b";
    return std::nullopt;
}

} // namespace

std::string latin_from_greek(std::string_view utf8) {
    const std::u32string text = decode(utf8);
    const auto letter_at = [&text](std::size_t i) {
        return i < text.size() ? greek(text[i]) : GreekLetter{};
    };

    std::string out;
    bool starts_word = true;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const GreekLetter letter = letter_at(i);
        if (letter.base == 0) {
            append(out, text[i]);
            starts_word = true;
            continue;
        }
        const GreekLetter following = letter_at(i + 1);
        if (const auto pair = latin_of_greek_pair(letter, following, starts_word, letter_at(i + 2))) {
            append_cased(out, *pair, letter.capital);
            ++i;
        } else {
            append_cased(out, latin_of_greek(letter.base), letter.capital);
        }
        starts_word = false;
    }
    return out;
}

std::string latin_from_bulgarian(std::string_view utf8) {
    // а … я; ы and э are no Bulgarian letters.
    static constexpr std::array<std::string_view, 32> letters{
        "a", "b", "v", "g", "d", "e", "zh", "z",  "i",  "y",   "k", "l", "m", "n", "o",  "p",
        "r", "s", "t", "u", "f", "h", "ts", "ch", "sh", "sht", "a", "",  "y", "",  "yu", "ya"};
    const auto small = [](char32_t point) { return point >= U'А' && point <= U'Я' ? point + 32 : point; };
    const std::u32string text = decode(utf8);
    const auto is_letter = [&](std::size_t i) {
        return i < text.size() && small(text[i]) >= U'а' && small(text[i]) <= U'я';
    };

    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char32_t letter = small(text[i]);
        if (!is_letter(i) || letters[letter - U'а'].empty()) {
            append(out, text[i]);
            continue;
        }
        // "ия" at the end of a word is "ia": София is Sofia.
        const bool ends_in_ia = letter == U'я' && i > 0 && small(text[i - 1]) == U'и' && !is_letter(i + 1);
        append_cased(out, ends_in_ia ? "a" : letters[letter - U'а'], letter != text[i]);
    }
    return out;
}

std::string tidy_name(std::string_view utf8) {
    std::string out;
    bool pending_space = false;
    for (char32_t point : decode(utf8)) {
        if (point == 0x8C)
            point = U'Œ';
        if (point == 0x9C)
            point = U'œ';
        if (point == U' ' || point == U'\t' || point == U'\n' || point == U'\r' || point == 0xA0) {
            pending_space = !out.empty();
            continue;
        }
        if (std::exchange(pending_space, false))
            out.push_back(' ');
        append(out, point);
    }
    return out;
}

} // namespace mosty::tools
