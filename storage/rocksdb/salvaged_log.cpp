#include "storage/rocksdb/salvaged_log.hpp"

#include "storage/merkle/frontier.hpp"
#include "storage/rocksdb/database_options.hpp"
#include "storage/rocksdb/durable_mark.hpp"
#include "storage/rocksdb/folder.hpp"
#include "storage/rocksdb/salvage.hpp"

#include <fmt/format.h>
#include <rocksdb/db.h>

#include <algorithm>
#include <utility>

namespace mosty::storage {

namespace {

using Code = OpenError::Code;
namespace fs = std::filesystem;

std::unexpected<OpenError> refuse(Code code, std::string sentence) {
    return std::unexpected(OpenError{code, std::move(sentence)});
}

Result<std::unique_ptr<rocksdb::DB>, OpenError> make_database(const fs::path& folder) {
    rocksdb::Options options = log_database_options(64u << 20);
    options.create_if_missing = true;
    options.error_if_exists = true;
    rocksdb::DB* opened = nullptr;
    const auto status = rocksdb::DB::Open(options, folder.string(), &opened);
    std::unique_ptr<rocksdb::DB> database(opened);
    if (!status.ok())
        return refuse(Code::io, status.ToString());
    return database;
}

// Whether a row holds hashes of the tree of `size` entries, and none beyond.
bool is_hash_below(Size size, std::string_view row, std::string_view value) {
    const auto hashes = tree_row_of(row, value);
    return hashes && hashes->first < merkle::hashes_at(hashes->level, size) &&
           hashes->end() <= merkle::hashes_at(hashes->level, size);
}

rocksdb::WriteOptions unlogged() {
    rocksdb::WriteOptions options;
    options.disableWAL = true;
    return options;
}

std::unexpected<ReadError> no_index() {
    return std::unexpected(ReadError{"what was salvaged of a log has no index"});
}

} // namespace

Result<std::unique_ptr<SalvagedLog>, OpenError> SalvagedLog::open(const fs::path& data_dir,
                                                                  const fs::path& scratch) {
    std::error_code error;
    if (!fs::is_directory(data_dir / "log", error))
        return refuse(Code::io, fmt::format("there is no log in {}", data_dir.string()));
    FileDescriptor lock;
    if (fs::exists(data_dir / "lock", error)) {
        auto taken = lock_folder(data_dir / "lock");
        if (!taken)
            return std::unexpected(taken.error());
        lock = std::move(*taken);
    }
    auto database = make_database(scratch);
    if (!database)
        return std::unexpected(database.error());
    std::unique_ptr<SalvagedLog> log(new SalvagedLog(std::move(*database)));
    log->lock_ = std::move(lock);

    auto guesses = log->fill(data_dir / "log");
    if (!guesses)
        return std::unexpected(guesses.error());

    auto mark = DurableMark::look(data_dir / "mark");
    if (!mark)
        return refuse(Code::io, mark.error());
    const auto log_id = log->table_.fact(log_id_row);
    const auto entries_end = log->table_.find_size();
    const auto tree_end = log->tree_.find_end(0);
    if (!log_id || !entries_end || !tree_end)
        return refuse(Code::io, "what was salvaged cannot be read back");
    log->log_id_ = log_id->value_or("");
    if (!mark->newest)
        log->damages_.push_back(mark->file_exists ? "mark cannot be read" : "mark is missing");
    else if (!log->log_id_.empty() && mark->newest->tail.log_id != log->log_id_)
        log->damages_.push_back("mark is of another log, " + mark->newest->tail.log_id);
    else
        log->marked_tail_ = std::move(mark->newest->tail);
    log->size_ = std::max({*entries_end, *tree_end, log->marked_tail_ ? log->marked_tail_->size : 0});
    if (auto filled = log->fill_holes(std::move(*guesses)); !filled)
        return std::unexpected(filled.error());
    return log;
}

Result<SalvagedLog::Rows, OpenError> SalvagedLog::fill(const fs::path& database_folder) {
    Rows guesses;
    rocksdb::Status written;
    auto salvaged =
        salvage_rows(database_folder, [&](std::string_view row, std::string_view value, Standing standing) {
            if (standing == Standing::guessed)
                guesses.emplace_back(row, value);
            else if (written.ok())
                written = database_->Put(unlogged(), row, value);
        });
    if (!salvaged)
        return std::unexpected(salvaged.error());
    if (!written.ok())
        return refuse(Code::io, "what was salvaged cannot be kept: " + written.ToString());
    damages_ = std::move(salvaged->damages);
    return guesses;
}

Result<void, OpenError> SalvagedLog::fill_holes(Rows guesses) {
    std::ranges::sort(guesses); // entries before hashes, each in the order of positions
    for (const auto& [row, value] : guesses) {
        const auto position = position_of_entry_row(row);
        // A number that was hit may be anything: nothing stands far beyond the end.
        if (position ? *position > size_ : !is_hash_below(size_, row, value))
            continue;
        std::string there;
        auto status = database_->Get({}, row, &there);
        if (status.ok())
            continue;
        if (status.IsNotFound())
            status = database_->Put(unlogged(), row, value);
        if (!status.ok())
            return refuse(Code::io, "what was salvaged cannot be kept: " + status.ToString());
        if (!position) {
            unsure_hashes_.push_back(row);
            continue;
        }
        unsure_entries_.push_back(*position);
        size_ = std::max(size_, *position + 1);
    }
    return {};
}

Result<bool, OpenError> SalvagedLog::forget_unsure_hashes() {
    const bool had_some = !unsure_hashes_.empty();
    for (const std::string& row : std::exchange(unsure_hashes_, {}))
        if (const auto status = database_->Delete(unlogged(), row); !status.ok())
            return refuse(Code::io, "what was salvaged cannot be changed: " + status.ToString());
    return had_some;
}

SalvagedLog::SalvagedLog(std::unique_ptr<rocksdb::DB> database)
    : database_(std::move(database)), table_(*database_), tree_(*database_) {}

SalvagedLog::~SalvagedLog() = default;

Result<std::vector<Entry>, ReadError> SalvagedLog::read(Position from, std::size_t count_max) const {
    return table_.read(from, count_max, size_);
}

Result<std::optional<Position>, ReadError> SalvagedLog::find(std::string_view) const {
    return no_index();
}

Result<std::vector<KeyedPosition>, ReadError> SalvagedLog::scan(std::string_view, std::string_view,
                                                                std::size_t) const {
    return no_index();
}

Result<std::vector<merkle::Hash>, ReadError> SalvagedLog::hashes(unsigned level, std::uint64_t from,
                                                                 std::size_t count_max) const {
    return tree_.hashes(level, from, count_max, size_);
}

} // namespace mosty::storage
