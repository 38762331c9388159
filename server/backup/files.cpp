#include "server/backup/files.hpp"

#include "storage/rocksdb/file_descriptor.hpp"
#include "storage/rocksdb/folder.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mosty::backup {

using storage::FileDescriptor;
using storage::system_failure;

Result<void, std::string> write_file(const std::filesystem::path& path, std::string_view bytes) {
    const std::filesystem::path fresh = path.string() + ".new";
    const FileDescriptor file(
        ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!file.is_open())
        return std::unexpected(system_failure("make", fresh));
    if (auto written = storage::write_synced(file, bytes, fresh); !written) {
        ::unlink(fresh.c_str()); // what is left of it would only take room
        return written;
    }
    if (std::rename(fresh.c_str(), path.c_str()) != 0)
        return std::unexpected(system_failure("name", path));
    return {};
}

Result<std::string, ReadFailure> read_file(const std::filesystem::path& path, std::size_t bytes_max) {
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open())
        return std::unexpected(ReadFailure{errno == ENOENT, system_failure("open", path)});
    struct stat about{};
    if (::fstat(file.number(), &about) != 0)
        return std::unexpected(ReadFailure{false, system_failure("read", path)});
    if (!S_ISREG(about.st_mode) || static_cast<std::uint64_t>(about.st_size) > bytes_max)
        return std::unexpected(
            ReadFailure{false, fmt::format("{} is no file of at most {} bytes", path.string(), bytes_max)});
    std::string bytes(static_cast<std::size_t>(about.st_size), '\0');
    for (std::size_t have = 0; have < bytes.size();) {
        const ssize_t count = ::read(file.number(), bytes.data() + have, bytes.size() - have);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return std::unexpected(ReadFailure{false, system_failure("read", path)});
        if (count == 0) {
            bytes.resize(have);
            break;
        }
        have += static_cast<std::size_t>(count);
    }
    return bytes;
}

void forget_cached(const std::filesystem::path& path) {
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.is_open())
        ::posix_fadvise(file.number(), 0, 0, POSIX_FADV_DONTNEED);
}

} // namespace mosty::backup
