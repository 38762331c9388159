#include "server/sealing/cipher.hpp"

#include "domain/base/invariant.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <stdexcept>

namespace mosty::sealing {
namespace {

constexpr std::size_t tag_bytes = 16;

void fill(std::uint8_t* bytes, std::size_t count) {
    if (RAND_bytes(bytes, static_cast<int>(count)) != 1)
        throw std::runtime_error("the system gives no random bytes");
}

// Looked up once: each look takes OpenSSL longer than sealing does.
const EVP_CIPHER* cipher() {
    static EVP_CIPHER* const fetched = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    MOSTY_INVARIANT(fetched != nullptr, "OpenSSL has AES-256-GCM");
    return fetched;
}

struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

EVP_CIPHER_CTX* context() {
    thread_local const std::unique_ptr<EVP_CIPHER_CTX, FreeContext> kept(EVP_CIPHER_CTX_new());
    MOSTY_INVARIANT(kept != nullptr, "there is memory for a cipher");
    return kept.get();
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes_of(std::string& text, std::size_t from) {
    return reinterpret_cast<unsigned char*>(text.data() + from);
}

} // namespace

Key Key::random() {
    Key key;
    fill(key.bytes_.data(), key.bytes_.size());
    return key;
}

std::optional<Key> Key::from(std::string_view bytes) {
    if (bytes.size() != bytes_max)
        return std::nullopt;
    Key key;
    std::ranges::copy(bytes, key.bytes_.begin());
    return key;
}

Key::~Key() {
    OPENSSL_cleanse(bytes_.data(), bytes_.size());
}

Nonce random_nonce() {
    Nonce nonce{};
    fill(nonce.data(), nonce.size());
    return nonce;
}

std::string seal(const Key& key, const Nonce& nonce, std::string_view bound, std::string_view plain) {
    std::string sealed(nonce_bytes + plain.size() + tag_bytes, '\0');
    std::ranges::copy(nonce, sealed.begin());
    EVP_CIPHER_CTX* const with = context();
    int length = 0;
    const bool done =
        EVP_EncryptInit_ex2(with, cipher(), bytes_of(key.bytes()), nonce.data(), nullptr) == 1 &&
        EVP_EncryptUpdate(with, nullptr, &length, bytes_of(bound), static_cast<int>(bound.size())) == 1 &&
        EVP_EncryptUpdate(with, bytes_of(sealed, nonce_bytes), &length, bytes_of(plain),
                          static_cast<int>(plain.size())) == 1 &&
        EVP_EncryptFinal_ex(with, bytes_of(sealed, nonce_bytes + plain.size()), &length) == 1 &&
        EVP_CIPHER_CTX_ctrl(with, EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag_bytes),
                            bytes_of(sealed, nonce_bytes + plain.size())) == 1;
    MOSTY_INVARIANT(done, "sealing cannot fail");
    return sealed;
}

std::optional<std::string> open(const Key& key, std::string_view bound, std::string_view sealed) {
    if (sealed.size() < nonce_bytes + tag_bytes)
        return std::nullopt;
    const std::string_view body = sealed.substr(nonce_bytes, sealed.size() - nonce_bytes - tag_bytes);
    std::string tag(sealed.substr(sealed.size() - tag_bytes)); // OpenSSL asks for bytes that it might change
    std::string plain(body.size(), '\0');
    EVP_CIPHER_CTX* const with = context();
    int length = 0;
    const bool whole =
        EVP_DecryptInit_ex2(with, cipher(), bytes_of(key.bytes()), bytes_of(sealed), nullptr) == 1 &&
        EVP_DecryptUpdate(with, nullptr, &length, bytes_of(bound), static_cast<int>(bound.size())) == 1 &&
        EVP_DecryptUpdate(with, bytes_of(plain, 0), &length, bytes_of(body), static_cast<int>(body.size())) ==
            1 &&
        EVP_CIPHER_CTX_ctrl(with, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag_bytes), tag.data()) == 1 &&
        EVP_DecryptFinal_ex(with, bytes_of(plain, body.size()), &length) == 1;
    if (!whole)
        return std::nullopt;
    return plain;
}

} // namespace mosty::sealing
