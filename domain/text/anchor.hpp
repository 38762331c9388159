#pragma once

#include "domain/text/delta.hpp"

#include <cstddef>

namespace mosty::text {

// The passage [from, to) of a text, in UTF-16 units.
struct Range {
    std::size_t from = 0;
    std::size_t to = 0;

    bool is_empty() const { return from >= to; }

    friend bool operator==(const Range&, const Range&) = default;
};

// Where a passage is after `change`. Its bias is inwards: what is inserted at its edges stays outside.
inline Range transform(const Delta& change, Range range) {
    const std::size_t from = transform_position(change, range.from, Priority::second);
    const std::size_t to = transform_position(change, range.to, Priority::first);
    return {from, to < from ? from : to};
}

// A passage that something was said of. When nothing of it is left it is orphaned, and stays so.
struct Anchor {
    Range range;
    bool orphaned = false;

    void follow(const Delta& change) {
        range = transform(change, range);
        orphaned = orphaned || range.is_empty();
    }

    friend bool operator==(const Anchor&, const Anchor&) = default;
};

} // namespace mosty::text
