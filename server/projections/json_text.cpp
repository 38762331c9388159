#include "server/projections/json_text.hpp"

#include "domain/codec/json_writer.hpp"

#include <boost/json.hpp>

#include <charconv>
#include <cstddef>
#include <cstring>

namespace mosty::projections {
namespace json = boost::json;
namespace {

constexpr std::size_t shown_characters_max = 300;

// Whether any byte is one that JSON must escape: below 0x20, a quotation mark or a backslash. Eight bytes
// are looked at together; the high bit of a byte tells that it is one.
bool needs_escapes(std::string_view text) {
    constexpr std::uint64_t ones = 0x0101010101010101U;
    constexpr std::uint64_t highs = 0x8080808080808080U;
    const auto below = [](std::uint64_t bytes, std::uint64_t bound) {
        return (bytes - ones * bound) & ~bytes & highs;
    };
    std::uint64_t found = 0;
    std::size_t at = 0;
    for (; at + 8 <= text.size(); at += 8) {
        std::uint64_t bytes = 0;
        std::memcpy(&bytes, text.data() + at, 8);
        found |= below(bytes, 0x20) | below(bytes ^ (ones * '"'), 1) | below(bytes ^ (ones * '\\'), 1);
    }
    for (; at < text.size(); ++at)
        found |= static_cast<unsigned char>(text[at]) < 0x20 || text[at] == '"' || text[at] == '\\';
    return found != 0;
}

// Where the string that begins after `begin` ends: at its closing quotation mark.
std::size_t end_of_string(std::string_view text, std::size_t begin) {
    std::size_t at = begin;
    while (at < text.size() && text[at] != '"')
        at += text[at] == '\\' ? 2 : 1;
    return at;
}

// The bytes of a string's first characters; an escape counts as one.
std::size_t bytes_of_characters(std::string_view text, std::size_t characters) {
    std::size_t at = 0;
    for (; characters > 0 && at < text.size(); --characters) {
        if (text[at] == '\\')
            at += text[at + 1] == 'u' ? 6 : 2;
        else {
            ++at;
            while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U)
                ++at;
        }
    }
    return at;
}

} // namespace

void append_all(std::string& out, std::initializer_list<std::string_view> parts) {
    std::size_t length = out.size();
    for (const std::string_view part : parts)
        length += part.size();
    out.resize_and_overwrite(length, [&, at = out.size()](char* text, std::size_t) mutable {
        for (const std::string_view part : parts) {
            at += part.copy(text + at, part.size());
        }
        return at;
    });
}

void append_quoted(std::string& out, std::string_view text) {
    if (needs_escapes(text))
        codec::append_string(out, text);
    else
        append_all(out, {"\"", text, "\""});
}

void append_number(std::string& out, std::int64_t number) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, number);
    out.append(digits, end.ptr);
}

void append_object(std::string& out, const json::object& object) {
    out += '{';
    bool first = true;
    for (const auto& [name, value] : object) {
        if (!first)
            out += ',';
        first = false;
        append_quoted(out, name);
        out += ':';
        append_value(out, value);
    }
    out += '}';
}

void append_value(std::string& out, const json::value& value) {
    switch (value.kind()) {
    case json::kind::null:
        out += "null";
        return;
    case json::kind::bool_:
        out += value.get_bool() ? "true" : "false";
        return;
    case json::kind::int64:
        append_number(out, value.get_int64());
        return;
    case json::kind::string:
        append_quoted(out, value.get_string());
        return;
    case json::kind::object:
        append_object(out, value.get_object());
        return;
    case json::kind::array: {
        out += '[';
        bool first = true;
        for (const auto& element : value.get_array()) {
            if (!first)
                out += ',';
            first = false;
            append_value(out, element);
        }
        out += ']';
        return;
    }
    case json::kind::uint64:
    case json::kind::double_:
        out += json::serialize(value);
        return;
    }
}

void append_name(std::string& out, std::string_view name) {
    append_all(out, {out.back() == '{' ? "\"" : ",\"", name, "\":"});
}

void append_member(std::string& out, std::string_view name, std::string_view text) {
    if (needs_escapes(text)) {
        append_name(out, name);
        append_quoted(out, text);
    } else {
        append_all(out, {out.back() == '{' ? "\"" : ",\"", name, "\":\"", text, "\""});
    }
}

void append_member(std::string& out, std::string_view name, std::int64_t number) {
    append_name(out, name);
    append_number(out, number);
}

void append_member(std::string& out, std::string_view name, const json::value& value) {
    append_name(out, name);
    append_value(out, value);
}

void append_shortened(std::string& out, std::string_view text) {
    if (text.size() <= shown_characters_max) {
        out += text;
        return;
    }
    std::size_t copied = 0;
    std::size_t quote = text.find('"');
    while (quote != std::string_view::npos) {
        const std::size_t end = end_of_string(text, quote + 1);
        const std::string_view inside = text.substr(quote + 1, end - quote - 1);
        if (inside.size() > shown_characters_max) {
            const std::size_t shown = bytes_of_characters(inside, shown_characters_max);
            if (shown < inside.size()) {
                out += text.substr(copied, quote + 1 + shown - copied);
                out += "…";
                copied = end;
            }
        }
        quote = end < text.size() ? text.find('"', end + 1) : std::string_view::npos;
    }
    out += text.substr(copied);
}

std::string_view text_of(const json::value& value) {
    return value.as_string();
}

std::string_view text_of(const json::object& object, std::string_view member) {
    const auto* value = object.if_contains(member);
    return value == nullptr ? std::string_view() : text_of(*value);
}

} // namespace mosty::projections
