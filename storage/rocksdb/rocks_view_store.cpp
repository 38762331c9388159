#include "storage/rocksdb/rocks_view_store.hpp"

#include "storage/big_endian.hpp"
#include "storage/byte_prefix.hpp"
#include "storage/rocksdb/database_options.hpp"
#include "storage/rocksdb/encrypted_env.hpp"
#include "storage/rocksdb/folder.hpp"
#include "storage/rocksdb/open_secondary.hpp"
#include "storage/rocksdb/open_status.hpp"
#include "storage/rocksdb/scratch_folder.hpp"

#include <fmt/format.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/write_batch.h>

#include <optional>
#include <utility>

namespace mosty::storage {

namespace {

// A database and the files that it is kept in, which it must not outlive.
struct Rows {
    std::unique_ptr<rocksdb::Env> env; // null: RocksDB's own
    std::unique_ptr<rocksdb::DB> database;

    rocksdb::DB* operator->() const { return database.get(); }
    rocksdb::DB& operator*() const { return *database; }
};

} // namespace

struct RocksViewStore::Database {
    std::optional<FileDescriptor> lock;     // of the writer, or
    std::unique_ptr<ScratchFolder> scratch; // of one who only looks
    Rows rows;
};

namespace {

using Code = OpenError::Code;

constexpr char view_kind = 'v';
constexpr std::string_view applied_row = "mapplied";
constexpr std::string_view log_id_row = "mlog_id";
constexpr std::string_view format_row = "mformat";

std::unexpected<ReadError> failed(const rocksdb::Status& status) {
    return std::unexpected(ReadError{status.ToString()});
}

std::string view_row(std::string_view key) {
    std::string row;
    row.reserve(1 + key.size());
    row.push_back(view_kind);
    return row.append(key);
}

std::string size_value(Size size) {
    std::string value(sizeof(Size), '\0');
    put_big_endian(value.data(), size);
    return value;
}

// Nothing when the row is absent or not a size.
std::optional<Size> read_applied(rocksdb::DB& rows, const rocksdb::ReadOptions& options) {
    std::string value;
    if (!rows.Get(options, applied_row, &value).ok() || value.size() != sizeof(Size))
        return std::nullopt;
    return get_big_endian<Size>(value.data());
}

// Why these rows cannot serve this log; nothing when they can.
std::optional<std::string> reason_to_begin_again(rocksdb::DB& rows, const ViewBasis& basis) {
    std::string log_id, format;
    const auto log_id_status = rows.Get(rocksdb::ReadOptions(), log_id_row, &log_id);
    const auto format_status = rows.Get(rocksdb::ReadOptions(), format_row, &format);
    if (!log_id_status.ok() || !format_status.ok())
        return "the view store does not say what it was made from";
    if (log_id != basis.log_id)
        return fmt::format("the view store was made from log {}", log_id);
    if (format != basis.format)
        return fmt::format("the view store has format {:?}", format);
    const auto applied = read_applied(rows, rocksdb::ReadOptions());
    if (!applied)
        return "the view store does not say how far it got";
    if (*applied > basis.log_size)
        return fmt::format("the view store has folded {} entries of a log of {}", *applied, basis.log_size);
    return std::nullopt;
}

Result<void, OpenError> delete_folder(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::remove_all(folder, error);
    if (error)
        return std::unexpected(
            OpenError{Code::io, fmt::format("cannot delete {}: {}", folder.string(), error.message())});
    return {};
}

rocksdb::Options options_of(const ViewFiles& files, Rows& rows) {
    rocksdb::Options options = view_database_options(files.block_cache_bytes);
    if (!files.key.empty()) {
        rows.env = encrypted_env(files.key);
        options.env = rows.env.get();
    }
    return options;
}

Result<Rows, OpenError> open_rows(const std::filesystem::path& folder, const ViewFiles& files) {
    const bool exists = std::filesystem::exists(folder / "CURRENT");
    Rows rows;
    rocksdb::Options options = options_of(files, rows);
    options.create_if_missing = !exists;
    rocksdb::DB* database = nullptr;
    const auto status = rocksdb::DB::Open(options, folder.string(), &database);
    rows.database.reset(database);
    if (!status.ok())
        return std::unexpected(open_error(status, exists));
    return rows;
}

// The rows in `folder` when they can serve; otherwise `reason` says why not, empty if there were none.
Result<std::optional<Rows>, OpenError> open_usable(const std::filesystem::path& folder,
                                                   const ViewBasis& basis, const ViewFiles& files,
                                                   std::string& reason) {
    if (!std::filesystem::exists(folder / "CURRENT"))
        return std::nullopt;
    auto rows = open_rows(folder, files);
    if (!rows) {
        if (rows.error().code == Code::io)
            return std::unexpected(rows.error());
        reason = fmt::format("the view store was unreadable: {}", rows.error().sentence);
        return std::nullopt;
    }
    if (auto unusable = reason_to_begin_again(**rows, basis)) {
        reason = std::move(*unusable);
        return std::nullopt;
    }
    return std::move(*rows);
}

Result<Rows, OpenError> begin(const std::filesystem::path& folder, const ViewBasis& basis,
                              const ViewFiles& files) {
    if (auto deleted = delete_folder(folder); !deleted)
        return std::unexpected(deleted.error());
    if (auto made = make_private_folder(folder); !made)
        return std::unexpected(made.error());
    auto rows = open_rows(folder, files);
    if (!rows)
        return rows;
    rocksdb::WriteBatch batch;
    batch.Put(log_id_row, basis.log_id);
    batch.Put(format_row, basis.format);
    batch.Put(applied_row, size_value(0));
    if (const auto status = (*rows)->Write(unsynced_write(), &batch); !status.ok())
        return std::unexpected(OpenError{Code::io, status.ToString()});
    return rows;
}

} // namespace

class RocksViewStore::DatabaseSnapshot final : public Snapshot {
public:
    // What one only looks at never changes, and RocksDB makes no snapshots of it.
    explicit DatabaseSnapshot(std::shared_ptr<Database> database)
        : database_(std::move(database)),
          snapshot_(database_->lock ? database_->rows->GetSnapshot() : nullptr),
          applied_(read_applied(*database_->rows, options()).value_or(0)) {}

