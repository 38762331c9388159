#pragma once

#include <rocksdb/status.h>

#include <string>

namespace mosty::storage {

// What RocksDB says of a failure, for whoever owns the folder: of a damaged block which file, and between
// which of its bytes.
std::string sentence_of(const rocksdb::Status& status);

} // namespace mosty::storage
