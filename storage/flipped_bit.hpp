#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mosty::storage {

// A bit of a string of bytes: `bit` 0 is the lowest of the byte at `offset`.
struct Bit {
    std::size_t offset = 0;
    unsigned bit = 0;

    friend bool operator==(const Bit&, const Bit&) = default;
};

// The bit which must be turned for the bytes to have this CRC-32C; nothing when one is not enough. There is
// at most one in what is shorter than 256 MiB. Bytes that were damaged in more than a bit have one by chance,
// in one of 16,384 cases for 32 KiB: what comes out must be proven by something stronger.
std::optional<Bit> find_flipped_bit(std::string_view bytes, std::uint32_t crc);

} // namespace mosty::storage
