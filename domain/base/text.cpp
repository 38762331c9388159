#include "domain/base/text.hpp"

#include "domain/base/utf8.hpp"

namespace mosty {

namespace {

bool overrides_direction(char32_t code) {
    return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

bool is_white_space(char32_t code) {
    return code == ' ' || (code >= 0x09 && code <= 0x0D) || code == 0x85 || code == 0xA0 || code == 0x1680 ||
           (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 || code == 0x202F ||
           code == 0x205F || code == 0x3000 || code == 0xFEFF;
}

} // namespace

bool is_utf8(std::string_view bytes) {
    while (!bytes.empty()) {
        const Character character = first_character(bytes);
        if (character.length == 0)
            return false;
        bytes.remove_prefix(character.length);
    }
    return true;
}

std::optional<TextFault> find_text_fault(std::string_view bytes) {
    while (!bytes.empty()) {
        const Character character = first_character(bytes);
        if (character.length == 0)
            return TextFault::not_utf8;
        if (character.code < 0x20 && character.code != '\t' && character.code != '\n')
            return TextFault::control_character;
        if (overrides_direction(character.code))
            return TextFault::bidi_override;
        bytes.remove_prefix(character.length);
    }
    return std::nullopt;
}

std::size_t utf16_length(std::string_view utf8) {
    std::size_t length = 0;
    for (const char c : utf8) {
        const auto byte = static_cast<unsigned char>(c);
        // Each character but the continuation of one counts; those of four bytes are surrogate pairs.
        if ((byte & 0xC0) != 0x80)
            length += byte >= 0xF0 ? 2 : 1;
    }
    return length;
}

std::string_view trimmed(std::string_view utf8) {
    while (!utf8.empty()) {
        const Character first = first_character(utf8);
        if (first.length == 0 || !is_white_space(first.code))
            break;
        utf8.remove_prefix(first.length);
    }
    while (!utf8.empty()) {
        std::size_t start = utf8.size() - 1;
        while (start > 0 && (static_cast<unsigned char>(utf8[start]) & 0xC0) == 0x80)
            --start;
        const Character last = first_character(utf8.substr(start));
        if (last.length != utf8.size() - start || !is_white_space(last.code))
            break;
        utf8.remove_suffix(last.length);
    }
    return utf8;
}

bool is_id(std::string_view text) {
    if (text.empty() || text.size() > 64)
        return false;
    for (const char c : text) {
        const bool allowed = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                             c == '_' || c == '-';
        if (!allowed)
            return false;
    }
    return true;
}

} // namespace mosty
