#pragma once

#include "domain/base/utf16.hpp"
#include "domain/text/delta.hpp"

#include <cstdlib>
#include <string>

namespace mosty::test {

// The number of cases of a property: `usual`, or `many` in a long run.
inline int cases(int usual, int many) {
    return std::getenv("MOSTY_LONG") ? many : usual;
}

// A number below `end`.
inline std::size_t below(auto& random, std::size_t end) {
    return random() % end;
}

inline bool one_in(auto& random, std::size_t count) {
    return below(random, count) == 0;
}

// Up to `count_max` characters of several scripts, some of them surrogate pairs, some combining, some
// newlines.
inline std::u16string any_text(auto& random, std::size_t count_max) {
    static constexpr std::u16string_view characters[] = {u"a", u"b", u" ",      u"\n", u"і",  u"ї", u"ґ",
                                                         u"Щ", u"é", u"\u0301", u"🌉", u"👩", u"𝔐", u"ש"};
    std::u16string text;
    for (std::size_t count = 1 + below(random, count_max); count > 0; --count)
        text += characters[below(random, std::size(characters))];
    return text;
}

// Attributes of which few are named; values that take away only with `with_null`.
inline text::Attributes any_attributes(auto& random, bool with_null) {
    text::Attributes attributes;
    if (one_in(random, 2))
        return attributes;
    for (std::size_t names = 1 + below(random, 2); names > 0; --names) {
        const bool takes_away = with_null && one_in(random, 3);
        const std::size_t name = below(random, text::format_count + 1);
        if (name == text::format_count) {
            if (takes_away)
                attributes.set_link_null();
            else
                attributes.set_link(one_in(random, 2) ? "https://byshiv.test" : "mailto:rada@byshiv.test");
            continue;
        }
        const auto format = static_cast<text::Format>(name);
        const std::size_t values = format == text::Format::header ? 3 : format == text::Format::list ? 2 : 1;
        attributes.set(format, takes_away
                                   ? text::null_value
                                   : static_cast<std::uint8_t>(text::true_value + below(random, values)));
    }
    return attributes;
}

// A text that ends with a newline.
inline text::Delta any_document(auto& random) {
    text::Delta document;
    for (std::size_t count = below(random, 5); count > 0; --count)
        document.insert(any_text(random, 6), any_attributes(random, false));
    document.insert(u"\n", any_attributes(random, false));
    return document;
}

inline std::u16string plain_text(const text::Delta& document) {
    std::u16string text;
    for (const text::Operation& operation : document.operations())
        text += operation.text;
    return text;
}

// A length up to `length_max` after which no surrogate pair is split.
inline std::size_t any_length(auto& random, std::u16string_view rest, std::size_t length_max) {
    std::size_t length = std::min(rest.size(), 1 + below(random, length_max));
    if (length > 0 && length < rest.size() && is_low_surrogate(rest[length]))
        ++length;
    return length;
}

// A change that fits the text and splits no surrogate pair. It may take the last newline away.
inline text::Delta any_change(auto& random, const text::Delta& document) {
    const std::u16string text = plain_text(document);
    std::u16string_view rest = text;
    text::Delta change;
    for (std::size_t count = 1 + below(random, 5); count > 0; --count) {
        const std::size_t kind = below(random, 4);
        const std::size_t length = any_length(random, rest, 6);
        if (kind == 0) {
            change.insert(any_text(random, 4), any_attributes(random, false));
        } else if (kind == 1) {
            change.remove(length);
            rest.remove_prefix(length);
        } else {
            change.retain(length, kind == 2 ? any_attributes(random, true) : text::Attributes{});
            rest.remove_prefix(length);
        }
    }
    change.chop();
    return change;
}

} // namespace mosty::test
