#pragma once

#include "domain/base/result.hpp"

#include <openssl/types.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The keys by which a provider signs, as its JSON Web Key Set tells them (RFC 7517, 7518, 8037).
namespace mosty::openid {

// How tokens may be signed: RSA of 2,048 to 8,192 bits with SHA-256 (PKCS #1 v1.5), ECDSA on P-256, Ed25519.
enum class Algorithm { rs256, es256, eddsa };

// "RS256". Nothing for all others, "none" and those of shared secrets among them.
std::optional<Algorithm> algorithm_of(std::string_view name);

// One key. It belongs to one algorithm and verifies by no other, whatever a token says.
//
// Threads: immutable, any.
class Key {
public:
    // `bytes` are big-endian. Nothing when they are no sound key of that kind.
    static std::optional<Key> rsa(std::string id, std::string_view modulus, std::string_view exponent);
    static std::optional<Key> p256(std::string id, std::string_view x, std::string_view y);
    static std::optional<Key> ed25519(std::string id, std::string_view x);

    const std::string& id() const { return id_; } // empty: it has none
    Algorithm algorithm() const { return algorithm_; }

    // `signature` as JWS writes it: of ES256 the two numbers of 32 bytes, one after the other.
    bool verifies(std::string_view message, std::string_view signature) const;

private:
    Key(std::string id, Algorithm algorithm, EVP_PKEY* key);

    std::string id_;
    Algorithm algorithm_;
    std::shared_ptr<EVP_PKEY> key_;
};

using Keys = std::vector<Key>;

constexpr std::size_t keys_max = 64;

// Reads a JSON Web Key Set. A key of a kind that we do not know, for encrypting, or unsound is passed over;
// an error, in a sentence, is what is no set, has more than `keys_max` keys, or not one that can be used.
Result<Keys, std::string> parse_keys(std::string_view json);

// The one key that may have signed so. Without `id` it must be the only one of its algorithm; nothing when
// there is none, or more than one.
const Key* find_key(const Keys& keys, Algorithm algorithm, std::string_view id);

} // namespace mosty::openid
