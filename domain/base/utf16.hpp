#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mosty {

constexpr bool is_high_surrogate(char16_t unit) {
    return unit >= 0xD800 && unit <= 0xDBFF;
}

constexpr bool is_low_surrogate(char16_t unit) {
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

// The units of well-formed UTF-8, as browsers count them. Ill-formed bytes are a bug of the caller's.
std::u16string utf16_of(std::string_view utf8);

// Appends the UTF-8 of well-formed units; a lone surrogate is a bug of the caller's.
void append_utf8(std::string& out, std::u16string_view units);
std::string utf8_of(std::u16string_view units);

} // namespace mosty
