#pragma once

#include "server/audit/checkpoint.hpp"
#include "storage/rocksdb/file_descriptor.hpp"
#include "storage/rocksdb/open_error.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>

namespace mosty::audit {

// The checkpoints that a log signed, oldest first, in one file: signed notes, each with an empty line after
// it. Written at the end only, until the file is full: then every second one is left out but of the newest
// 1,024, so what is kept of the past grows sparser with its age. What an older one says, every newer one
// says too: each was proven to continue the one before.
//
// Threads: one at a time.
class CheckpointFile {
public:
    static constexpr std::size_t bytes_max = 16u << 20; // about 60,000 checkpoints
    static constexpr std::size_t newest_kept = 1'024;

    // Opens the file or makes it, 0600. A last record that a crash cut short is cut off: nobody was shown
    // it. `corrupted` when anything else is no checkpoint, or when sizes do not ascend; signatures are not
    // checked.
    static Result<CheckpointFile, storage::OpenError> open(const std::filesystem::path& path,
                                                           std::size_t file_bytes_max = bytes_max);

    const std::optional<SignedCheckpoint>& newest() const { return newest_; }

    // Durable when it returns. After a failure the file must be opened again.
    Result<void, std::string> append(const SignedCheckpoint& checkpoint);

private:
    CheckpointFile(std::filesystem::path path, std::size_t file_bytes_max)
        : path_(std::move(path)), bytes_max_(file_bytes_max) {}
    Result<void, std::string> thin_out();

    std::filesystem::path path_;
    std::size_t bytes_max_;
    std::size_t bytes_ = 0;
    storage::FileDescriptor file_;
    std::optional<SignedCheckpoint> newest_;
};

// Reads all checkpoints of such a file, for those who check them; a file that is not there has none. Leaves
// a last record that is not whole out. Stops when `see` answers false.
Result<void, storage::OpenError> read_checkpoints(const std::filesystem::path& path,
                                                  const std::function<bool(const SignedCheckpoint&)>& see);

} // namespace mosty::audit
