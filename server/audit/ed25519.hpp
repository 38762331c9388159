#pragma once

#include "domain/base/result.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

using EVP_PKEY = struct evp_pkey_st;

// Signatures of RFC 8032, by OpenSSL.
namespace mosty::audit {

using PublicKey = std::array<std::uint8_t, 32>;

inline constexpr std::size_t ed25519_signature_bytes = 64;

// A private key, and the public one that belongs to it.
//
// Threads: immutable, any.
class Ed25519Key {
public:
    // Reads the key's 32-byte seed from a file of 0600, or draws one and makes the file.
    static Result<Ed25519Key, std::string> open(const std::filesystem::path& path);

    // `seed` is 32 bytes.
    static Ed25519Key from_seed(std::string_view seed);

    const PublicKey& public_key() const { return public_key_; }

    // 64 bytes.
    std::string sign(std::string_view message) const;

private:
    struct Free {
        void operator()(EVP_PKEY* key) const;
    };
    explicit Ed25519Key(EVP_PKEY* key);

    std::unique_ptr<EVP_PKEY, Free> key_;
    PublicKey public_key_{};
};

bool is_signed_by(const PublicKey& key, std::string_view message, std::string_view signature);

} // namespace mosty::audit
