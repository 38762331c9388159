#include "server/audit/ed25519.hpp"

#include "domain/base/invariant.hpp"
#include "server/access/key_file.hpp"

#include <openssl/evp.h>

namespace mosty::audit {
namespace {

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

} // namespace

void Ed25519Key::Free::operator()(EVP_PKEY* key) const {
    EVP_PKEY_free(key);
}

Ed25519Key::Ed25519Key(EVP_PKEY* key) : key_(key) {
    std::size_t length = public_key_.size();
    const bool known = key_ && EVP_PKEY_get_raw_public_key(key_.get(), public_key_.data(), &length) == 1;
    MOSTY_INVARIANT(known && length == public_key_.size(), "every seed of 32 bytes is an Ed25519 key");
}

Result<Ed25519Key, std::string> Ed25519Key::open(const std::filesystem::path& path) {
    const auto seed = access::open_key(path);
    if (!seed)
        return std::unexpected(seed.error());
    return from_seed(*seed);
}

Ed25519Key Ed25519Key::from_seed(std::string_view seed) {
    return Ed25519Key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes_of(seed), seed.size()));
}

std::string Ed25519Key::sign(std::string_view message) const {
    const Context context(EVP_MD_CTX_new());
    std::string signature(ed25519_signature_bytes, '\0');
    std::size_t length = signature.size();
    const bool is_signed = context &&
                           EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
                           EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()),
                                          &length, bytes_of(message), message.size()) == 1;
    MOSTY_INVARIANT(is_signed && length == signature.size(), "a whole key signs any message");
    return signature;
}

bool is_signed_by(const PublicKey& key, std::string_view message, std::string_view signature) {
    struct FreeKey {
        void operator()(EVP_PKEY* one) const { EVP_PKEY_free(one); }
    };
    const std::unique_ptr<EVP_PKEY, FreeKey> public_key(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
    const Context context(EVP_MD_CTX_new());
    return public_key && context &&
           EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, public_key.get()) == 1 &&
           EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message),
                            message.size()) == 1;
}

} // namespace mosty::audit
