#pragma once

#include "domain/base/result.hpp"
#include "storage/marked_tail.hpp"
#include "storage/rocksdb/file_descriptor.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace mosty::storage {

// A small file beside a log's database that remembers how far the log was durable, because a database
// that lost its end cannot know that it did. Two slots are written in turn, so a write cut short leaves
// the one before. README.md gives the bytes.
class DurableMark {
public:
    struct Slot {
        std::uint64_t sequence = 0; // counts the writes; the greater of two is the newer
        MarkedTail tail;
    };

    // What the file holds. `newest` is empty when the file is missing or both slots are unreadable.
    struct Contents {
        std::optional<Slot> newest;
        bool file_exists = false;
        bool of_other_format = false;     // a slot is whole, but of a version unknown here
        std::vector<std::string> damages; // a sentence for each slot that was written and is not whole
    };

    // Reads without opening for writing: also while another process writes.
    static Result<Contents, std::string> look(const std::filesystem::path& file);

    // Opens the file to continue after `sequence`; makes it when missing, with its name synced.
    static Result<DurableMark, std::string> open(const std::filesystem::path& file, std::uint64_t sequence);

    // Writes the slot that is not the newest, and returns when it is on disk. After a failure the
    // other slot still holds the tail before.
    Result<void, std::string> write(const MarkedTail& tail);

private:
    DurableMark(FileDescriptor file, std::filesystem::path path, std::uint64_t sequence);

    FileDescriptor file_;
    std::filesystem::path path_;
    std::uint64_t sequence_;
};

} // namespace mosty::storage
