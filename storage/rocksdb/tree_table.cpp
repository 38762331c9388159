#include "storage/rocksdb/tree_table.hpp"

#include "storage/big_endian.hpp"
#include "storage/rocksdb/status_sentence.hpp"

#include <fmt/format.h>
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <span>

namespace mosty::storage {

namespace {

using merkle::Hash;
using merkle::tile_width_max;

constexpr char tree_kind = 't';
constexpr std::size_t hash_bytes = std::tuple_size_v<Hash>;
constexpr std::size_t row_bytes = 1 + 1 + sizeof(std::uint64_t) + 1;

std::unexpected<ReadError> failed(const rocksdb::Status& status) {
    return std::unexpected(ReadError{sentence_of(status)});
}

// Nothing when it is no row of this level.
std::optional<TreeRow> row_at(const rocksdb::Iterator& cursor, unsigned level) {
    const auto row = tree_row_of(cursor.key().ToStringView(), cursor.value().ToStringView());
    return row && row->level == level ? row : std::nullopt;
}

std::unexpected<ReadError> hash_missing(unsigned level, std::uint64_t index) {
    return std::unexpected(
        ReadError{fmt::format("hash {} on level {} of the tree is missing", index, level)});
}

} // namespace

std::string tree_row(unsigned level, std::uint64_t index) {
    std::string row(row_bytes, tree_kind);
    row[1] = static_cast<char>(level);
    put_big_endian(row.data() + 2, index / tile_width_max);
    row.back() = static_cast<char>(index % tile_width_max);
    return row;
}

std::optional<TreeRow> tree_row_of(std::string_view row, std::string_view value) {
    if (row.size() != row_bytes || row[0] != tree_kind || value.empty() || value.size() % hash_bytes != 0)
        return std::nullopt;
    const auto offset = static_cast<unsigned char>(row.back());
    if (offset + value.size() / hash_bytes > tile_width_max)
        return std::nullopt;
    return TreeRow{static_cast<unsigned char>(row[1]),
                   get_big_endian<std::uint64_t>(row.data() + 2) * tile_width_max + offset,
                   value.size() / hash_bytes};
}

void put_growth(rocksdb::WriteBatch& writes, const merkle::Growth& growth) {
    for (unsigned level = 0; level < growth.runs().size(); ++level) {
        std::uint64_t index = growth.runs()[level].first;
        for (std::span<const Hash> rest(growth.runs()[level].hashes); !rest.empty();) {
            const std::size_t in_tile =
                std::min<std::size_t>(rest.size(), tile_width_max - index % tile_width_max);
            writes.Put(tree_row(level, index),
                       {reinterpret_cast<const char*>(rest.data()), in_tile * hash_bytes});
            rest = rest.subspan(in_tile);
            index += in_tile;
        }
    }
}

Result<std::vector<Hash>, ReadError> TreeTable::hashes(unsigned level, std::uint64_t from,
                                                       std::size_t count_max, Size size) const {
    std::vector<Hash> hashes;
    const std::uint64_t level_end = merkle::hashes_at(level, size);
    if (from >= level_end || count_max == 0)
        return hashes;
    const std::uint64_t end = from + std::min<std::uint64_t>(count_max, level_end - from);
    hashes.reserve(std::min<std::uint64_t>(end - from, 65'536));

    const std::string end_row = tree_row(level, end);
    const rocksdb::Slice bound(end_row);
    rocksdb::ReadOptions options;
    options.iterate_upper_bound = &bound;
    const std::unique_ptr<rocksdb::Iterator> cursor(database_->NewIterator(options));
    std::uint64_t next = from;
    for (cursor->SeekForPrev(tree_row(level, from)); cursor->Valid() && next < end; cursor->Next()) {
        const auto part = row_at(*cursor, level);
        // The first row may begin earlier, every other one continues the one before.
        if (!part || part->first > next || part->end() <= next || (next > from && part->first != next))
            return hash_missing(level, next);
        for (; next < std::min(part->end(), end); ++next) {
            Hash& hash = hashes.emplace_back();
            std::memcpy(hash.data(), cursor->value().data() + (next - part->first) * hash_bytes, hash_bytes);
        }
    }
    if (!cursor->status().ok())
        return failed(cursor->status());
    if (next != end)
        return hash_missing(level, next);
    return hashes;
}

Result<std::uint64_t, ReadError> TreeTable::find_end(unsigned level) const {
    const std::unique_ptr<rocksdb::Iterator> cursor(database_->NewIterator(rocksdb::ReadOptions()));
    cursor->SeekForPrev(tree_row(level, ~std::uint64_t{0}));
    if (!cursor->status().ok())
        return failed(cursor->status());
    if (!cursor->Valid() || !cursor->key().starts_with(tree_row(level, 0).substr(0, 2)))
        return 0;
    const auto part = row_at(*cursor, level);
    if (!part)
        return std::unexpected(
            ReadError{fmt::format("the last row on level {} of the tree is malformed", level)});
    return part->end();
}

} // namespace mosty::storage
