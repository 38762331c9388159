#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mosty::storage {

// Stored numbers are big-endian, so that bytes sort as numbers do.
template <class Unsigned>
void put_big_endian(char* to, Unsigned value) {
    for (std::size_t i = sizeof(Unsigned); i-- > 0;) {
        to[i] = static_cast<char>(value & 0xff);
        value = static_cast<Unsigned>(value >> 8);
    }
}

template <class Unsigned>
Unsigned get_big_endian(const char* from) {
    Unsigned value = 0;
    for (std::size_t i = 0; i < sizeof(Unsigned); ++i)
        value = static_cast<Unsigned>((value << 8) | static_cast<unsigned char>(from[i]));
    return value;
}

} // namespace mosty::storage
