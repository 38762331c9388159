#pragma once

#include "storage/log_reader.hpp"
#include "storage/marked_tail.hpp"
#include "storage/rocksdb/entry_table.hpp"
#include "storage/rocksdb/open_error.hpp"
#include "storage/rocksdb/tree_table.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>

namespace rocksdb {
class DB;
}

namespace mosty::storage {

class ScratchFolder;

// Reads the log in a folder that a running server, or nobody, has open. It changes nothing there: what
// it must write for itself lies in a private temporary folder, removed at the end of its life.
//
// It shows what the write-ahead log holds, so it may be ahead of what the server has acknowledged by
// the one batch that is being synced; after a power cut that batch can be gone.
//
// Threads: all of it from any; a catch_up() lets the reads under way finish first.
class RocksLogReader final : public LogReader {
public:
    // Shows the log as it is now. Opens also what a server would refuse as incomplete: marked_tail()
    // and verify() tell.
    static Result<std::unique_ptr<RocksLogReader>, OpenError> open(const std::filesystem::path& data_dir,
                                                                   std::size_t block_cache_bytes = 16u << 20);
    ~RocksLogReader() override;

    // Shows what the server has appended since. A failure leaves what was shown before.
    Result<void, ReadError> catch_up();

    // The durable mark as it was just before the log was last read: the log must reach it. Nothing when
    // no slot of it is readable.
    std::optional<MarkedTail> marked_tail() const;

    Result<std::vector<Entry>, ReadError> read(Position from, std::size_t count_max) const override;
    Result<std::optional<Position>, ReadError> find(std::string_view key) const override;
    Result<std::vector<KeyedPosition>, ReadError> scan(std::string_view prefix, std::string_view from,
                                                       std::size_t count_max) const override;
    Result<std::vector<merkle::Hash>, ReadError> hashes(unsigned level, std::uint64_t from,
                                                        std::size_t count_max) const override;
    Size size() const override;
    const std::string& log_id() const override { return log_id_; }

private:
    RocksLogReader(std::filesystem::path mark_file, std::unique_ptr<ScratchFolder> scratch,
                   std::unique_ptr<rocksdb::DB> database);
    // Looks at the mark, then brings the database up to date.
    Result<void, ReadError> look();

    const std::filesystem::path mark_file_;
    const std::unique_ptr<ScratchFolder> scratch_;
    const std::unique_ptr<rocksdb::DB> database_;
    const EntryTable table_;
    const TreeTable tree_;
    std::string log_id_; // set before anybody else sees this

    mutable std::shared_mutex mutex_; // guards what follows, and the database while it catches up
    Size size_ = 0;
    std::optional<MarkedTail> marked_tail_;
};

} // namespace mosty::storage
