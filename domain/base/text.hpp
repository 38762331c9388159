#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace mosty {

// Why bytes are not a text that we keep.
enum class TextFault { not_utf8, control_character, bidi_override };

// Whether the bytes are well-formed UTF-8: no overlong form, no surrogate, nothing past U+10FFFF.
bool is_utf8(std::string_view bytes);

// Looks for what no text may hold: ill-formed UTF-8, C0 controls but tab and newline, and the characters
// that override or isolate the direction of writing (U+202A–U+202E, U+2066–U+2069).
std::optional<TextFault> find_text_fault(std::string_view bytes);

// The length of well-formed UTF-8 in UTF-16 units, as browsers count: "Ї" is 1, "🌉" is 2.
std::size_t utf16_length(std::string_view utf8);

// The text without white space of any script at both ends.
std::string_view trimmed(std::string_view utf8);

// Whether the text is an id: 1 to 64 of A–Z a–z 0–9 _ -.
bool is_id(std::string_view text);

} // namespace mosty
