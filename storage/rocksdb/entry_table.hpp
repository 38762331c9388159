#pragma once

#include "storage/log_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rocksdb {
class DB;
}

namespace mosty::storage {

// Where things stand in the log's database. README.md gives the bytes.
std::string entry_row(Position position);
std::optional<Position> position_of_entry_row(std::string_view row); // nothing when it is another kind of row
std::string index_row(std::string_view key);
std::string position_value(Position position);
inline constexpr std::string_view log_id_row = "mlog_id";
inline constexpr std::string_view format_row = "mformat";
inline constexpr std::string_view log_format = "2";
inline constexpr std::string_view log_format_without_tree = "1";

// Reads entries and index keys out of a database that somebody else owns.
//
// Threads: all of it from any.
class EntryTable {
public:
    explicit EntryTable(rocksdb::DB& database) : database_(&database) {}

    // As in LogReader, for a log of `size` entries. An entry missing below `size` is an error that
    // names it. Keys of hidden positions are passed over, and not counted.
    Result<std::vector<Entry>, ReadError> read(Position from, std::size_t count_max, Size size) const;
    Result<std::optional<Position>, ReadError> find(std::string_view key) const;
    Result<std::vector<KeyedPosition>, ReadError> scan(std::string_view prefix, std::string_view from,
                                                       std::size_t count_max,
                                                       const std::function<bool(Position)>& is_hidden) const;

    // Whether any of these rows, as index_row() makes them, is there.
    Result<bool, ReadError> holds_any(std::span<const std::string> index_rows) const;

    // One more than the last entry's position.
    Result<Size, ReadError> find_size() const;

    // Checks that the last entries, as many as hold `bytes` bytes together, stand without a gap before
    // `size`. The answer names the gap.
    Result<void, ReadError> check_dense_tail(Size size, std::uintmax_t bytes) const;

    // A fact about the log, such as its id.
    Result<std::optional<std::string>, ReadError> fact(std::string_view row) const;

private:
    rocksdb::DB* database_;
};

} // namespace mosty::storage
