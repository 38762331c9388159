#include "server/access/sign_in.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mosty::access {
namespace {

constexpr std::size_t key_bytes = 32;

Result<std::string, std::string> read_key(const std::filesystem::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return std::unexpected(fmt::format("{}: {}", path.string(), std::strerror(errno)));
    std::string key(key_bytes + 1, '\0');
    const auto got = ::read(file, key.data(), key.size());
    ::close(file);
    if (got != static_cast<ssize_t>(key_bytes))
        return std::unexpected(fmt::format("{} does not hold a key of {} bytes", path.string(), key_bytes));
    key.resize(key_bytes);
    return key;
}

Result<void, std::string> make_key(const std::filesystem::path& path) {
    std::array<unsigned char, key_bytes> key{};
    if (RAND_bytes(key.data(), static_cast<int>(key.size())) != 1)
        return std::unexpected("the system gives no random bytes");
    // A half-written key must never be read back: written aside, then renamed.
    const auto aside = path.string() + ".new";
    const int file = ::open(aside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0)
        return std::unexpected(fmt::format("{}: {}", aside, std::strerror(errno)));
    const bool written =
        ::write(file, key.data(), key.size()) == static_cast<ssize_t>(key.size()) && ::fsync(file) == 0;
    ::close(file);
    if (!written || ::rename(aside.c_str(), path.c_str()) != 0)
        return std::unexpected(fmt::format("{}: {}", path.string(), std::strerror(errno)));
    return {};
}

} // namespace

Result<SignIns, std::string> SignIns::open(const std::filesystem::path& path) {
    if (!std::filesystem::exists(path))
        if (auto made = make_key(path); !made)
            return std::unexpected(made.error());
    auto key = read_key(path);
    if (!key)
        return std::unexpected(key.error());
    return SignIns(std::move(*key));
}

std::string SignIns::seal(std::string_view payload) const {
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned int length = 0;
    HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
         reinterpret_cast<const unsigned char*>(payload.data()), payload.size(), mac.data(), &length);
    std::string hex;
    for (unsigned int i = 0; i < length; ++i)
        hex += fmt::format("{:02x}", mac[i]);
    return hex;
}

std::string SignIns::issue(const ActorId& actor, std::int64_t until_ms) const {
    const std::string payload = fmt::format("{}.{}", actor.text(), until_ms);
    return payload + "." + seal(payload);
}

std::optional<ActorId> SignIns::check(std::string_view token, std::int64_t now_ms) const {
    const auto mac_dot = token.rfind('.');
    if (mac_dot == std::string_view::npos || token.size() > 256)
        return std::nullopt;
    const auto payload = token.substr(0, mac_dot);
    const auto expected = seal(payload);
    const auto given = token.substr(mac_dot + 1);
    if (given.size() != expected.size() || CRYPTO_memcmp(given.data(), expected.data(), given.size()) != 0)
        return std::nullopt;

    const auto until_dot = payload.rfind('.');
    if (until_dot == std::string_view::npos)
        return std::nullopt;
    const auto until = payload.substr(until_dot + 1);
    std::int64_t until_ms = 0;
    const auto [end, error] = std::from_chars(until.data(), until.data() + until.size(), until_ms);
    if (error != std::errc{} || end != until.data() + until.size() || now_ms >= until_ms)
        return std::nullopt;
    return ActorId{std::string{payload.substr(0, until_dot)}};
}

} // namespace mosty::access
