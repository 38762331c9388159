#pragma once

#include <filesystem>
#include <memory>

namespace rocksdb {
class DB;
class Status;
struct Options;
} // namespace rocksdb

namespace mosty::storage {

// Opens a database that another process may be writing, and changes nothing of it. What RocksDB must write
// for itself goes to the folder `scratch`. The database shows what had been written by then, until
// TryCatchUpWithPrimary().
rocksdb::Status open_secondary(const rocksdb::Options& options, const std::filesystem::path& folder,
                               const std::filesystem::path& scratch, std::unique_ptr<rocksdb::DB>& opened);

} // namespace mosty::storage
