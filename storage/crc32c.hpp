#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace mosty::storage {

// CRC-32C (Castagnoli), as in RFC 3720: crc32c("123456789") is 0xe3069283.
constexpr std::uint32_t crc32c(std::string_view bytes) {
    constexpr auto table = [] {
        std::array<std::uint32_t, 256> values{};
        for (std::uint32_t byte = 0; byte < values.size(); ++byte) {
            std::uint32_t value = byte;
            for (int bit = 0; bit < 8; ++bit)
                value = (value >> 1) ^ (value & 1 ? 0x82f63b78u : 0u);
            values[byte] = value;
        }
        return values;
    }();
    std::uint32_t crc = 0xffffffffu;
    for (const char byte : bytes)
        crc = table[(crc ^ static_cast<unsigned char>(byte)) & 0xff] ^ (crc >> 8);
    return ~crc;
}

static_assert(crc32c("123456789") == 0xe3069283u);

} // namespace mosty::storage
