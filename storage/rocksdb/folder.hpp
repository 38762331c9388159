#pragma once

#include "domain/base/result.hpp"
#include "storage/rocksdb/file_descriptor.hpp"
#include "storage/rocksdb/open_error.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace mosty::storage {

// Makes `folder` and what is missing above it, each with permissions 0700 and its name synced into its
// parent. Leaves alone what exists.
Result<void, OpenError> make_private_folder(const std::filesystem::path& folder);

// Syncs the names in a folder, so that a file made or renamed in it survives a power cut.
// Nothing on success, otherwise the reason.
std::optional<std::string> sync_folder(const std::filesystem::path& folder);

// Takes the folder for one owner by an advisory lock on `lock_file`, which is made when missing and
// never removed. The lock ends with the descriptor or the process. `locked` when somebody holds it.
Result<FileDescriptor, OpenError> lock_folder(const std::filesystem::path& lock_file);

// Writes all of the bytes where the file stands, and syncs them. The error is a sentence that names `path`;
// some of them may be there then.
Result<void, std::string> write_synced(const FileDescriptor& file, std::string_view bytes,
                                       const std::filesystem::path& path);

// "cannot open /var/mosty/mark: Permission denied", from errno.
std::string system_failure(const char* what, const std::filesystem::path& path);

} // namespace mosty::storage
