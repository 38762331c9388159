#include "storage/flipped_bit.hpp"

#include "storage/crc32c.hpp"

#include <array>

namespace mosty::storage {

namespace {

// The checksum's register after one more zero byte.
std::uint32_t shifted(std::uint32_t value) {
    for (int bit = 0; bit < 8; ++bit)
        value = (value >> 1) ^ (value & 1 ? 0x82f63b78u : 0u);
    return value;
}

} // namespace

std::optional<Bit> find_flipped_bit(std::string_view bytes, std::uint32_t crc) {
    // A CRC is linear: a turned bit changes it by what depends on the bit's place alone.
    const std::uint32_t difference = crc32c(bytes) ^ crc;
    std::array<std::uint32_t, 8> made_by_bit{};
    for (unsigned bit = 0; bit < 8; ++bit)
        made_by_bit[bit] = shifted(1u << bit);
    for (std::size_t offset = bytes.size(); offset-- > 0;)
        for (unsigned bit = 0; bit < 8; ++bit) {
            if (made_by_bit[bit] == difference)
                return Bit{offset, bit};
            made_by_bit[bit] = shifted(made_by_bit[bit]);
        }
    return std::nullopt;
}

} // namespace mosty::storage
