#include "storage/rocksdb/folder.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

namespace mosty::storage {

Result<void, std::string> write_synced(const FileDescriptor& file, std::string_view bytes,
                                       const std::filesystem::path& path) {
    while (!bytes.empty()) {
        const auto written = ::write(file.number(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return std::unexpected(system_failure("write", path));
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fdatasync(file.number()) != 0)
        return std::unexpected(system_failure("sync", path));
    return {};
}

std::string system_failure(const char* what, const std::filesystem::path& path) {
    return fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(errno));
}

std::optional<std::string> sync_folder(const std::filesystem::path& folder) {
    const FileDescriptor file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!file.is_open() || ::fsync(file.number()) != 0)
        return system_failure("sync", folder);
    return std::nullopt;
}

Result<void, OpenError> make_private_folder(const std::filesystem::path& folder) {
    const std::filesystem::path full = std::filesystem::absolute(folder).lexically_normal();
    std::filesystem::path made;
    for (const auto& part : full) {
        const std::filesystem::path parent = made;
        made /= part;
        if (::mkdir(made.c_str(), S_IRWXU) == 0) {
            if (auto failure = sync_folder(parent))
                return std::unexpected(OpenError{OpenError::Code::io, *failure});
        } else if (std::error_code ignored; !std::filesystem::is_directory(made, ignored)) {
            return std::unexpected(OpenError{OpenError::Code::io, system_failure("make", made)});
        }
    }
    return {};
}

Result<FileDescriptor, OpenError> lock_folder(const std::filesystem::path& lock_file) {
    FileDescriptor file(::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!file.is_open())
        return std::unexpected(OpenError{OpenError::Code::io, system_failure("open", lock_file)});
    if (::flock(file.number(), LOCK_EX | LOCK_NB) == 0)
        return file;
    if (errno == EWOULDBLOCK)
        return std::unexpected(
            OpenError{OpenError::Code::locked,
                      fmt::format("{} is held: another server has this folder open", lock_file.string())});
    return std::unexpected(OpenError{OpenError::Code::io, system_failure("lock", lock_file)});
}

} // namespace mosty::storage
