#include "storage/rocksdb/entry_table.hpp"

#include "storage/big_endian.hpp"
#include "storage/byte_prefix.hpp"
#include "storage/rocksdb/status_sentence.hpp"

#include <fmt/format.h>
#include <rocksdb/db.h>

#include <algorithm>
#include <array>
#include <memory>

namespace mosty::storage {

namespace {

constexpr char entry_kind = 'e';
constexpr char index_kind = 'k';

std::unexpected<ReadError> failed(const rocksdb::Status& status) {
    return std::unexpected(ReadError{sentence_of(status)});
}

std::unexpected<ReadError> entry_missing(Position position) {
    return std::unexpected(ReadError{fmt::format("entry {} is missing", position)});
}

std::optional<Position> position_of(const rocksdb::Slice& value) {
    if (value.size() != sizeof(Position))
        return std::nullopt;
    return get_big_endian<Position>(value.data());
}

std::unexpected<ReadError> index_malformed(std::string_view key) {
    return std::unexpected(ReadError{fmt::format("index key {:?} does not hold a position", key)});
}

std::string numbered(char kind, Position position) {
    std::string row(1 + sizeof(Position), kind);
    put_big_endian(row.data() + 1, position);
    return row;
}

} // namespace

std::string entry_row(Position position) {
    return numbered(entry_kind, position);
}

std::optional<Position> position_of_entry_row(std::string_view row) {
    if (row.size() != 1 + sizeof(Position) || row[0] != entry_kind)
        return std::nullopt;
    return get_big_endian<Position>(row.data() + 1);
}

std::string index_row(std::string_view key) {
    std::string row;
    row.reserve(1 + key.size());
    row.push_back(index_kind);
    return row.append(key);
}

std::string position_value(Position position) {
    std::string value(sizeof(Position), '\0');
    put_big_endian(value.data(), position);
    return value;
}

Result<std::vector<Entry>, ReadError> EntryTable::read(Position from, std::size_t count_max,
                                                       Size size) const {
    std::vector<Entry> entries;
    if (from >= size || count_max == 0)
        return entries;
    const Position end = from + std::min<Size>(count_max, size - from);
    const std::string first_row = entry_row(from);

    if (end - from == 1) { // a lookup can use the filters, a cursor cannot
        std::string bytes;
        const auto status = database_->Get(rocksdb::ReadOptions(), first_row, &bytes);
        if (status.IsNotFound())
            return entry_missing(from);
        if (!status.ok())
            return failed(status);
        entries.push_back({from, std::move(bytes)});
        return entries;
    }

    const std::string end_row = entry_row(end);
    const rocksdb::Slice bound(end_row);
    rocksdb::ReadOptions options;
    options.iterate_upper_bound = &bound;
    const std::unique_ptr<rocksdb::Iterator> cursor(database_->NewIterator(options));
    entries.reserve(std::min<Size>(end - from, 4'096));
    Position next = from;
    for (cursor->Seek(first_row); cursor->Valid(); cursor->Next(), ++next) {
        if (position_of_entry_row(cursor->key().ToStringView()) != next)
            return entry_missing(next);
        entries.push_back({next, cursor->value().ToString()});
    }
    if (!cursor->status().ok())
        return failed(cursor->status());
    if (next != end)
        return entry_missing(next);
    return entries;
}

Result<std::optional<Position>, ReadError> EntryTable::find(std::string_view key) const {
    rocksdb::PinnableSlice value;
    const auto status =
        database_->Get(rocksdb::ReadOptions(), database_->DefaultColumnFamily(), index_row(key), &value);
    if (status.IsNotFound())
        return std::nullopt;
    if (!status.ok())
        return failed(status);
    const auto position = position_of(value);
    if (!position)
        return index_malformed(key);
    return position;
}

Result<bool, ReadError> EntryTable::holds_any(std::span<const std::string> index_rows) const {
    // RocksDB looks up so many together, which costs two thirds of as many alone.
    constexpr std::size_t rows_at_once = 32;
    while (!index_rows.empty()) {
        const auto rows = index_rows.first(std::min(rows_at_once, index_rows.size()));
        std::array<rocksdb::Slice, rows_at_once> keys;
        std::ranges::copy(rows, keys.begin());
        std::array<rocksdb::PinnableSlice, rows_at_once> values;
        std::array<rocksdb::Status, rows_at_once> statuses;
        database_->MultiGet(rocksdb::ReadOptions(), database_->DefaultColumnFamily(), rows.size(),
                            keys.data(), values.data(), statuses.data());
        for (const rocksdb::Status& status : std::span(statuses).first(rows.size())) {
            if (status.ok())
                return true;
            if (!status.IsNotFound())
                return failed(status);
        }
        index_rows = index_rows.subspan(rows.size());
    }
    return false;
}

Result<std::vector<KeyedPosition>, ReadError>
EntryTable::scan(std::string_view prefix, std::string_view from, std::size_t count_max,
                 const std::function<bool(Position)>& is_hidden) const {
    std::vector<KeyedPosition> found;
    const std::string end_row = *after_prefix(index_row(prefix)); // exists: the row begins with 'k'
    const rocksdb::Slice bound(end_row);
    rocksdb::ReadOptions options;
    options.iterate_upper_bound = &bound;
    const std::unique_ptr<rocksdb::Iterator> cursor(database_->NewIterator(options));
    for (cursor->Seek(index_row(prefix).append(from)); cursor->Valid() && found.size() < count_max;
         cursor->Next()) {
        std::string key = cursor->key().ToString().substr(1);
        const auto position = position_of(cursor->value());
        if (!position)
            return index_malformed(key);
        if (is_hidden(*position))
            continue;
        found.push_back({std::move(key), *position});
    }
    if (!cursor->status().ok())
        return failed(cursor->status());
    return found;
}

Result<Size, ReadError> EntryTable::find_size() const {
    const std::unique_ptr<rocksdb::Iterator> cursor(database_->NewIterator(rocksdb::ReadOptions()));
    cursor->SeekForPrev(entry_row(~Position{0}));
    if (!cursor->status().ok())
        return failed(cursor->status());
    if (!cursor->Valid() || cursor->key()[0] != entry_kind)
        return Size{0};
    const auto last = position_of_entry_row(cursor->key().ToStringView());
    if (!last)
        return std::unexpected(ReadError{"the last entry's row does not hold a position"});
    return *last + 1;
}

Result<void, ReadError> EntryTable::check_dense_tail(Size size, std::uintmax_t bytes) const {
    if (size == 0)
        return {};
    const std::unique_ptr<rocksdb::Iterator> cursor(database_->NewIterator(rocksdb::ReadOptions()));
    std::uintmax_t seen = 0;
    Position expected = size;
    for (cursor->SeekForPrev(entry_row(size - 1)); expected > 0 && seen <= bytes; cursor->Prev()) {
        if (!cursor->status().ok())
            return failed(cursor->status());
        --expected;
        if (!cursor->Valid() || position_of_entry_row(cursor->key().ToStringView()) != expected)
            return entry_missing(expected);
        seen += cursor->value().size();
    }
    return {};
}

Result<std::optional<std::string>, ReadError> EntryTable::fact(std::string_view row) const {
    std::string value;
    const auto status = database_->Get(rocksdb::ReadOptions(), row, &value);
    if (status.IsNotFound())
        return std::nullopt;
    if (!status.ok())
        return failed(status);
    return value;
}

} // namespace mosty::storage
