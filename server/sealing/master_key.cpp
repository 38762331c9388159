#include "server/sealing/master_key.hpp"

#include "server/access/key_file.hpp"
#include "server/sealing/key_store.hpp"
#include "server/sequencing/sha256.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <optional>
#include <string_view>

namespace mosty::sealing {
namespace {

std::optional<int> digit_of(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return std::nullopt;
}

std::optional<Key> key_of_digits(std::string_view digits) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
        const auto high = digit_of(digits[i]), low = digit_of(digits[i + 1]);
        if (!high || !low)
            return std::nullopt;
        bytes += static_cast<char>(*high << 4 | *low);
    }
    return digits.size() == 2 * Key::bytes_max ? Key::from(bytes) : std::nullopt;
}

} // namespace

MasterKey master_key_of(const Key& key) {
    return {key, sequencing::sha256_hex("mosty master key\n" + std::string(key.bytes())).substr(0, 16)};
}

Result<MasterKey, std::string> master_key_in(const std::filesystem::path& path) {
    const auto bytes = access::open_key(path);
    if (!bytes)
        return std::unexpected(bytes.error());
    return master_key_of(Key::from(*bytes).value()); // open_key answers 32 bytes
}

Result<MasterKey, std::string> open_master_key(const std::filesystem::path& data,
                                               const std::filesystem::path& file) {
    if (const char* digits = std::getenv("MOSTY_MASTER_KEY"); digits && *digits != '\0') {
        const auto key = key_of_digits(digits);
        if (!key)
            return std::unexpected("MOSTY_MASTER_KEY does not hold 64 hexadecimal digits");
        return master_key_of(*key);
    }
    if (file.empty() && std::filesystem::exists(data / next_master_key_name)) {
        const auto next = master_key_in(data / next_master_key_name);
        const auto wraps = KeyStore::master_name(data);
        if (next && wraps && next->name == *wraps)
            return next;
    }
    const std::filesystem::path path = file.empty() ? data / master_key_name : file;
    const bool may_make = file.empty() && !std::filesystem::exists(data / key_store_name);
    if (!may_make && !std::filesystem::exists(path))
        return std::unexpected(
            fmt::format("there is no master key in {}: without it nothing that is sealed can be read. Put it "
                        "there, or name its place",
                        path.string()));
    return master_key_in(path);
}

} // namespace mosty::sealing
