#include "storage/rocksdb/rocks_record_store.hpp"

#include "storage/rocksdb/database_options.hpp"
#include "storage/rocksdb/folder.hpp"
#include "storage/rocksdb/open_secondary.hpp"
#include "storage/rocksdb/open_status.hpp"
#include "storage/rocksdb/scratch_folder.hpp"
#include "storage/rocksdb/status_sentence.hpp"
#include "storage/rocksdb/write_ahead_log.hpp"

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

namespace mosty::storage {

struct RocksRecordStore::Database {
    std::unique_ptr<rocksdb::DB> records;
};

RocksRecordStore::RocksRecordStore(std::unique_ptr<Database> database) : database_(std::move(database)) {}

RocksRecordStore::~RocksRecordStore() = default;

Result<std::unique_ptr<RocksRecordStore>, OpenError>
RocksRecordStore::open(const std::filesystem::path& folder) {
    if (auto made = make_private_folder(folder); !made)
        return std::unexpected(made.error());
    const bool exists = std::filesystem::exists(folder / "CURRENT");
    rocksdb::Options options = record_database_options();
    options.create_if_missing = !exists;
    rocksdb::DB* opened = nullptr;
    const auto status = rocksdb::DB::Open(options, folder.string(), &opened);
    std::unique_ptr<rocksdb::DB> records(opened);
    if (!status.ok()) {
        auto error = open_error(status, exists);
        if (status.IsIOError() && status.ToString().find("lock") != std::string::npos)
            error.code = OpenError::Code::locked;
        return std::unexpected(std::move(error));
    }
    return std::unique_ptr<RocksRecordStore>(
        new RocksRecordStore(std::make_unique<Database>(Database{std::move(records)})));
}

Result<std::size_t, std::string> RocksRecordStore::check(const std::filesystem::path& folder) {
    if (auto whole = check_write_ahead_logs(folder); !whole)
        return std::unexpected(whole.error());
    const ScratchFolder scratch("mosty-records");
    if (scratch.path().empty())
        return std::unexpected("cannot make a temporary folder");
    rocksdb::Options options = record_database_options();
    options.max_open_files = -1; // as a second reader must
    std::unique_ptr<rocksdb::DB> records;
    if (const auto status = open_secondary(options, folder, scratch.path(), records); !status.ok())
        return std::unexpected(open_error(status, true).sentence);
    std::size_t count = 0;
    const std::unique_ptr<rocksdb::Iterator> each(records->NewIterator(rocksdb::ReadOptions()));
    for (each->SeekToFirst(); each->Valid(); each->Next())
        ++count;
    if (!each->status().ok())
        return std::unexpected(sentence_of(each->status()));
    return count;
}

Result<std::optional<std::string>, ReadError> RocksRecordStore::get(std::string_view key) const {
    std::string value;
    const auto status = database_->records->Get(rocksdb::ReadOptions(), key, &value);
    if (status.IsNotFound())
        return std::nullopt;
    if (!status.ok())
        return std::unexpected(ReadError{status.ToString()});
    return value;
}

Result<std::vector<std::pair<std::string, std::string>>, ReadError>
RocksRecordStore::scan(std::string_view prefix) const {
    std::vector<std::pair<std::string, std::string>> found;
    const std::unique_ptr<rocksdb::Iterator> each(database_->records->NewIterator(rocksdb::ReadOptions()));
    for (each->Seek(prefix); each->Valid() && each->key().starts_with(prefix); each->Next())
        found.emplace_back(each->key().ToString(), each->value().ToString());
    if (!each->status().ok())
        return std::unexpected(ReadError{each->status().ToString()});
    return found;
}

Result<void, ReadError> RocksRecordStore::write(const std::vector<RecordChange>& changes) {
    rocksdb::WriteBatch batch;
    for (const auto& [key, value] : changes) {
        if (value)
            batch.Put(key, *value);
        else
            batch.Delete(key);
    }
    const auto status = database_->records->Write(synced_write(), &batch);
    if (!status.ok())
        return std::unexpected(ReadError{status.ToString()});
    return {};
}

Result<void, ReadError> RocksRecordStore::forget() {
    // The write-ahead log goes with the flush, the tables with the compaction.
    rocksdb::CompactRangeOptions all;
    all.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
    auto status = database_->records->Flush(rocksdb::FlushOptions());
    if (status.ok())
        status = database_->records->CompactRange(all, nullptr, nullptr);
    if (status.ok())
        status = database_->records->EnableFileDeletions(true); // deletes what is obsolete now, not later
    if (!status.ok())
        return std::unexpected(ReadError{status.ToString()});
    return {};
}

} // namespace mosty::storage
