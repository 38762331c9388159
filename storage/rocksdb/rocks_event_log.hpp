#pragma once

#include "storage/event_log.hpp"
#include "storage/merkle/growth.hpp"
#include "storage/rocksdb/entry_table.hpp"
#include "storage/rocksdb/file_descriptor.hpp"
#include "storage/rocksdb/open_error.hpp"
#include "storage/rocksdb/tree_table.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace rocksdb {
class DB;
class Env;
class FileSystem;
} // namespace rocksdb

namespace mosty::storage {

class MarkKeeper;

struct OpenOptions {
    // How long an append may wait for the mark outside the database to follow it. At most 100 ms is
    // promised; the rest is left for the disk.
    std::chrono::milliseconds mark_delay{50};
    std::size_t block_cache_bytes = 64u << 20;
    // How much is gathered in memory, and in one write-ahead log, before it becomes a table.
    std::size_t write_buffer_bytes = 32u << 20;
    // Asked of a log that exists before anything of it is opened for writing: whoever knows more of it than
    // its mark, such as what was signed, refuses it here and leaves it unchanged.
    std::function<Result<void, OpenError>(const LogReader&)> check = nullptr;
    // Where the database's files live; empty: the operating system's file system. For tests.
    std::shared_ptr<rocksdb::FileSystem> file_system = nullptr;
};

// The log of one server in one folder: DIR/log (a RocksDB database), DIR/mark and DIR/lock.
//
// An append returns when its record of the write-ahead log is on disk. After a failed write the log
// answers `unknown` until it is opened again: the failed batch may turn out to be there.
class RocksEventLog final : public EventLog {
public:
    static constexpr Limits batch_limits{.batch_entries_max = 4'096, .batch_bytes_max = 16u << 20};

    // Opens the log, or makes an empty one with a new log id where there is none. Refuses a log that
    // provably lacks acknowledged entries, or that cannot be trusted, after a look that changes nothing of
    // it. A log of a format without a Merkle tree gets one, which reads it once.
    static Result<std::unique_ptr<RocksEventLog>, OpenError> open(const std::filesystem::path& data_dir,
                                                                  const OpenOptions& options = {});

    // Brings the mark up to date and closes. No call may be under way.
    ~RocksEventLog() override;

    Result<void, AppendError> append(std::span<const NewEntry> batch, Size expected_size) override;
    Result<std::vector<Entry>, ReadError> read(Position from, std::size_t count_max) const override;
    Result<std::optional<Position>, ReadError> find(std::string_view key) const override;
    Result<std::vector<KeyedPosition>, ReadError> scan(std::string_view prefix, std::string_view from,
                                                       std::size_t count_max) const override;
    Result<std::vector<merkle::Hash>, ReadError> hashes(unsigned level, std::uint64_t from,
                                                        std::size_t count_max) const override;
    Size size() const override { return size_.load(std::memory_order_acquire); }
    const std::string& log_id() const override { return log_id_; }
    Limits limits() const override { return batch_limits; }

    // Brings the mark up to date now. False when it cannot be written; the log answers `unknown` then.
    bool mark_now();

private:
    struct Opened;
    explicit RocksEventLog(Opened opened);

    // A batch becomes readable a moment before its append returns; until then nobody may see it.
    bool is_under_way(Position position) const;

    const FileDescriptor lock_;
    const std::unique_ptr<rocksdb::Env> env_; // null: RocksDB's own
    const std::unique_ptr<rocksdb::DB> database_;
    const EntryTable table_;
    const TreeTable tree_table_;
    const std::string log_id_;
    std::atomic<Size> size_;
    std::atomic<Size> size_under_way_;
    std::atomic<bool> failed_ = false;
    merkle::Frontier tree_; // with what follows: of the thread that appends
    merkle::Growth growth_;
    std::vector<std::string> index_rows_;
    std::unique_ptr<MarkKeeper> mark_; // set before anybody else sees this
};

} // namespace mosty::storage
