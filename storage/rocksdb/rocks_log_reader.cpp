#include "storage/rocksdb/rocks_log_reader.hpp"

#include "storage/rocksdb/database_options.hpp"
#include "storage/rocksdb/durable_mark.hpp"
#include "storage/rocksdb/folder.hpp"
#include "storage/rocksdb/open_secondary.hpp"
#include "storage/rocksdb/open_status.hpp"
#include "storage/rocksdb/scratch_folder.hpp"

#include <fmt/format.h>
#include <rocksdb/db.h>

#include <algorithm>
#include <mutex>
#include <utility>

namespace mosty::storage {

namespace {

using Code = OpenError::Code;

std::unexpected<OpenError> refuse(Code code, std::string sentence) {
    return std::unexpected(OpenError{code, std::move(sentence)});
}

} // namespace

Result<std::unique_ptr<RocksLogReader>, OpenError> RocksLogReader::open(const std::filesystem::path& data_dir,
                                                                        std::size_t block_cache_bytes) {
    const std::filesystem::path database_folder = data_dir / "log";
    std::error_code error;
    if (!std::filesystem::exists(database_folder / "CURRENT", error))
        return refuse(Code::io, fmt::format("there is no log in {}", data_dir.string()));
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
    // The database was read before the mark; once more, so that the mark is the older of the two.
    if (auto looked = reader->look(); !looked)
        return refuse(Code::corrupted, looked.error().reason);
    const auto format = reader->table_.fact(format_row);
    const auto log_id = reader->table_.fact(log_id_row);
    if (!format || !log_id)
        return refuse(Code::corrupted, "the log does not say what it is");
    if (!*format || **format != log_format)
        return refuse(Code::format, fmt::format("the log has format {:?}, this program reads {:?}{}",
                                                format->value_or(""), log_format,
                                                *format == log_format_without_tree
                                                    ? "; a server that opens it brings it up to date"
                                                    : ""));
    reader->log_id_ = log_id->value_or("");
    return reader;
}

RocksLogReader::RocksLogReader(std::filesystem::path mark_file, std::unique_ptr<ScratchFolder> scratch,
                               std::unique_ptr<rocksdb::DB> database)
    : mark_file_(std::move(mark_file)), scratch_(std::move(scratch)), database_(std::move(database)),
      table_(*database_), tree_(*database_) {}

RocksLogReader::~RocksLogReader() = default;

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
    marked_tail_ = mark->newest ? std::optional(std::move(mark->newest->tail)) : std::nullopt;
    return {};
}

std::optional<MarkedTail> RocksLogReader::marked_tail() const {
    const std::shared_lock lock(mutex_);
    return marked_tail_;
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
