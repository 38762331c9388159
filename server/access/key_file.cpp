#include "server/access/key_file.hpp"

#include "storage/rocksdb/folder.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>
#include <cerrno>
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
    struct stat facts{};
    if (::fstat(file, &facts) != 0 || (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        ::close(file);
        return std::unexpected(
            fmt::format("{} is not for its owner alone: chmod 600, if nobody has read it", path.string()));
    }
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
    if (auto failure = storage::sync_folder(path.parent_path()))
        return std::unexpected(std::move(*failure));
    return {};
}

} // namespace

Result<std::string, std::string> open_key(const std::filesystem::path& path) {
    if (!std::filesystem::exists(path))
        if (auto made = make_key(path); !made)
            return std::unexpected(made.error());
    return read_key(path);
}

std::string seal_of(const std::string& key, std::string_view payload) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned int length = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(payload.data()), payload.size(), mac.data(), &length);
    return {reinterpret_cast<const char*>(mac.data()), length};
}

bool same_seal(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace mosty::access
