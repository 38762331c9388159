#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace mosty::storage {

using Sha256 = std::array<std::uint8_t, 32>;

Sha256 sha256(std::string_view bytes);

// The hash of the parts, one after the other.
Sha256 sha256(std::initializer_list<std::string_view> parts);

} // namespace mosty::storage
