#include "server/access/guarded_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mosty::access {
namespace {

constexpr std::size_t file_bytes_max = 256 * 1024;

Result<std::string, std::string> read_unless(const std::filesystem::path& path, mode_t forbidden) {
    const auto failure = [&] {
        return std::unexpected(fmt::format("{}: {}", path.string(), std::strerror(errno)));
    };
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return failure();
    struct stat status{};
    std::string bytes(file_bytes_max + 1, '\0');
    const bool is_known = ::fstat(file, &status) == 0;
    const auto got = is_known ? ::read(file, bytes.data(), bytes.size()) : -1;
    ::close(file);
    if (got < 0)
        return failure();
    if ((status.st_mode & forbidden) != 0)
        return std::unexpected(
            fmt::format("{} holds a secret and others may read or write it; take that from "
                        "them: chmod o-rwx,g-w {}",
                        path.string(), path.string()));
    bytes.resize(static_cast<std::size_t>(got));
    if (bytes.size() > file_bytes_max)
        return std::unexpected(fmt::format("{} is too long", path.string()));
    return bytes;
}

} // namespace

Result<std::string, std::string> read_file(const std::filesystem::path& path) {
    return read_unless(path, 0);
}

Result<std::string, std::string> read_secret_file(const std::filesystem::path& path) {
    return read_unless(path, S_IRWXO | S_IWGRP);
}

} // namespace mosty::access
