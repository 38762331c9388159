#include "storage/rocksdb/rocks_record_store.hpp"

#include "storage/rocksdb/database_options.hpp"
#include "storage/rocksdb/folder.hpp"
#include "storage/rocksdb/open_secondary.hpp"
#include "storage/rocksdb/open_status.hpp"
#include "storage/rocksdb/scratch_folder.hpp"
#include "storage/rocksdb/status_sentence.hpp"
#include "storage/rocksdb/write_ahead_log.hpp"

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/write_batch.h>

namespace mosty::storage {

namespace {

constexpr const char* current_name = "CURRENT"; // by which RocksDB finds the other files

// How its files are reached, which must outlive the database; RocksDB's own way when there is no key.
std::unique_ptr<rocksdb::Env> files_under(const std::string& key, rocksdb::Options& options) {
    if (key.empty())
        return nullptr;
    auto env = encrypted_env(key);
    options.env = env.get();
    return env;
}

// Refuses a store that is kept in another way than under this key, which may be none.
Result<void, OpenError> check_kept_as(const std::filesystem::path& folder, const std::string& key) {
    const auto kept = RocksRecordStore::kept_as(folder, key);
    if (!kept)
        return std::unexpected(OpenError{OpenError::Code::io, kept.error()});
    if (!*kept || **kept == (key.empty() ? KeptAs::in_the_clear : KeptAs::under_the_key))
        return {};
    const bool is_in_the_clear = **kept == KeptAs::in_the_clear;
    return std::unexpected(OpenError{OpenError::Code::corrupted, is_in_the_clear
                                                                     ? "it is not encrypted"
                                                                     : "it is encrypted under another key"});
}

Result<Records, std::string> all_of(rocksdb::DB& database, std::string_view prefix, bool is_encrypted) {
    Records found;
    const std::unique_ptr<rocksdb::Iterator> each(database.NewIterator(rocksdb::ReadOptions()));
    for (each->Seek(prefix); each->Valid() && each->key().starts_with(prefix); each->Next())
        found.emplace_back(each->key().ToString(), each->value().ToString());
    if (!each->status().ok())
        return std::unexpected(sentence_of(each->status(), is_encrypted ? first_page_bytes : 0));
    return found;
}

} // namespace

struct RocksRecordStore::Database {
    std::unique_ptr<rocksdb::Env> env; // null: RocksDB's own
    std::unique_ptr<rocksdb::DB> records;
};

RocksRecordStore::RocksRecordStore(std::unique_ptr<Database> database) : database_(std::move(database)) {}

RocksRecordStore::~RocksRecordStore() = default;

Result<std::unique_ptr<RocksRecordStore>, OpenError>
RocksRecordStore::open(const std::filesystem::path& folder, const std::string& key) {
    if (auto made = make_private_folder(folder); !made)
        return std::unexpected(made.error());
    if (auto fits = check_kept_as(folder, key); !fits)
        return std::unexpected(std::move(fits.error()));
    const bool exists = std::filesystem::exists(folder / current_name);
    rocksdb::Options options = record_database_options();
    options.create_if_missing = !exists;
    auto database = std::make_unique<Database>(files_under(key, options), nullptr);
    rocksdb::DB* opened = nullptr;
    const auto status = rocksdb::DB::Open(options, folder.string(), &opened);
    database->records.reset(opened);
    if (!status.ok()) {
        auto error = open_error(status, exists);
        if (status.IsIOError() && status.ToString().find("lock") != std::string::npos)
            error.code = OpenError::Code::locked;
        return std::unexpected(std::move(error));
    }
    return std::unique_ptr<RocksRecordStore>(new RocksRecordStore(std::move(database)));
}

Result<std::optional<KeptAs>, std::string> RocksRecordStore::kept_as(const std::filesystem::path& folder,
                                                                     const std::string& key) {
    if (!std::filesystem::exists(folder / current_name))
        return std::nullopt;
    return storage::kept_as(folder / current_name, key);
}

Result<std::size_t, std::string> RocksRecordStore::check(const std::filesystem::path& folder,
                                                         const std::string& key) {
    rocksdb::Options options = record_database_options();
    const auto env = files_under(key, options);
    if (auto whole = check_write_ahead_logs(folder, env.get()); !whole)
        return std::unexpected(whole.error());
    const ScratchFolder scratch("mosty-records");
    if (scratch.path().empty())
        return std::unexpected("cannot make a temporary folder");
    options.max_open_files = -1; // as a second reader must
    std::unique_ptr<rocksdb::DB> records;
    if (const auto status = open_secondary(options, folder, scratch.path(), records); !status.ok())
        return std::unexpected(open_error(status, true).sentence);
    const auto all = all_of(*records, "", env != nullptr);
    if (!all)
        return std::unexpected(all.error());
    return all->size();
}

Result<Records, std::string> RocksRecordStore::read(const std::filesystem::path& folder,
                                                    const std::string& key) {
    rocksdb::Options options = record_database_options();
    const auto env = files_under(key, options);
    if (auto whole = check_write_ahead_logs(folder, env.get()); !whole)
        return std::unexpected(whole.error());
    rocksdb::DB* opened = nullptr;
    const auto status = rocksdb::DB::OpenForReadOnly(options, folder.string(), &opened);
    const std::unique_ptr<rocksdb::DB> records(opened);
    if (!status.ok())
        return std::unexpected(open_error(status, true).sentence);
    return all_of(*records, "", env != nullptr);
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

Result<Records, ReadError> RocksRecordStore::scan(std::string_view prefix) const {
    auto found = all_of(*database_->records, prefix, database_->env != nullptr);
    if (!found)
        return std::unexpected(ReadError{std::move(found.error())});
    return std::move(*found);
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
