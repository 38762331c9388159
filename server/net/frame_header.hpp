#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace mosty::net {

enum class FrameKind : unsigned char { text = 1, close = 8, ping = 9, pong = 10 };

// What stands before the payload of a server's frame, RFC 6455: never masked, never in parts.
class FrameHeader {
public:
    FrameHeader(FrameKind kind, std::size_t payload_bytes) {
        bytes_[0] = static_cast<char>(0x80U | static_cast<unsigned char>(kind));
        if (payload_bytes < 126) {
            bytes_[1] = static_cast<char>(payload_bytes);
            return;
        }
        const std::size_t length_bytes = payload_bytes < 65'536 ? 2 : 8;
        bytes_[1] = length_bytes == 2 ? 126 : 127;
        for (std::size_t i = 0; i < length_bytes; ++i)
            bytes_[2 + i] = static_cast<char>(payload_bytes >> (8 * (length_bytes - 1 - i)));
        size_ += length_bytes;
    }

    std::string_view bytes() const { return {bytes_.data(), size_}; }

private:
    std::array<char, 10> bytes_{};
    std::size_t size_ = 2;
};

inline void append_frame(std::string& out, FrameKind kind, std::string_view payload) {
    out += FrameHeader(kind, payload.size()).bytes();
    out += payload;
}

} // namespace mosty::net
