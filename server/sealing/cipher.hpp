#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mosty::sealing {

// A key of AES-256, wiped from memory when it goes.
class Key {
public:
    static constexpr std::size_t bytes_max = 32;

    // A new one of the system's randomness. Throws when there is none.
    static Key random();
    // Nothing unless there are 32 bytes.
    static std::optional<Key> from(std::string_view bytes);

    Key(const Key&) = default;
    Key& operator=(const Key&) = default;
    ~Key();

    std::string_view bytes() const { return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()}; }

    friend bool operator==(const Key&, const Key&) = default;

private:
    Key() = default;

    std::array<std::uint8_t, bytes_max> bytes_{};
};

inline constexpr std::size_t nonce_bytes = 12;
using Nonce = std::array<std::uint8_t, nonce_bytes>;

// As many as one likes, and never the same twice: of the system's randomness.
Nonce random_nonce();

// AES-256-GCM: nonce, ciphertext and tag of 16 bytes, one behind the other. `bound` is authenticated and not
// part of the answer. A key must never see a nonce twice.
std::string seal(const Key& key, const Nonce& nonce, std::string_view bound, std::string_view plain);

// Nothing when the bytes were sealed under another key, bound to something else, or changed.
std::optional<std::string> open(const Key& key, std::string_view bound, std::string_view sealed);

} // namespace mosty::sealing
