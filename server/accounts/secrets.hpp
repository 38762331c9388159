#pragma once

#include "domain/base/result.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace mosty::accounts {

// A new secret of 256 bits, as 43 letters, digits, - and _.
std::string new_secret();

// Random bytes of the system.
std::string random_bytes(std::size_t count);

// Under what a secret is stored: its SHA-256, 64 hexadecimal digits. Enough for secrets that nobody can
// guess.
std::string digest_of(std::string_view secret);

// The key of the credentials folder, for what must be read again or could be guessed from its hash alone.
//
// Threads: immutable, any.
class Vault {
public:
    // Reads the key from `path`, or makes it, readable by the owner alone.
    static Result<Vault, std::string> open(const std::filesystem::path& path);

    // Seals bytes for one place: `place` must be the same to open them again.
    std::string seal(std::string_view bytes, std::string_view place) const;
    // Nothing when they were not sealed here for this place.
    std::optional<std::string> unseal(std::string_view sealed, std::string_view place) const;

    // A mark that only this key makes of the text, 64 hexadecimal digits.
    std::string mark(std::string_view use, std::string_view text) const;

private:
    explicit Vault(std::string key) : key_(std::move(key)) {}

    std::string key_;
};

// "known" without that it can be measured where two texts of one length differ.
bool same_text(std::string_view a, std::string_view b);

} // namespace mosty::accounts
