#include "signer.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <array>
#include <vector>

namespace mosty::test {
namespace {

using openid::encode_base64url;

std::string number_in(EVP_PKEY* key, const char* name, int bytes = 0) {
    BIGNUM* number = nullptr;
    REQUIRE(EVP_PKEY_get_bn_param(key, name, &number) == 1);
    std::string text(static_cast<std::size_t>(bytes == 0 ? BN_num_bytes(number) : bytes), '\0');
    REQUIRE(BN_bn2binpad(number, reinterpret_cast<unsigned char*>(text.data()),
                         static_cast<int>(text.size())) >= 0);
    BN_free(number);
    return text;
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string numbers_of(std::string_view der) {
    const unsigned char* at = bytes_of(der);
    ECDSA_SIG* signature = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
    REQUIRE(signature != nullptr);
    std::string text(64, '\0');
    auto* out = reinterpret_cast<unsigned char*>(text.data());
    REQUIRE(BN_bn2binpad(ECDSA_SIG_get0_r(signature), out, 32) == 32);
    REQUIRE(BN_bn2binpad(ECDSA_SIG_get0_s(signature), out + 32, 32) == 32);
    ECDSA_SIG_free(signature);
    return text;
}

} // namespace

Signer::Signer(EVP_PKEY* key) : key_(key, EVP_PKEY_free) {
    REQUIRE(key != nullptr);
}

Signer Signer::rsa(unsigned bits) {
    return Signer(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{bits}));
}

Signer Signer::p256() {
    return Signer(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "prime256v1"));
}

Signer Signer::ed25519() {
    return Signer(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
}

std::string_view Signer::algorithm() const {
    switch (EVP_PKEY_get_base_id(key_.get())) {
    case EVP_PKEY_RSA:
        return "RS256";
    case EVP_PKEY_EC:
        return "ES256";
    default:
        return "EdDSA";
    }
}

std::string Signer::jwk(std::string_view id, std::string_view members) const {
    if (algorithm() == "RS256")
        return fmt::format(R"({{"kty":"RSA","kid":"{}","n":"{}","e":"{}"{}}})", id,
                           encode_base64url(number_in(key_.get(), OSSL_PKEY_PARAM_RSA_N)),
                           encode_base64url(number_in(key_.get(), OSSL_PKEY_PARAM_RSA_E)), members);
    if (algorithm() == "ES256")
        return fmt::format(R"({{"kty":"EC","crv":"P-256","kid":"{}","x":"{}","y":"{}"{}}})", id,
                           encode_base64url(number_in(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X, 32)),
                           encode_base64url(number_in(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, 32)), members);
    std::string x(32, '\0');
    std::size_t length = x.size();
    REQUIRE(EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(x.data()), &length) ==
            1);
    return fmt::format(R"({{"kty":"OKP","crv":"Ed25519","kid":"{}","x":"{}"{}}})", id, encode_base64url(x),
                       members);
}

std::string Signer::sign(std::string_view message) const {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    const EVP_MD* digest = algorithm() == "EdDSA" ? nullptr : EVP_sha256();
    REQUIRE(EVP_DigestSignInit(context, nullptr, digest, nullptr, key_.get()) == 1);
    std::size_t length = 0;
    REQUIRE(EVP_DigestSign(context, nullptr, &length, bytes_of(message), message.size()) == 1);
    std::string signature(length, '\0');
    REQUIRE(EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &length,
                           bytes_of(message), message.size()) == 1);
    EVP_MD_CTX_free(context);
    signature.resize(length);
    return algorithm() == "ES256" ? numbers_of(signature) : signature;
}

std::string Signer::token(std::string_view header, std::string_view payload) const {
    const std::string text = encode_base64url(header) + '.' + encode_base64url(payload);
    return text + '.' + encode_base64url(sign(text));
}

std::string Signer::token(std::string_view payload, const char* id) const {
    return token(fmt::format(R"({{"alg":"{}","typ":"JWT","kid":"{}"}})", algorithm(), id), payload);
}

std::string key_set(std::string_view keys) {
    return fmt::format(R"({{"keys":[{}]}})", keys);
}

} // namespace mosty::test
