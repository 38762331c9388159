#include "server/net/frame_reader.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

namespace mosty::net {
namespace {

enum Opcode : unsigned { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

constexpr unsigned reserved_bits = 0x70;
constexpr unsigned short normal_closure = 1000;

// Codes that a peer may send: those that RFC 6455 and its registry give a meaning, and those left to others.
bool is_close_code(unsigned code) {
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

} // namespace

FrameReader::Heard FrameReader::take(std::span<char>& bytes) {
    if (fragments_ == 0 && !in_payload_)
        pieces_.reset(); // they were given out; their memory is not kept for the next ones
    for (;;) {
        if (!in_payload_) {
            if (auto heard = take_header(bytes); !std::holds_alternative<Nothing>(heard) || !in_payload_)
                return heard;
        }
        auto heard = is_control() ? take_control(bytes) : take_data(bytes);
        if (!std::holds_alternative<Nothing>(heard) || in_payload_)
            return heard;
    }
}

std::size_t FrameReader::header_bytes_wanted() const {
    if (header_bytes_ < 2)
        return 2;
    const unsigned length = header_[1] & 0x7fU;
    return 2 + (length == 126 ? 2 : length == 127 ? 8 : 0) + key_.size();
}

FrameReader::Heard FrameReader::take_header(std::span<char>& bytes) {
    while (header_bytes_ < header_bytes_wanted()) {
        if (bytes.empty())
            return Nothing{};
        header_[header_bytes_++] = static_cast<unsigned char>(bytes.front());
        bytes = bytes.subspan(1);
        if (header_bytes_ == 2)
            if (auto fault = judge_beginning(); !std::holds_alternative<Nothing>(fault))
                return fault;
        // The length is judged before the key comes.
        if (header_bytes_ >= 2 && header_bytes_ == header_bytes_wanted() - key_.size())
            if (auto fault = judge_length(); !std::holds_alternative<Nothing>(fault))
                return fault;
    }
    std::memcpy(key_.data(), header_.data() + header_bytes_ - key_.size(), key_.size());
    header_bytes_ = 0;
    payload_taken_ = 0;
    in_payload_ = true;
    return Nothing{};
}

FrameReader::Heard FrameReader::judge_beginning() {
    opcode_ = header_[0] & 0x0fU;
    const bool is_masked = (header_[1] & 0x80U) != 0;
    if ((header_[0] & reserved_bits) != 0 || !is_masked)
        return Fault::protocol;
    if (is_control()) {
        const bool is_known = opcode_ == close || opcode_ == ping || opcode_ == pong;
        return is_known && is_final() && (header_[1] & 0x7fU) <= control_payload_max ? Heard{Nothing{}}
                                                                                     : Fault::protocol;
    }
    if (opcode_ > binary || (opcode_ == continuation) != (fragments_ > 0))
        return Fault::protocol;
    if (opcode_ == binary)
        return Fault::not_text;
    if (++fragments_ > limits_.fragments_max)
        return Fault::too_many_fragments;
    return Nothing{};
}

FrameReader::Heard FrameReader::judge_length() {
    const std::size_t length_bytes = header_bytes_ - 2;
    payload_bytes_ = length_bytes == 0 ? header_[1] & 0x7fU : 0;
    for (std::size_t i = 0; i < length_bytes; ++i)
        payload_bytes_ = payload_bytes_ << 8U | header_[2 + i];
    // In the fewest bytes that it can be said in, and no more than 63 bits.
    const bool is_shortest = length_bytes == 0   ? true
                             : length_bytes == 2 ? payload_bytes_ > control_payload_max
                                                 : payload_bytes_ > std::numeric_limits<std::uint16_t>::max();
    if (!is_shortest || payload_bytes_ > std::uint64_t{std::numeric_limits<std::int64_t>::max()})
        return Fault::protocol;
    if (!is_control() && payload_bytes_ > limits_.message_bytes_max - (pieces_ ? pieces_->message.size() : 0))
        return Fault::too_big;
    return Nothing{};
}

// Takes what has come of the payload, as it was before it was masked.
std::span<char> FrameReader::unmask(std::span<char>& bytes) {
    const auto count =
        static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), payload_bytes_ - payload_taken_));
    const std::span<char> taken = bytes.first(count);
    bytes = bytes.subspan(count);
    // Eight bytes at once, with the key turned to where the payload stands.
    std::array<unsigned char, 8> key{};
    for (std::size_t i = 0; i < key.size(); ++i)
        key[i] = key_[(payload_taken_ + i) % key_.size()];
    std::uint64_t key_of_eight = 0;
    std::memcpy(&key_of_eight, key.data(), sizeof key_of_eight);
    std::size_t at = 0;
    for (; at + key.size() <= count; at += key.size()) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, taken.data() + at, sizeof eight);
        eight ^= key_of_eight;
        std::memcpy(taken.data() + at, &eight, sizeof eight);
    }
    for (; at < count; ++at)
        taken[at] = static_cast<char>(static_cast<unsigned char>(taken[at]) ^ key[at % key.size()]);
    payload_taken_ += count;
    in_payload_ = payload_taken_ < payload_bytes_;
    return taken;
}

FrameReader::Heard FrameReader::take_control(std::span<char>& bytes) {
    const bool is_begin = payload_taken_ == 0;
    const auto piece = unmask(bytes);
    const std::string_view said{piece.data(), piece.size()};
    if (is_begin && !in_payload_)
        return control_heard(said);
    auto& control = pieces().control;
    if (is_begin)
        control.clear();
    control += said;
    return in_payload_ ? Heard{Nothing{}} : control_heard(control);
}

FrameReader::Heard FrameReader::control_heard(std::string_view payload) const {
    if (opcode_ == ping)
        return Ping{payload};
    if (opcode_ == pong)
        return Pong{};
    if (payload.empty())
        return Close{normal_closure};
    if (payload.size() == 1)
        return Fault::protocol;
    const unsigned code =
        static_cast<unsigned char>(payload[0]) * 256U + static_cast<unsigned char>(payload[1]);
    if (!is_close_code(code))
        return Fault::protocol;
    Utf8Check reason;
    if (!reason.take(payload.substr(2)) || !reason.is_whole())
        return Fault::not_utf8;
    return Close{static_cast<unsigned short>(code)};
}

FrameReader::Heard FrameReader::take_data(std::span<char>& bytes) {
    const auto piece = unmask(bytes);
    const std::string_view said{piece.data(), piece.size()};
    if (!utf8_.take(said))
        return Fault::not_utf8;
    const bool is_end = is_final() && !in_payload_;
    const bool came_at_once = is_end && !has_of_message();
    if (!came_at_once)
        pieces().message += said;
    if (!is_end)
        return Nothing{};
    if (!utf8_.is_whole())
        return Fault::not_utf8;
    fragments_ = 0;
    return Message{came_at_once ? said : std::string_view{pieces_->message}};
}

} // namespace mosty::net
