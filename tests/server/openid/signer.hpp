#pragma once

#include "server/openid/base64url.hpp"
#include "server/openid/keys.hpp"

#include <openssl/types.h>

#include <memory>
#include <string>
#include <string_view>

namespace mosty::test {

// A provider's key: it signs tokens, and shows its public half as a JSON Web Key.
class Signer {
public:
    static Signer rsa(unsigned bits = 2'048);
    static Signer p256();
    static Signer ed25519();

    // `members`: more of it, such as `,"use":"sig"`.
    std::string jwk(std::string_view id, std::string_view members = "") const;

    // "RS256", "ES256" or "EdDSA".
    std::string_view algorithm() const;

    // As JWS writes signatures.
    std::string sign(std::string_view message) const;

    // Header and payload as they are given, signed.
    std::string token(std::string_view header, std::string_view payload) const;
    // The same with the usual header.
    std::string token(std::string_view payload, const char* id = "k1") const;

private:
    explicit Signer(EVP_PKEY* key);

    std::shared_ptr<EVP_PKEY> key_;
};

// {"keys":[…]} of JSON Web Keys, parted by commas.
std::string key_set(std::string_view keys);

} // namespace mosty::test
