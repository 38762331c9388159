#pragma once

#include "storage/log_reader.hpp"
#include "storage/merkle/growth.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rocksdb {
class DB;
class WriteBatch;
} // namespace rocksdb

namespace mosty::storage {

// Where hashes of the Merkle tree stand in the log's database: the row of one hash or of neighbours from
// it on within one tile, as an append added them. README.md gives the bytes.
std::string tree_row(unsigned level, std::uint64_t index);

// Which hashes a row holds.
struct TreeRow {
    unsigned level = 0;
    std::uint64_t first = 0;
    std::size_t count = 0;

    std::uint64_t end() const { return first + count; }
};

// Nothing when it is another kind of row, or one that nobody wrote.
std::optional<TreeRow> tree_row_of(std::string_view row, std::string_view value);

// Adds the rows of what an append adds to the tree.
void put_growth(rocksdb::WriteBatch& writes, const merkle::Growth& growth);

// Reads the tree's hashes out of a database that somebody else owns.
//
// Threads: all of it from any.
class TreeTable {
public:
    explicit TreeTable(rocksdb::DB& database) : database_(&database) {}

    // As in LogReader, for a log of `size` entries. A hash missing below its end is an error that names it.
    Result<std::vector<merkle::Hash>, ReadError> hashes(unsigned level, std::uint64_t from,
                                                        std::size_t count_max, Size size) const;

    // How many hashes stand on a level, as far as its last row tells.
    Result<std::uint64_t, ReadError> find_end(unsigned level) const;

private:
    rocksdb::DB* database_;
};

} // namespace mosty::storage
