#pragma once

#include <optional>
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
    field = std::move(change);
    change.reset();
}

} // namespace mosty
