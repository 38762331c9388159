#include "storage/rocksdb/salvage.hpp"

#include "storage/big_endian.hpp"
#include "storage/merkle/frontier.hpp"
#include "storage/rocksdb/database_options.hpp"
#include "storage/rocksdb/entry_table.hpp"
#include "storage/rocksdb/tree_table.hpp"
#include "storage/rocksdb/write_ahead_log.hpp"

#include <fmt/format.h>
#include <rocksdb/sst_file_reader.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>

namespace mosty::storage {

namespace {

using See = std::function<void(std::string_view, std::string_view)>;
namespace fs = std::filesystem;

constexpr std::string_view index_kind = "k";

// The filter is of no use here, and its damage none of ours.
rocksdb::Options table_reader_options() {
    rocksdb::Options options = log_database_options(1u << 20);
    auto* table = options.table_factory->GetOptions<rocksdb::BlockBasedTableOptions>();
    table->filter_policy.reset();
    return options;
}

// The row that may stand `steps` after `row` in a log, so that a cursor can be set beyond a damaged block;
// nothing when that cannot be told.
std::optional<std::string> row_after(std::string_view row, std::uint64_t steps) {
    if (row.size() == entry_row(0).size() && row.front() == entry_row(0).front())
        return entry_row(get_big_endian<Position>(row.data() + 1) + steps);
    if (row.size() == tree_row(0, 0).size() && row.front() == tree_row(0, 0).front())
        return tree_row(static_cast<unsigned char>(row[1]),
                        get_big_endian<std::uint64_t>(row.data() + 2) * merkle::tile_width_max +
                            static_cast<unsigned char>(row.back()) + steps);
    return std::nullopt;
}

bool can_seek(rocksdb::Iterator& cursor, const std::string& row) {
    cursor.Seek(row);
    return cursor.status().ok();
}

// The first row, counted on from `row`, at which the cursor is beyond a damaged block. A block holds
// fewer rows than are tried one by one; the table's first block may be far from where the kind begins.
std::optional<std::string> find_beyond(rocksdb::Iterator& cursor, const std::string& row) {
    constexpr std::uint64_t rows_a_block_max = 16'384, steps_max = std::uint64_t{1} << 48;
    if (!row_after(row, 1))
        return std::nullopt;
    for (std::uint64_t steps = 1; steps < rows_a_block_max; ++steps)
        if (can_seek(cursor, *row_after(row, steps)))
            return row_after(row, steps);
    std::uint64_t failing = rows_a_block_max, reaching = 2 * failing;
    while (!can_seek(cursor, *row_after(row, reaching))) {
        failing = reaching;
        reaching *= 2;
        if (reaching > steps_max)
            return std::nullopt;
    }
    while (reaching - failing > 1) {
        const std::uint64_t between = failing + (reaching - failing) / 2;
        (can_seek(cursor, *row_after(row, between)) ? reaching : failing) = between;
    }
    return row_after(row, reaching);
}

class TableSalvage {
public:
    TableSalvage(const See& see, Salvaged& salvaged) : see_(see), salvaged_(salvaged) {}

    void read(const fs::path& file) {
        rocksdb::SstFileReader reader(table_reader_options());
        if (const auto status = reader.Open(file.string()); !status.ok())
            return tell(file, "cannot be read at all", status);
        rocksdb::ReadOptions options;
        options.verify_checksums = true;
        options.fill_cache = false;
        const std::unique_ptr<rocksdb::Iterator> cursor(reader.NewIterator(options));
        cursor->SeekToFirst();
        std::optional<rocksdb::Status> damage;
        // Each kind is begun by itself, so that damage before it hides none of it.
        for (const std::string& from : {entry_row(0), std::string("m"), tree_row(0, 0)})
            if (auto found = read_kind(*cursor, from))
                damage = std::move(found);
        if (damage)
            tell(file, "is damaged in part", *damage);
    }

private:
    // What went wrong, if anything.
    std::optional<rocksdb::Status> read_kind(rocksdb::Iterator& cursor, const std::string& from) {
        std::optional<rocksdb::Status> damage;
        std::string at = from;
        for (;;) {
            for (cursor.Seek(at); cursor.Valid() && cursor.key().starts_with(from.substr(0, 1));
                 cursor.Next()) {
                see_(cursor.key().ToStringView(), cursor.value().ToStringView());
                ++salvaged_.rows;
                at = cursor.key().ToString();
            }
            if (cursor.status().ok())
                return damage;
            damage = cursor.status();
            const auto beyond = find_beyond(cursor, at);
            if (!beyond)
                return damage;
            at = *beyond;
        }
    }

    void tell(const fs::path& file, const char* what, const rocksdb::Status& status) {
        salvaged_.damages.push_back(
            fmt::format("{} {}: {}", file.filename().string(), what, status.ToString()));
    }

    const See& see_;
    Salvaged& salvaged_;
};

// Passes on what a record of a write-ahead log puts.
class Puts final : public rocksdb::WriteBatch::Handler {
public:
    Puts(const See& see, Salvaged& salvaged) : see_(see), salvaged_(salvaged) {}

    rocksdb::Status PutCF(std::uint32_t, const rocksdb::Slice& key, const rocksdb::Slice& value) override {
        if (!key.starts_with(rocksdb::Slice(index_kind.data(), index_kind.size()))) {
            see_(key.ToStringView(), value.ToStringView());
            ++salvaged_.rows;
        }
        return rocksdb::Status::OK();
    }

private:
    const See& see_;
    Salvaged& salvaged_;
};

void read_write_ahead_log(const fs::path& file, const See& see, Salvaged& salvaged) {
    std::ifstream stream(file, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    if (!stream)
        salvaged.damages.push_back(fmt::format("{} cannot be read", file.filename().string()));
    Puts puts(see, salvaged);
    std::size_t malformed = 0;
    const std::size_t damages = for_each_whole_record(bytes, [&](std::string record) {
        if (!rocksdb::WriteBatch(std::move(record)).Iterate(&puts).ok())
            ++malformed;
    });
    if (damages + malformed > 0)
        salvaged.damages.push_back(fmt::format("{} is damaged, or cut at its end, in {} places",
                                               file.filename().string(), damages + malformed));
}

} // namespace

Result<Salvaged, OpenError> salvage_rows(const fs::path& database_folder, const See& see) {
    std::error_code error;
    std::vector<fs::path> tables, write_ahead_logs;
    for (fs::directory_iterator file(database_folder, error), end; !error && file != end;
         file.increment(error)) {
        if (file->path().extension() == ".sst")
            tables.push_back(file->path());
        if (file->path().extension() == ".log")
            write_ahead_logs.push_back(file->path());
    }
    if (error)
        return std::unexpected(
            OpenError{OpenError::Code::io,
                      fmt::format("cannot list {}: {}", database_folder.string(), error.message())});
    std::ranges::sort(tables);
    std::ranges::sort(write_ahead_logs);

    Salvaged salvaged;
    for (const fs::path& file : tables)
        TableSalvage(see, salvaged).read(file);
    for (const fs::path& file : write_ahead_logs)
        read_write_ahead_log(file, see, salvaged);
    return salvaged;
}

} // namespace mosty::storage
