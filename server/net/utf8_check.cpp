#include "server/net/utf8_check.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace mosty::net {
namespace {

// How many of the first bytes are ASCII, counted in eights.
std::size_t ascii_prefix(std::string_view text) {
    std::size_t at = 0;
    for (; at + sizeof(std::uint64_t) <= text.size(); at += sizeof(std::uint64_t)) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, text.data() + at, sizeof eight);
        if ((eight & 0x8080'8080'8080'8080U) != 0)
            break;
    }
    return at;
}

} // namespace

bool Utf8Check::take(std::string_view piece) {
    for (std::size_t at = 0; at < piece.size(); ++at) {
        if (continuations_ == 0) {
            at += ascii_prefix(piece.substr(at));
            if (at == piece.size())
                return true;
        }
        const auto byte = static_cast<unsigned char>(piece[at]);
        if (continuations_ > 0) {
            if (byte < least_ || byte > greatest_)
                return false;
            --continuations_;
            least_ = 0x80;
            greatest_ = 0xbf;
        } else if (byte >= 0x80) {
            if (byte < 0xc2 || byte > 0xf4)
                return false;
            continuations_ = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
            if (byte == 0xe0)
                least_ = 0xa0;
            else if (byte == 0xed)
                greatest_ = 0x9f;
            else if (byte == 0xf0)
                least_ = 0x90;
            else if (byte == 0xf4)
                greatest_ = 0x8f;
        }
    }
    return true;
}

} // namespace mosty::net
