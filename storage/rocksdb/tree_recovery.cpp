#include "storage/rocksdb/tree_recovery.hpp"

#include "storage/merkle/tree.hpp"
#include "storage/rocksdb/database_options.hpp"
#include "storage/rocksdb/entry_table.hpp"

#include <fmt/format.h>
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <optional>

namespace mosty::storage {

namespace {

using Code = OpenError::Code;
using merkle::Hash;
using merkle::tile_width_max;

std::unexpected<OpenError> refuse(Code code, std::string sentence) {
    return std::unexpected(OpenError{code, std::move(sentence)});
}

// Whole tiles, so that doing it again writes the same rows.
constexpr std::size_t entries_per_write = 16 * tile_width_max;

// The hashes that the last tile of a level should hold at least at its end: on level 0 those of the last
// entries, above that the root of the last full tile below.
Result<std::vector<Hash>, ReadError> expected_end(const LogReader& log, unsigned level) {
    std::vector<Hash> expected;
    if (level == 0) {
        const Size count = std::min<Size>(log.size(), tile_width_max);
        const auto entries = log.read(log.size() - count, count);
        if (!entries)
            return std::unexpected(entries.error());
        for (const Entry& entry : *entries)
            expected.push_back(merkle::leaf_hash(entry.bytes));
        return expected;
    }
    const std::uint64_t end = merkle::hashes_at(level, log.size());
    if (end == 0)
        return expected;
    const auto below = log.hashes(level - 1, (end - 1) * tile_width_max, tile_width_max);
    if (!below)
        return std::unexpected(below.error());
    merkle::Frontier tile;
    for (const Hash& hash : *below)
        tile.add(0, hash);
    expected.push_back(tile.root());
    return expected;
}

} // namespace

Result<void, OpenError> grow_tree(rocksdb::DB& database, Size size) {
    const EntryTable table(database);
    merkle::Frontier tree;
    merkle::Growth growth;
    do {
        const auto entries = table.read(tree.size(), entries_per_write, size);
        if (!entries)
            return refuse(Code::corrupted, entries.error().reason);
        growth.clear();
        for (const Entry& entry : *entries)
            growth.add(tree, merkle::leaf_hash(entry.bytes));
        rocksdb::WriteBatch writes(0, 0, /*protection_bytes_per_key=*/8, 0);
        put_growth(writes, growth);
        if (tree.size() == size)
            writes.Put(format_row, log_format);
        if (const auto status = database.Write(synced_write(), &writes); !status.ok())
            return refuse(Code::io, fmt::format("cannot write the log's tree: {}", status.ToString()));
    } while (tree.size() < size);
    return {};
}

Result<merkle::Frontier, OpenError> recover_tree(const LogReader& log, const TreeTable& tree) {
    for (unsigned level = 0; level < merkle::tile_levels; ++level) {
        const std::uint64_t end = merkle::hashes_at(level, log.size());
        const auto found_end = tree.find_end(level);
        if (!found_end)
            return refuse(Code::corrupted, found_end.error().reason);
        if (*found_end != end)
            return refuse(Code::corrupted,
                          fmt::format("level {} of the log's tree has {} hashes, {} entries have {}", level,
                                      *found_end, log.size(), end));
        const auto expected = expected_end(log, level);
        if (!expected)
            return refuse(Code::corrupted, expected.error().reason);
        const auto found = log.hashes(level, end - expected->size(), expected->size());
        if (!found)
            return refuse(Code::corrupted, found.error().reason);
        if (*found != *expected)
            return refuse(Code::corrupted,
                          fmt::format("level {} of the log's tree contradicts what is below it, before {}",
                                      level, end));
    }
    const auto frontier = merkle::frontier_at(log, log.size());
    if (!frontier)
        return refuse(Code::corrupted, frontier.error().reason);
    return *frontier;
}

} // namespace mosty::storage
