#pragma once

#include "domain/base/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>

// Small files, whole or not at all. Errors are sentences for an operator: "cannot write /mnt/b/backup: No
// space left on device".
namespace mosty::backup {

// Writes the file under another name, syncs it and gives it its own; what was there before stays until
// then. The new name is on disk once its folder is synced.
Result<void, std::string> write_file(const std::filesystem::path& path, std::string_view bytes);

struct ReadFailure {
    bool is_missing = false;
    std::string sentence;
};

// Reads a file of at most `bytes_max`; a longer one is a failure.
Result<std::string, ReadFailure> read_file(const std::filesystem::path& path, std::size_t bytes_max);

// Makes the next read of the file come from the disk, not from memory. Only a wish.
void forget_cached(const std::filesystem::path& path);

} // namespace mosty::backup
