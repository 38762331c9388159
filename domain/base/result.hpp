#pragma once

#include <expected>

namespace mosty {

// A value, or the reason why there is none.
template <class T, class E>
using Result = std::expected<T, E>;

// Builds a visitor for std::visit from one lambda per alternative.
template <class... Fs>
struct Overloaded : Fs... {
    using Fs::operator()...;
};

} // namespace mosty
