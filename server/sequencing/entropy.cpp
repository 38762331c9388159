#include "server/sequencing/entropy.hpp"

#include <openssl/rand.h>

#include <array>
#include <cstring>
#include <memory>
#include <stdexcept>

namespace mosty::sequencing {

Entropy system_entropy() {
    struct Block {
        std::array<std::byte, 4096> bytes;
        std::size_t used = 4096;
    };
    return [block = std::make_shared<Block>()](std::span<std::byte> out) {
        if (block->used + out.size() > block->bytes.size()) {
            if (RAND_bytes(reinterpret_cast<unsigned char*>(block->bytes.data()),
                           static_cast<int>(block->bytes.size())) != 1)
                throw std::runtime_error("the system gives no random bytes");
            block->used = 0;
        }
        std::memcpy(out.data(), block->bytes.data() + block->used, out.size());
        block->used += out.size();
    };
}

std::string random_id(std::string_view prefix, const Entropy& entropy) {
    static constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    std::array<std::byte, 16> bytes{};
    entropy(bytes);

    std::string id{prefix};
    id.reserve(prefix.size() + 26);
    unsigned bits = 0;
    unsigned held = 0;
    for (const std::byte byte : bytes) {
        bits = (bits << 8) | std::to_integer<unsigned>(byte);
        held += 8;
        while (held >= 5) {
            held -= 5;
            id += alphabet[(bits >> held) & 31];
        }
    }
    id += alphabet[(bits << (5 - held)) & 31];
    return id;
}

} // namespace mosty::sequencing
