#include "server/accounts/secrets.hpp"

#include "server/access/key_file.hpp"
#include "server/sequencing/sha256.hpp"

#include <fmt/format.h>

#include <sodium.h>
#include <stdexcept>

namespace mosty::accounts {
namespace {

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

std::string hex_of(std::string_view bytes) {
    std::string hex;
    for (const char byte : bytes)
        hex += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return hex;
}

} // namespace

std::string random_bytes(std::size_t count) {
    if (sodium_init() < 0)
        throw std::runtime_error("the system gives no random bytes");
    std::string bytes(count, '\0');
    randombytes_buf(bytes.data(), bytes.size());
    return bytes;
}

std::string new_secret() {
    constexpr std::size_t secret_bytes = 32;
    constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    const std::string bytes = random_bytes(secret_bytes);
    std::string text(sodium_base64_ENCODED_LEN(secret_bytes, variant), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes_of(bytes), bytes.size(), variant);
    text.pop_back(); // its end mark
    return text;
}

std::string digest_of(std::string_view secret) {
    return sequencing::sha256_hex(secret);
}

Result<Vault, std::string> Vault::open(const std::filesystem::path& path) {
    if (sodium_init() < 0)
        return std::unexpected("the system gives no random bytes");
    auto key = access::open_key(path);
    if (!key)
        return std::unexpected(key.error());
    static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == 32);
    return Vault(std::move(*key));
}

std::string Vault::seal(std::string_view bytes, std::string_view place) const {
    const std::string key = access::seal_of(key_, "seal");
    std::string sealed = random_bytes(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
    const std::string nonce = sealed;
    sealed.resize(nonce.size() + bytes.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        bytes_of(sealed) + nonce.size(), nullptr, bytes_of(bytes), bytes.size(), bytes_of(place),
        place.size(), nullptr, bytes_of(std::string_view(nonce)), bytes_of(std::string_view(key)));
    return hex_of(sealed);
}

std::optional<std::string> Vault::unseal(std::string_view sealed, std::string_view place) const {
    constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
    constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
    std::string bytes(sealed.size() / 2, '\0');
    std::size_t length = 0;
    if (sodium_hex2bin(bytes_of(bytes), bytes.size(), sealed.data(), sealed.size(), nullptr, &length,
                       nullptr) != 0 ||
        length < nonce_bytes + tag_bytes)
        return std::nullopt;
    const std::string key = access::seal_of(key_, "seal");
    std::string opened(length - nonce_bytes - tag_bytes, '\0');
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            bytes_of(opened), nullptr, nullptr, bytes_of(bytes) + nonce_bytes, length - nonce_bytes,
            bytes_of(place), place.size(), bytes_of(bytes), bytes_of(std::string_view(key))) != 0)
        return std::nullopt;
    return opened;
}

std::string Vault::mark(std::string_view use, std::string_view text) const {
    return hex_of(access::seal_of(access::seal_of(key_, use), text));
}

bool same_text(std::string_view a, std::string_view b) {
    return access::same_seal(a, b);
}

} // namespace mosty::accounts
