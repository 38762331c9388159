#pragma once

#include "storage/log_reader.hpp"
#include "storage/marked_tail.hpp"
#include "storage/rocksdb/entry_table.hpp"
#include "storage/rocksdb/file_descriptor.hpp"
#include "storage/rocksdb/open_error.hpp"
#include "storage/rocksdb/tree_table.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rocksdb {
class DB;
}

namespace mosty::storage {

// What is left of the log in a folder, however damaged: entries and hashes of its tree, with holes where
// they cannot be read. The folder is left as it is, and held against servers while this lives. There is
// no index: find() and scan() answer with an error.
//
// What stood in a damaged append is a guess, and fills only holes: unsure_entries() tell which entries count
// for nothing unless the tree proves them.
//
// Threads: reading from any; the rest from one, while nobody reads.
class SalvagedLog final : public LogReader {
public:
    // Copies the whole rows into a database in `scratch`, which must not exist and may be deleted afterwards.
    static Result<std::unique_ptr<SalvagedLog>, OpenError> open(const std::filesystem::path& data_dir,
                                                                const std::filesystem::path& scratch);
    ~SalvagedLog() override;

    // A sentence for each place where a file is not whole.
    const std::vector<std::string>& damages() const { return damages_; }
    // The durable mark; nothing when no slot of it is readable, or it is of another log.
    const std::optional<MarkedTail>& marked_tail() const { return marked_tail_; }

    // Ascending.
    const std::vector<Position>& unsure_entries() const { return unsure_entries_; }
    // Leaves out the hashes of the tree that came out of damaged appends, since a wrong one hides what its
    // entries prove. Answers whether there were any.
    Result<bool, OpenError> forget_unsure_hashes();

    // An entry that is not there is an error, as in other logs.
    Result<std::vector<Entry>, ReadError> read(Position from, std::size_t count_max) const override;
    Result<std::optional<Position>, ReadError> find(std::string_view key) const override;
    Result<std::vector<KeyedPosition>, ReadError> scan(std::string_view prefix, std::string_view from,
                                                       std::size_t count_max) const override;
    Result<std::vector<merkle::Hash>, ReadError> hashes(unsigned level, std::uint64_t from,
                                                        std::size_t count_max) const override;
    // How many entries the log had, as far as an entry, a hash or the mark tells.
    Size size() const override { return size_; }
    // Empty when it is lost.
    const std::string& log_id() const override { return log_id_; }

private:
    using Rows = std::vector<std::pair<std::string, std::string>>;

    explicit SalvagedLog(std::unique_ptr<rocksdb::DB> database);
    // Takes what is checked; answers the rest.
    Result<Rows, OpenError> fill(const std::filesystem::path& database_folder);
    Result<void, OpenError> fill_holes(Rows guesses);

    FileDescriptor lock_;
    const std::unique_ptr<rocksdb::DB> database_;
    const EntryTable table_;
    const TreeTable tree_;
    std::vector<std::string> damages_; // this and what follows: set before anybody else sees this
    std::optional<MarkedTail> marked_tail_;
    std::string log_id_;
    Size size_ = 0;
    std::vector<Position> unsure_entries_;
    std::vector<std::string> unsure_hashes_; // their rows
};

} // namespace mosty::storage
