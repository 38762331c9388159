#pragma once

#include "storage/log_reader.hpp"
#include "storage/marked_tail.hpp"
#include "storage/rocksdb/durable_mark.hpp"
#include "storage/rocksdb/entry_table.hpp"
#include "storage/rocksdb/open_error.hpp"
#include "storage/rocksdb/tree_table.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

namespace rocksdb {
class DB;
}

namespace mosty::storage {

class ScratchFolder;

// What a reader of a log puts up with.
enum class Accept {
    whole, // what a server goes on with: it reaches its mark, has no hole at its end, and its tree ends with
           // it
    unfinished, // also what an opening for writing completes: a log just begun, or one of before there was a
                // tree
    anything,   // whatever can be read; marked_tail() and verify() tell what is wrong with it
};

// Reads the log in a folder that a running server, or nobody, has open. It changes nothing there: what
// it must write for itself lies in a private temporary folder, removed at the end of its life.
//
// It shows what the write-ahead log holds, so it may be ahead of what the server has acknowledged by
// the one batch that is being synced; after a power cut that batch can be gone.
//
// Threads: all of it from any; a catch_up() lets the reads under way finish first.
class RocksLogReader final : public LogReader {
public:
    // Shows the log as it is now; refuses what is worse than `accept` allows.
    static Result<std::unique_ptr<RocksLogReader>, OpenError> open(const std::filesystem::path& data_dir,
                                                                   Accept accept = Accept::whole,
                                                                   std::size_t block_cache_bytes = 16u << 20);
    ~RocksLogReader() override;

    // Shows what the server has appended since. A failure leaves what was shown before.
    Result<void, ReadError> catch_up();

    // The durable mark as it was just before the log was last read: the log must reach it. Nothing when
    // no slot of it is readable.
    std::optional<MarkedTail> marked_tail() const;
    // A sentence for each slot of it that cannot be read although it was written.
    std::vector<std::string> mark_damages() const;

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
    // Learns the log's id; whether it has a tree.
    Result<bool, OpenError> identify(Accept accept);
    Result<void, OpenError> check_whole(bool has_tree) const;

    const std::filesystem::path mark_file_;
    const std::unique_ptr<ScratchFolder> scratch_;
    const std::unique_ptr<rocksdb::DB> database_;
    const EntryTable table_;
    const TreeTable tree_;
    std::string log_id_; // set before anybody else sees this

    mutable std::shared_mutex mutex_; // guards what follows, and the database while it catches up
    Size size_ = 0;
    DurableMark::Contents mark_;
};

} // namespace mosty::storage
