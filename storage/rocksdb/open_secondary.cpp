#include "storage/rocksdb/open_secondary.hpp"

#include <rocksdb/db.h>

namespace mosty::storage {
namespace {

// The writer may delete a table between our reading of its list and our opening of it; the next look sees
// the new list.
constexpr int open_attempts_max = 5;

} // namespace

rocksdb::Status open_secondary(const rocksdb::Options& options, const std::filesystem::path& folder,
                               const std::filesystem::path& scratch, std::unique_ptr<rocksdb::DB>& opened) {
    rocksdb::Status status;
    for (int attempt = 0; attempt < open_attempts_max; ++attempt) {
        rocksdb::DB* database = nullptr;
        status = rocksdb::DB::OpenAsSecondary(options, folder.string(), scratch.string(), &database);
        opened.reset(database);
        if (!status.IsPathNotFound() && !status.IsNotFound() && !status.IsTryAgain())
            break;
    }
    return status;
}

} // namespace mosty::storage
