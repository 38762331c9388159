#include "storage/rocksdb/rocks_log_reader.hpp"

#include "storage/rocksdb/database_options.hpp"
#include "storage/rocksdb/durable_mark.hpp"
#include "storage/rocksdb/folder.hpp"
#include "storage/rocksdb/mark_check.hpp"
#include "storage/rocksdb/open_secondary.hpp"
#include "storage/rocksdb/open_status.hpp"
#include "storage/rocksdb/scratch_folder.hpp"
#include "storage/rocksdb/tree_recovery.hpp"
#include "storage/rocksdb/write_ahead_log.hpp"

#include <fmt/format.h>
#include <rocksdb/db.h>

#include <algorithm>
#include <mutex>
#include <utility>

namespace mosty::storage {

namespace {

using Code = OpenError::Code;

// A server may move entries into a table, and delete their write-ahead log, between our reading of its list
// of tables and of its write-ahead logs: then they are missing until the next look.
constexpr int looks_max = 5;

std::unexpected<OpenError> refuse(Code code, std::string sentence) {
    return std::unexpected(OpenError{code, std::move(sentence)});
}

// Where nothing stands, a mark may tell that something did.
OpenError no_log(const std::filesystem::path& data_dir) {
    const auto mark = DurableMark::look(data_dir / "mark");
    if (mark && mark->newest && mark->newest->tail.size > 0)
        return {Code::missing_acknowledged,
                fmt::format("the log is gone, but {} entries were acknowledged", mark->newest->tail.size)};
    return {Code::io, fmt::format("there is no log in {}", data_dir.string())};
}

} // namespace

Result<std::unique_ptr<RocksLogReader>, OpenError>
RocksLogReader::open(const std::filesystem::path& data_dir, Accept accept, std::size_t block_cache_bytes) {
    const std::filesystem::path database_folder = data_dir / "log";
    std::error_code error;
    if (!std::filesystem::exists(database_folder / "CURRENT", error))
        return std::unexpected(no_log(data_dir));
    auto scratch = std::make_unique<ScratchFolder>("mosty-reader");
    if (scratch->path().empty())
        return refuse(Code::io, "cannot make a temporary folder");

    std::unique_ptr<rocksdb::DB> database;
    const auto status =
        open_secondary(log_reader_options(block_cache_bytes), database_folder, scratch->path(), database);
    if (!status.ok())
        return std::unexpected(open_error(status, true));

    std::unique_ptr<RocksLogReader> reader(
        new RocksLogReader(data_dir / "mark", std::move(scratch), std::move(database)));
    for (int looks = 1;; ++looks) {
        // The database was read before the mark; once more, so that the mark is the older of the two.
        if (auto looked = reader->look(); !looked)
            return refuse(Code::corrupted, looked.error().reason);
        const auto has_tree = reader->identify(accept);
        const auto whole = has_tree ? reader->check_whole(*has_tree) : std::unexpected(has_tree.error());
        if (whole)
            return reader;
        if (looks < looks_max)
            continue;
        if (has_tree && accept == Accept::anything)
            return reader;
        return std::unexpected(whole.error());
    }
}

RocksLogReader::RocksLogReader(std::filesystem::path mark_file, std::unique_ptr<ScratchFolder> scratch,
                               std::unique_ptr<rocksdb::DB> database)
    : mark_file_(std::move(mark_file)), scratch_(std::move(scratch)), database_(std::move(database)),
      table_(*database_), tree_(*database_) {}

RocksLogReader::~RocksLogReader() = default;

Result<bool, OpenError> RocksLogReader::identify(Accept accept) {
    const auto format = table_.fact(format_row);
    const auto log_id = table_.fact(log_id_row);
    if (!format || !log_id)
        return refuse(Code::corrupted, "the log does not say what it is");
    log_id_ = log_id->value_or("");
    if (!*format && !*log_id && size_ == 0) { // just begun, or all of it is lost: the mark tells
        if (accept == Accept::whole && (!mark_.newest || mark_.newest->tail.size == 0))
            return refuse(Code::format, "the log has not begun yet: a server that opens it begins it");
        return true;
    }
    if (!*format || !*log_id)
        return refuse(Code::corrupted,
                      "the log has entries, but does not say which it is: its beginning is missing");
    if (*format == log_format)
        return true;
    if (*format != log_format_without_tree)
        return refuse(Code::format,
                      fmt::format("the log has format {:?}, this program reads {:?}", **format, log_format));
    if (accept != Accept::unfinished)
        return refuse(Code::format, fmt::format("the log has format {:?}, this program reads {:?}; a server "
                                                "that opens it brings it up to date",
                                                **format, log_format));
    return false;
}

Result<void, OpenError> RocksLogReader::check_whole(bool has_tree) const {
    if (auto dense = table_.check_dense_tail(size_, write_ahead_log_bytes(database_->GetName())); !dense)
        return refuse(Code::corrupted, fmt::format("the log has a hole: {}", dense.error().reason));
    if (auto reached = check_against_mark(mark_, *this); !reached)
        return reached;
    if (!has_tree)
        return {};
    if (auto tree = recover_tree(*this, tree_); !tree)
        return std::unexpected(std::move(tree.error()));
    return check_marked_root(mark_, *this);
}

Result<void, ReadError> RocksLogReader::catch_up() {
    return look();
}

Result<void, ReadError> RocksLogReader::look() {
    const std::unique_lock lock(mutex_);
    auto mark = DurableMark::look(mark_file_);
    if (!mark)
        return std::unexpected(ReadError{mark.error()});
    if (const auto status = database_->TryCatchUpWithPrimary(); !status.ok())
        return std::unexpected(ReadError{status.ToString()});
    const auto size = table_.find_size();
    if (!size)
        return std::unexpected(size.error());
    size_ = std::max(size_, *size);
    mark_ = std::move(*mark);
    return {};
}

std::optional<MarkedTail> RocksLogReader::marked_tail() const {
    const std::shared_lock lock(mutex_);
    return mark_.newest ? std::optional(mark_.newest->tail) : std::nullopt;
}

std::vector<std::string> RocksLogReader::mark_damages() const {
    const std::shared_lock lock(mutex_);
    return mark_.damages;
}

Result<std::vector<Entry>, ReadError> RocksLogReader::read(Position from, std::size_t count_max) const {
    const std::shared_lock lock(mutex_);
    return table_.read(from, count_max, size_);
}

Result<std::optional<Position>, ReadError> RocksLogReader::find(std::string_view key) const {
    const std::shared_lock lock(mutex_);
    return table_.find(key);
}

Result<std::vector<KeyedPosition>, ReadError>
RocksLogReader::scan(std::string_view prefix, std::string_view from, std::size_t count_max) const {
    const std::shared_lock lock(mutex_);
    return table_.scan(prefix, from, count_max, [](Position) { return false; });
}

Result<std::vector<merkle::Hash>, ReadError> RocksLogReader::hashes(unsigned level, std::uint64_t from,
                                                                    std::size_t count_max) const {
    const std::shared_lock lock(mutex_);
    return tree_.hashes(level, from, count_max, size_);
}

Size RocksLogReader::size() const {
    const std::shared_lock lock(mutex_);
    return size_;
}

} // namespace mosty::storage
