#pragma once

#include "server/net/utf8_check.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace mosty::net {

// Takes apart what a WebSocket client sends (RFC 6455): bytes in, messages and control frames out. Knows no
// socket. It keeps one message at most, and of that only what has come; what is refused is refused at the
// first byte that tells: a length before its bytes, ill-formed text before the message is whole.
class FrameReader {
public:
    struct Limits {
        std::size_t message_bytes_max = 64 * 1024;
        std::size_t fragments_max = 64; // of one message, empty ones too
    };

    struct Nothing {}; // all bytes were taken, and nothing is whole yet
    struct Message {
        std::string_view text; // well-formed UTF-8
    };
    struct Ping {
        std::string_view payload;
    };
    struct Pong {};
    struct Close {
        unsigned short code; // 1000 when the peer gave none
    };
    enum class Fault { protocol, not_utf8, not_text, too_big, too_many_fragments };

    using Heard = std::variant<Nothing, Message, Ping, Pong, Close, Fault>;

    explicit FrameReader(Limits limits) : limits_(limits) {}

    // Takes bytes off the front, which it unmasks where they are, up to the end of the next thing heard; that
    // stays valid until the next call, and as long as the bytes. After a close or a fault nothing more
    // counts.
    Heard take(std::span<char>& bytes);

    // Whether a message, or a frame, has begun and has not ended.
    bool is_within_message() const { return fragments_ > 0 || header_bytes_ > 0 || in_payload_; }

private:
    static constexpr std::size_t header_bytes_max = 14;
    static constexpr std::size_t control_payload_max = 125;

    // Adds to the header and, when it is whole, answers what is wrong with it; nothing so far.
    Heard take_header(std::span<char>& bytes);
    Heard judge_beginning();
    Heard judge_length();
    std::size_t header_bytes_wanted() const;
    Heard take_control(std::span<char>& bytes);
    Heard take_data(std::span<char>& bytes);
    Heard control_heard(std::string_view payload) const;
    std::span<char> unmask(std::span<char>& bytes);
    bool is_control() const { return (opcode_ & 8U) != 0; }
    bool is_final() const { return (header_[0] & 0x80U) != 0; }

    const Limits limits_;
    // What has come of what did not come at once. Most connections hold none at any time.
    struct Pieces {
        std::string control; // of a control frame's payload
        std::string message;
    };
    Pieces& pieces() { return pieces_ ? *pieces_ : *(pieces_ = std::make_unique<Pieces>()); }
    bool has_of_message() const { return pieces_ && !pieces_->message.empty(); }

    std::array<unsigned char, header_bytes_max> header_{};
    std::uint8_t header_bytes_ = 0; // of the header under way that have come
    bool in_payload_ = false;
    unsigned opcode_ = 0;
    std::array<unsigned char, 4> key_{};
    std::uint64_t payload_bytes_ = 0; // of the frame
    std::uint64_t payload_taken_ = 0;
    std::unique_ptr<Pieces> pieces_;
    std::size_t fragments_ = 0;
    Utf8Check utf8_;
};

} // namespace mosty::net
