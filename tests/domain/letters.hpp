#pragma once

#include "domain/base/utf16.hpp"
#include "domain/text/content.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace mosty::test {

// A text the simple way: each unit by itself, with its format, its origin and the anchors that hold it.
struct Letter {
    char16_t unit = u'\n';
    text::Attributes attributes;
    text::Mark mark;
    std::uint64_t anchors = 0; // one bit each
};

class Letters {
public:
    std::vector<Letter> all{Letter{}};

    void apply(const text::Delta& change, Revision revision) {
        using Kind = text::Operation::Kind;
        std::size_t at = 0;
        std::uint32_t written = 0;
        for (const text::Operation& operation : change.operations()) {
            const auto place = all.begin() + static_cast<std::ptrdiff_t>(at);
            const auto end =
                place + static_cast<std::ptrdiff_t>(operation.kind == Kind::insert ? 0 : operation.length);
            if (operation.kind == Kind::remove) {
                all.erase(place, end);
                continue;
            }
            if (operation.kind == Kind::retain)
                std::for_each(place, end, [&](Letter& letter) {
                    letter.attributes = compose(letter.attributes, operation.attributes, false);
                });
            else
                insert(at, operation, {revision, written});
            if (operation.kind == Kind::insert)
                written += static_cast<std::uint32_t>(operation.length);
            at += operation.length;
        }
    }

    std::u16string text(std::size_t from, std::size_t to) const {
        std::u16string text;
        for (std::size_t i = from; i < to; ++i)
            text += all[i].unit;
        return text;
    }

    text::Delta document() const {
        text::Delta document;
        for (const Letter& letter : all)
            document.insert(std::u16string_view(&letter.unit, 1), letter.attributes);
        return document;
    }

    // Whether a boundary there cuts a surrogate pair in two.
    bool splits_pair(std::size_t at) const {
        return at > 0 && at < all.size() && is_low_surrogate(all[at].unit) &&
               is_high_surrogate(all[at - 1].unit);
    }

private:
    // An anchor holds what is inserted between two letters that it holds.
    void insert(std::size_t at, const text::Operation& operation, text::Mark mark) {
        const std::uint64_t anchors =
            at > 0 && at < all.size() ? all[at - 1].anchors & all[at].anchors : std::uint64_t{0};
        std::vector<Letter> letters;
        for (const char16_t unit : operation.text) {
            letters.push_back({unit, operation.attributes, mark, anchors});
            ++mark.offset;
        }
        all.insert(all.begin() + static_cast<std::ptrdiff_t>(at), letters.begin(), letters.end());
    }
};

} // namespace mosty::test
