#pragma once

#include "domain/text/attributes.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mosty::text {

// One step through a text: writes, passes over or takes away `length` UTF-16 units.
struct Operation {
    enum class Kind : std::uint8_t { insert, retain, remove };

    Kind kind = Kind::retain;
    std::size_t length = 0;
    std::u16string text;   // of an insert, `length` units
    Attributes attributes; // of an insert or a retain

    friend bool operator==(const Operation&, const Operation&) = default;
};

// A change of a text, or a text itself: then all its operations are inserts. Always normalised: neighbours
// that can be one are one, an insert stands before a deletion at the same place.
//
// Algorithms: Delta of quill-delta 5.1.0 (compose, transform, transformPosition, invert, push, chop), without
// embeds. Lengths are UTF-16 units.
class Delta {
public:
    Delta& insert(std::u16string_view text, Attributes attributes = {});
    Delta& retain(std::size_t length, Attributes attributes = {});
    Delta& remove(std::size_t length);

    // Adds one operation behind the others; nothing when its length is 0.
    void push(Operation operation);

    // Drops a last retain that changes nothing.
    void chop();

    bool is_empty() const { return operations_.empty(); }
    const std::vector<Operation>& operations() const { return operations_; }

    // How many units of the text before it the delta speaks of, and how much longer the text is after it.
    std::size_t base_length() const;
    std::ptrdiff_t growth() const;

    friend bool operator==(const Delta&, const Delta&) = default;

private:
    std::vector<Operation> operations_;
};

// `second` after `first`, as one delta.
Delta compose(const Delta& first, const Delta& second);

// `other` as it must read once `earlier`, made beside it on the same text, has been applied. With
// Priority::first `earlier` came first: at one place its text stays left, and its attributes win.
Delta transform(const Delta& earlier, const Delta& other, Priority priority);

// Where a place in the text is after `change`. Text inserted just there moves it, unless Priority::first.
std::size_t transform_position(const Delta& change, std::size_t position, Priority priority);

// What takes `change` back from the text it was applied to; `base` is that text, all inserts.
Delta invert(const Delta& change, const Delta& base);

// The same change as several to be applied one after another, each writing at most `units_max` units in at
// most `units_max / 8` operations.
std::vector<Delta> parts_of(const Delta& change, std::size_t units_max);

} // namespace mosty::text
