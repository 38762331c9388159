#include "storage/rocksdb/salvage.hpp"

#include "storage/big_endian.hpp"
#include "storage/merkle/frontier.hpp"
#include "storage/rocksdb/database_options.hpp"
#include "storage/rocksdb/entry_table.hpp"
#include "storage/rocksdb/likely_rows.hpp"
#include "storage/rocksdb/status_sentence.hpp"
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

using See = std::function<void(std::string_view, std::string_view, Standing)>;
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

// Of one file.
constexpr std::size_t damages_told_max = 100;

class TableSalvage {
public:
    TableSalvage(const See& see, Salvaged& salvaged) : see_(see), salvaged_(salvaged) {}

    void read(const fs::path& file) {
        file_name_ = file.filename().string();
        rocksdb::SstFileReader reader(table_reader_options());
        if (const auto status = reader.Open(file.string()); !status.ok())
            return tell(fmt::format("{} cannot be read at all: {}", file_name_, sentence_of(status)));
        rocksdb::ReadOptions options;
        options.verify_checksums = true;
        options.fill_cache = false;
        const std::unique_ptr<rocksdb::Iterator> cursor(reader.NewIterator(options));
        cursor->SeekToFirst();
        // Each kind is begun by itself, so that damage before it hides none of it.
        for (const std::string& from : {entry_row(0), std::string("m"), tree_row(0, 0)})
            read_kind(*cursor, from);
        if (damages_ > damages_told_max)
            salvaged_.damages.push_back(
                fmt::format("{} is damaged in {} more places", file_name_, damages_ - damages_told_max));
    }

private:
    void read_kind(rocksdb::Iterator& cursor, const std::string& from) {
        std::string at = from;
        for (;;) {
            for (cursor.Seek(at); cursor.Valid() && cursor.key().starts_with(from.substr(0, 1));
                 cursor.Next()) {
                see_(cursor.key().ToStringView(), cursor.value().ToStringView(), Standing::checked);
                ++salvaged_.rows;
                at = cursor.key().ToString();
            }
            if (cursor.status().ok())
                return;
            tell(sentence_of(cursor.status()));
            const auto beyond = find_beyond(cursor, at);
            if (!beyond)
                return;
            at = *beyond;
        }
    }

    void tell(std::string sentence) {
        if (!salvaged_.damages.empty() && salvaged_.damages.back() == sentence)
            return; // another kind met the same place
        if (++damages_ <= damages_told_max)
            salvaged_.damages.push_back(std::move(sentence));
    }

    std::string file_name_;
    std::size_t damages_ = 0;
    const See& see_;
    Salvaged& salvaged_;
};

// Passes on what a record of a write-ahead log puts.
class Puts final : public rocksdb::WriteBatch::Handler {
public:
    explicit Puts(const See& see) : see_(see) {}

    rocksdb::Status PutCF(std::uint32_t, const rocksdb::Slice& key, const rocksdb::Slice& value) override {
        if (!key.starts_with(rocksdb::Slice(index_kind.data(), index_kind.size())))
            see_(key.ToStringView(), value.ToStringView(), Standing::checked);
        return rocksdb::Status::OK();
    }

private:
    const See& see_;
};

// The entries that an append holds, as far as its rows tell.
struct Span {
    std::optional<Position> first, last;

    void add(std::string_view row) {
        if (const auto position = position_of_entry_row(row)) {
            first = std::min(first.value_or(*position), *position);
            last = std::max(last.value_or(*position), *position);
        }
    }
};

std::string text_of(const Span& span) {
    if (span.first && span.last)
        return span.first == span.last
                   ? fmt::format(", in the append of entry {}", *span.first)
                   : fmt::format(", in the append of entries {} to {}", *span.first, *span.last);
    if (span.first)
        return fmt::format(", in an append from entry {} on", *span.first);
    return "";
}

std::string text_of(const std::vector<Bit>& turned_back) {
    std::string text;
    for (const Bit& bit : turned_back)
        text += fmt::format("{} bit {} of byte {}", text.empty() ? "; tried with" : ",", bit.bit, bit.offset);
    return text.empty() ? text : text + " turned back";
}

// Reads one write-ahead log, and tells what is damaged of it with the positions it concerns: those between
// the whole appends around it.
class WriteAheadSalvage {
public:
    WriteAheadSalvage(std::string file_name, const See& see, Salvaged& salvaged)
        : file_name_(std::move(file_name)), see_(see), salvaged_(salvaged) {}

    void take(WriteAheadRecord record) {
        Span span;
        const See pass_on = [&](std::string_view row, std::string_view value, Standing standing) {
            span.add(row);
            see_(row, value, standing);
            ++salvaged_.rows;
        };
        if (!record.damaged_at) {
            Puts puts(pass_on);
            if (!rocksdb::WriteBatch(std::move(record.bytes)).Iterate(&puts).ok())
                tell(fmt::format("{} holds an append that is none{}", file_name_, text_of(span)));
            tell_damage(span.first);
            if (span.last)
                last_whole_ = span.last;
            return;
        }
        tell_damage(std::nullopt);
        for_each_likely_row(record.bytes, [&](std::string_view row, std::string_view value) {
            pass_on(row, value, Standing::guessed);
        });
        damage_ = Damage{*record.damaged_at, std::move(record.turned_back), span};
    }

    void finish(std::size_t file_bytes) {
        if (damage_ && damage_->at == file_bytes)
            tell(fmt::format("{} ends at byte {} within an append", file_name_, file_bytes));
        else
            tell_damage(std::nullopt);
        if (damages_ > damages_told_max)
            salvaged_.damages.push_back(
                fmt::format("{} is damaged in {} more places", file_name_, damages_ - damages_told_max));
    }

private:
    struct Damage {
        std::uint64_t at = 0;
        std::vector<Bit> turned_back;
        Span span; // what its own rows tell, which may be wrong
    };

    // `next`: the first entry of the append behind it.
    void tell_damage(std::optional<Position> next) {
        if (!damage_)
            return;
        Span span = damage_->span;
        if (last_whole_)
            span.first = *last_whole_ + 1;
        if (next && *next > 0)
            span.last = *next - 1;
        tell(fmt::format("{} is damaged at byte {}{}{}", file_name_, damage_->at, text_of(span),
                         text_of(damage_->turned_back)));
        if (span.last)
            last_whole_ = span.last;
        damage_.reset();
    }

    void tell(std::string sentence) {
        if (++damages_ <= damages_told_max)
            salvaged_.damages.push_back(std::move(sentence));
    }

    const std::string file_name_;
    const See& see_;
    Salvaged& salvaged_;
    std::optional<Damage> damage_; // told when it is known what follows
    std::optional<Position> last_whole_;
    std::size_t damages_ = 0;
};

void read_write_ahead_log(const fs::path& file, const See& see, Salvaged& salvaged) {
    std::ifstream stream(file, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    if (!stream)
        salvaged.damages.push_back(fmt::format("{} cannot be read", file.filename().string()));
    WriteAheadSalvage salvage(file.filename().string(), see, salvaged);
    for_each_record(bytes, [&](WriteAheadRecord record) { salvage.take(std::move(record)); });
    salvage.finish(bytes.size());
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
