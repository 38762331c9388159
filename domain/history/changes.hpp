#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>

namespace mosty {

// Moves a corrected value, when there is one, into the fact's field. What stays behind in the changes
// are fields that the fact does not have.
template <class T>
void take(T& field, std::optional<T>& change) {
    if (!change)
        return;
    field = std::move(*change);
    change.reset();
}

template <class T>
void take(std::optional<T>& field, std::optional<T>& change) {
    if (!change)
        return;
    field = std::exchange(change, std::nullopt);
}

// The first of the named fields that still holds a change; empty when none does.
struct NamedChange {
    std::string_view field;
    bool holds;
};

inline std::string_view first_left(std::initializer_list<NamedChange> changes) {
    for (const NamedChange& change : changes)
        if (change.holds)
            return change.field;
    return {};
}

} // namespace mosty