    ~DatabaseSnapshot() override {
        if (snapshot_ != nullptr)
            database_->rows->ReleaseSnapshot(snapshot_);
    }

    Size applied() const override { return applied_; }

    Result<std::optional<std::string>, ReadError> get(std::string_view key) const override {
        std::string value;
        const auto status = database_->rows->Get(options(), view_row(key), &value);
        if (status.IsNotFound())
            return std::nullopt;
        if (!status.ok())
            return failed(status);
        return value;
    }

    Result<std::vector<KeyValue>, ReadError> scan(std::string_view prefix, std::string_view from,
                                                  std::size_t count_max, Order order) const override {
        const std::string first_row = view_row(prefix);
        const std::string end_row = *after_prefix(first_row); // exists: the row begins with 'v'
        const rocksdb::Slice lower(first_row), upper(end_row);
        rocksdb::ReadOptions bounded = options();
        bounded.iterate_lower_bound = &lower;
        bounded.iterate_upper_bound = &upper;
        const std::unique_ptr<rocksdb::Iterator> cursor(database_->rows->NewIterator(bounded));
        const std::string start_row = view_row(prefix).append(from);

        if (order == Order::ascending)
            cursor->Seek(start_row);
        else if (from.empty())
            cursor->SeekToLast();
        else
            cursor->SeekForPrev(start_row);

        std::vector<KeyValue> found;
        while (cursor->Valid() && found.size() < count_max) {
            found.push_back({cursor->key().ToString().substr(1), cursor->value().ToString()});
            if (order == Order::ascending)
                cursor->Next();
            else
                cursor->Prev();
        }
        if (!cursor->status().ok())
            return failed(cursor->status());
        return found;
    }

private:
    rocksdb::ReadOptions options() const {
        rocksdb::ReadOptions at_snapshot;
        at_snapshot.snapshot = snapshot_;
        return at_snapshot;
    }

