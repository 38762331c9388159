#pragma once

#include "storage/rocksdb/open_error.hpp"

#include <rocksdb/status.h>

namespace mosty::storage {

// What RocksDB's refusal to open a database means to us. In a database that exists, a file that is not
// there is damage; so is one that was still not there when it was looked for again and again.
inline OpenError open_error(const rocksdb::Status& status, bool database_exists) {
    using Code = OpenError::Code;
    const bool file_missing = status.IsPathNotFound() || status.IsNotFound() || status.IsTryAgain();
    if (file_missing && database_exists)
        return {Code::corrupted, "a file is gone that CURRENT or MANIFEST names: " + status.ToString()};
    if (status.IsCorruption())
        return {Code::corrupted, status.ToString()};
    if (status.IsNotSupported() || status.IsInvalidArgument())
        return {Code::format, status.ToString()};
    return {Code::io, status.ToString()};
}

} // namespace mosty::storage
