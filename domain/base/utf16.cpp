#include "domain/base/utf16.hpp"

#include "domain/base/invariant.hpp"
#include "domain/base/utf8.hpp"

namespace mosty {

std::u16string utf16_of(std::string_view utf8) {
    std::u16string units;
    units.reserve(utf8.size());
    while (!utf8.empty()) {
        const Character character = first_character(utf8);
        MOSTY_INVARIANT(character.length != 0, "only well-formed text is kept");
        utf8.remove_prefix(character.length);
        if (character.code < 0x10000) {
            units += static_cast<char16_t>(character.code);
            continue;
        }
        const char32_t rest = character.code - 0x10000;
        units += static_cast<char16_t>(0xD800 + (rest >> 10));
        units += static_cast<char16_t>(0xDC00 + (rest & 0x3FF));
    }
    return units;
}

void append_utf8(std::string& out, std::u16string_view units) {
    for (std::size_t i = 0; i < units.size(); ++i) {
        char32_t code = units[i];
        if (code < 0x80) {
            out += static_cast<char>(code);
            continue;
        }
        if (is_high_surrogate(units[i]) || is_low_surrogate(units[i])) {
            const bool is_pair =
                is_high_surrogate(units[i]) && i + 1 < units.size() && is_low_surrogate(units[i + 1]);
            MOSTY_INVARIANT(is_pair, "no boundary splits a surrogate pair");
            code = 0x10000 + ((code - 0xD800) << 10) + (units[++i] - 0xDC00u);
        }
        if (code < 0x800) {
            out += static_cast<char>(0xC0 | code >> 6);
        } else {
            if (code < 0x10000) {
                out += static_cast<char>(0xE0 | code >> 12);
            } else {
                out += static_cast<char>(0xF0 | code >> 18);
                out += static_cast<char>(0x80 | (code >> 12 & 0x3F));
            }
            out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
        }
        out += static_cast<char>(0x80 | (code & 0x3F));
    }
}

std::string utf8_of(std::u16string_view units) {
    std::string utf8;
    utf8.reserve(units.size());
    append_utf8(utf8, units);
    return utf8;
}

} // namespace mosty
