#include "server/openid/keys.hpp"

#include "server/openid/base64url.hpp"
#include "server/openid/json_object.hpp"

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <array>

namespace mosty::openid {
namespace {

constexpr int rsa_bits_min = 2'048;
constexpr int rsa_bits_max = 8'192; // longer ones take too long to use
constexpr int exponent_bits_max = 32;
constexpr std::size_t key_id_length_max = 256;
constexpr std::size_t p256_number_bytes = 32;
constexpr std::size_t ed25519_bytes = 32;

struct Free {
    void operator()(BIGNUM* one) const { ::BN_free(one); }
    void operator()(ECDSA_SIG* one) const { ::ECDSA_SIG_free(one); }
    void operator()(EVP_MD_CTX* one) const { ::EVP_MD_CTX_free(one); }
    void operator()(EVP_PKEY* one) const { ::EVP_PKEY_free(one); }
    void operator()(EVP_PKEY_CTX* one) const { ::EVP_PKEY_CTX_free(one); }
    void operator()(OSSL_PARAM* one) const { ::OSSL_PARAM_free(one); }
    void operator()(OSSL_PARAM_BLD* one) const { ::OSSL_PARAM_BLD_free(one); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

Owned<BIGNUM> number_of(std::string_view bytes) {
    return Owned<BIGNUM>(::BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
}

// A public key of the kind, made of the parameters; nothing when they make none, such as a point off its
// curve. Whether the modulus of RSA is a product of two primes is the provider's affair, and takes long to
// tell.
Owned<EVP_PKEY> made_of(const char* kind, OSSL_PARAM_BLD* builder) {
    const Owned<OSSL_PARAM> parameters(::OSSL_PARAM_BLD_to_param(builder));
    const Owned<EVP_PKEY_CTX> context(::EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
    EVP_PKEY* made = nullptr;
    if (!parameters || !context || ::EVP_PKEY_fromdata_init(context.get()) != 1 ||
        ::EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1)
        return nullptr;
    return Owned<EVP_PKEY>(made);
}

// What OpenSSL noted of a refusal must not be read by the next who asks it why.
struct ForgetErrors {
    ~ForgetErrors() { ::ERR_clear_error(); }
};

// An ECDSA signature as OpenSSL wants it; empty when it is none.
std::string der_of(std::string_view signature) {
    if (signature.size() != 2 * p256_number_bytes)
        return {};
    auto r = number_of(signature.substr(0, p256_number_bytes));
    auto s = number_of(signature.substr(p256_number_bytes));
    const Owned<ECDSA_SIG> both(::ECDSA_SIG_new());
    if (!r || !s || !both || ::ECDSA_SIG_set0(both.get(), r.get(), s.get()) != 1)
        return {};
    static_cast<void>(r.release()); // the signature's now
    static_cast<void>(s.release());
    unsigned char* bytes = nullptr;
    const int length = ::i2d_ECDSA_SIG(both.get(), &bytes);
    if (length <= 0)
        return {};
    std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
    ::OPENSSL_free(bytes);
    return der;
}

bool is_for_signing(simdjson::dom::object object, std::string_view algorithm) {
    if (const auto use = object["use"]; use.error() == simdjson::SUCCESS && text_in(object, "use") != "sig")
        return false;
    if (const auto alg = object["alg"];
        alg.error() == simdjson::SUCCESS && text_in(object, "alg") != algorithm)
        return false;
    simdjson::dom::array deeds;
    return object["key_ops"].get(deeds) != simdjson::SUCCESS ||
           std::ranges::any_of(deeds, [](simdjson::dom::element deed) {
               std::string_view word;
               return deed.get(word) == simdjson::SUCCESS && word == "verify";
           });
}

std::optional<Key> key_of(simdjson::dom::object object) {
    const auto id = text_in(object, "kid").value_or("");
    if (says_twice(object) || id.size() > key_id_length_max)
        return std::nullopt;
    const auto number = [&](std::string_view name) {
        return decode_base64url(text_in(object, name).value_or("")).value_or("");
    };
    const auto kind = text_in(object, "kty").value_or("");
    if (kind == "RSA" && is_for_signing(object, "RS256"))
        return Key::rsa(std::string(id), number("n"), number("e"));
    const auto curve = text_in(object, "crv").value_or("");
    if (kind == "EC" && curve == "P-256" && is_for_signing(object, "ES256"))
        return Key::p256(std::string(id), number("x"), number("y"));
    if (kind == "OKP" && curve == "Ed25519" && is_for_signing(object, "EdDSA"))
        return Key::ed25519(std::string(id), number("x"));
    return std::nullopt;
}

} // namespace

std::optional<Algorithm> algorithm_of(std::string_view name) {
    if (name == "RS256")
        return Algorithm::rs256;
    if (name == "ES256")
        return Algorithm::es256;
    if (name == "EdDSA")
        return Algorithm::eddsa;
    return std::nullopt;
}

Key::Key(std::string id, Algorithm algorithm, EVP_PKEY* key)
    : id_(std::move(id)), algorithm_(algorithm), key_(key, Free{}) {}

std::optional<Key> Key::rsa(std::string id, std::string_view modulus, std::string_view exponent) {
    const ForgetErrors forget;
    if (modulus.size() > rsa_bits_max / 8 + 1 || exponent.size() > exponent_bits_max / 8 + 1)
        return std::nullopt;
    const auto n = number_of(modulus);
    const auto e = number_of(exponent);
    if (!n || !e || ::BN_num_bits(n.get()) < rsa_bits_min || ::BN_num_bits(n.get()) > rsa_bits_max ||
        ::BN_is_odd(n.get()) != 1 || ::BN_is_odd(e.get()) != 1 || ::BN_is_one(e.get()) == 1 ||
        ::BN_num_bits(e.get()) > exponent_bits_max)
        return std::nullopt;
    const Owned<OSSL_PARAM_BLD> builder(::OSSL_PARAM_BLD_new());
    if (!builder || ::OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
        ::OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
        return std::nullopt;
    auto key = made_of("RSA", builder.get());
    return key ? std::optional(Key(std::move(id), Algorithm::rs256, key.release())) : std::nullopt;
}

std::optional<Key> Key::p256(std::string id, std::string_view x, std::string_view y) {
    const ForgetErrors forget;
    if (x.size() != p256_number_bytes || y.size() != p256_number_bytes)
        return std::nullopt;
    const std::string point = '\x04' + std::string(x) + std::string(y);
    const Owned<OSSL_PARAM_BLD> builder(::OSSL_PARAM_BLD_new());
    if (!builder ||
        ::OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) != 1 ||
        ::OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                           point.size()) != 1)
        return std::nullopt;
    auto key = made_of("EC", builder.get());
    return key ? std::optional(Key(std::move(id), Algorithm::es256, key.release())) : std::nullopt;
}

std::optional<Key> Key::ed25519(std::string id, std::string_view x) {
    const ForgetErrors forget;
    if (x.size() != ed25519_bytes)
        return std::nullopt;
    Owned<EVP_PKEY> key(::EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(x), x.size()));
    return key ? std::optional(Key(std::move(id), Algorithm::eddsa, key.release())) : std::nullopt;
}

bool Key::verifies(std::string_view message, std::string_view signature) const {
    const ForgetErrors forget;
    const std::string given = algorithm_ == Algorithm::es256 ? der_of(signature) : std::string(signature);
    const EVP_MD* digest = algorithm_ == Algorithm::eddsa ? nullptr : ::EVP_sha256();
    const Owned<EVP_MD_CTX> context(::EVP_MD_CTX_new());
    return !given.empty() && context &&
           ::EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key_.get()) == 1 &&
           ::EVP_DigestVerify(context.get(), bytes_of(given), given.size(), bytes_of(message),
                              message.size()) == 1;
}

Result<Keys, std::string> parse_keys(std::string_view json) {
    JsonObject set;
    simdjson::dom::array list;
    if (!set.parse(json) || set.value()["keys"].get(list) != simdjson::SUCCESS)
        return std::unexpected("its keys are no JSON Web Key Set");
    if (list.size() > keys_max)
        return std::unexpected(fmt::format("it has more than {} keys", keys_max));
    Keys keys;
    for (const simdjson::dom::element one : list) {
        simdjson::dom::object object;
        if (one.get(object) != simdjson::SUCCESS)
            continue;
        if (auto key = key_of(object))
            keys.push_back(std::move(*key));
    }
    if (keys.empty())
        return std::unexpected("it has no key for RS256, ES256 or EdDSA");
    return keys;
}

const Key* find_key(const Keys& keys, Algorithm algorithm, std::string_view id) {
    const Key* found = nullptr;
    for (const Key& key : keys) {
        if (key.algorithm() != algorithm || (!id.empty() && key.id() != id))
            continue;
        if (found)
            return nullptr;
        found = &key;
    }
    return found;
}

} // namespace mosty::openid
