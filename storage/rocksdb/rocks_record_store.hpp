#pragma once

#include "domain/base/result.hpp"
#include "storage/log_reader.hpp"
#include "storage/rocksdb/encrypted_env.hpp"
#include "storage/rocksdb/open_error.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mosty::storage {

// A record to be put under its key, or to be taken away.
struct RecordChange {
    std::string key;
    std::optional<std::string> value;
};

// Keys and values.
using Records = std::vector<std::pair<std::string, std::string>>;

// A few thousand small records in a folder of their own, readable by their owner alone: what is neither in
// the log nor made from it. Its files are encrypted under `key` (32 bytes, encrypted_env.hpp), or in the
// clear when that is empty.
//
// Threads: write() from one at a time; the rest from any.
class RocksRecordStore {
public:
    // Opens the folder, or makes it. `locked` while somebody has it open; `corrupted` when it is kept in
    // another way.
    static Result<std::unique_ptr<RocksRecordStore>, OpenError> open(const std::filesystem::path& folder,
                                                                     const std::string& key);

    // How a folder is kept that somebody may have open; nothing when no store is there.
    static Result<std::optional<KeptAs>, std::string> kept_as(const std::filesystem::path& folder,
                                                              const std::string& key);

    // Reads every record of a folder that somebody may have open, and changes nothing there: how many there
    // are, or a sentence that says what is damaged.
    static Result<std::size_t, std::string> check(const std::filesystem::path& folder,
                                                  const std::string& key);

    // Every record of a folder that nobody has open, in the order of their keys, and changes nothing there.
    // The error is a sentence that says what is damaged.
    static Result<Records, std::string> read(const std::filesystem::path& folder, const std::string& key);

    ~RocksRecordStore();

    Result<std::optional<std::string>, ReadError> get(std::string_view key) const;

    // All records whose key begins with `prefix`, in the order of their keys.
    Result<Records, ReadError> scan(std::string_view prefix) const;

    // Writes all of it or nothing, and returns when it is durable. After a failure it may be there or not.
    Result<void, ReadError> write(const std::vector<RecordChange>& changes);

    // Writes the files anew without what was taken away or overwritten before, and deletes the old ones: then
    // no file of the folder holds any of it. Takes as long as copying all records.
    Result<void, ReadError> forget();

private:
    struct Database;
    explicit RocksRecordStore(std::unique_ptr<Database> database);

    const std::unique_ptr<Database> database_;
};

} // namespace mosty::storage
