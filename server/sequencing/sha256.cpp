#include "server/sequencing/sha256.hpp"

#include "domain/base/invariant.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>

namespace mosty::sequencing {

std::string sha256_hex(std::string_view bytes) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    // Looking the algorithm up costs more than hashing a command.
    static EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    const bool hashed =
        sha256 && EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, sha256, nullptr) == 1;
    MOSTY_INVARIANT(hashed, "the library has SHA-256");

    std::string hex;
    hex.reserve(2 * digest.size());
    for (const unsigned char byte : digest) {
        hex += digits[byte >> 4];
        hex += digits[byte & 15];
    }
    return hex;
}

} // namespace mosty::sequencing