    const std::shared_ptr<Database> database_;
    const rocksdb::Snapshot* const snapshot_;
    const Size applied_;
};

Result<std::unique_ptr<RocksViewStore>, OpenError>
RocksViewStore::open(const std::filesystem::path& data_dir, const ViewBasis& basis, const ViewFiles& files) {
    if (auto made = make_private_folder(data_dir); !made)
        return std::unexpected(made.error());
    auto lock = lock_folder(data_dir / "views.lock");
    if (!lock)
        return std::unexpected(lock.error());

    const std::filesystem::path folder = data_dir / "views";
    std::string begun_again_because;
    auto usable = open_usable(folder, basis, files, begun_again_because);
    if (!usable)
        return std::unexpected(usable.error());
    auto rows = *usable ? Result<Rows, OpenError>(std::move(**usable)) : begin(folder, basis, files);
    if (!rows)
        return std::unexpected(rows.error());

    const Size applied = read_applied(**rows, rocksdb::ReadOptions()).value_or(0);
    auto database = std::make_shared<Database>(std::move(*lock), nullptr, std::move(*rows));
    return std::unique_ptr<RocksViewStore>(
        new RocksViewStore(std::move(database), applied, std::move(begun_again_because)));
}

Result<void, OpenError> RocksViewStore::remove(const std::filesystem::path& data_dir) {
    if (!std::filesystem::exists(data_dir / "views"))
        return {};
    auto lock = lock_folder(data_dir / "views.lock");
    if (!lock)
        return std::unexpected(lock.error());
    return delete_folder(data_dir / "views");
}

Result<std::optional<SeenViews>, OpenError> RocksViewStore::look(const std::filesystem::path& data_dir,
                                                                 const ViewFiles& files) {
    const std::filesystem::path folder = data_dir / "views";
    std::error_code error;
    if (!std::filesystem::exists(folder / "CURRENT", error))
        return std::nullopt;
    auto database =
        std::make_shared<Database>(std::nullopt, std::make_unique<ScratchFolder>("mosty-views"), Rows());
    if (database->scratch->path().empty())
        return std::unexpected(OpenError{Code::io, "cannot make a temporary folder"});
    rocksdb::Options options = options_of(files, database->rows);
    options.create_if_missing = false;
    const auto status = open_secondary(options, folder, database->scratch->path(), database->rows.database);
    if (!status.ok())
        return std::unexpected(open_error(status, true));
    SeenViews seen;
    const rocksdb::ReadOptions now;
    if (!database->rows->Get(now, log_id_row, &seen.log_id).ok() ||
        !database->rows->Get(now, format_row, &seen.format).ok() || !read_applied(*database->rows, now))
        return std::unexpected(
            OpenError{Code::corrupted, "the view store does not say what it was made from"});
    seen.rows = std::make_shared<DatabaseSnapshot>(std::move(database));
    return seen;
}

RocksViewStore::RocksViewStore(std::shared_ptr<Database> database, Size applied,
                               std::string begun_again_because)
    : database_(std::move(database)), begun_again_because_(std::move(begun_again_because)),
      applied_(applied) {}

RocksViewStore::~RocksViewStore() = default;

Result<void, ReadError> RocksViewStore::write(const ViewBatch& batch) {
    if (failed_)
        return std::unexpected(ReadError{"an earlier write to the view store failed"});
    rocksdb::WriteBatch writes(0, 0, /*protection_bytes_per_key=*/8, 0);
    for (const auto& [key, value] : batch.puts)
        writes.Put(view_row(key), value);
    for (const std::string& key : batch.removes)
        writes.Delete(view_row(key));
    writes.Put(applied_row, size_value(batch.applied));
    if (const auto status = database_->rows->Write(unsynced_write(), &writes); !status.ok()) {
        failed_ = true;
        return failed(status);
    }
    applied_.store(batch.applied, std::memory_order_release);
    return {};
}

std::shared_ptr<const ViewStore::Snapshot> RocksViewStore::snapshot() const {
    return std::make_shared<DatabaseSnapshot>(database_);
}

Result<void, ReadError> RocksViewStore::flush() {
    if (const auto status = database_->rows->FlushWAL(/*sync=*/true); !status.ok())
        return failed(status);
    return {};
}

} // namespace mosty::storage
