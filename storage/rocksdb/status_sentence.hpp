#pragma once

#include <rocksdb/status.h>

#include <cstdint>
#include <string>

namespace mosty::storage {

// What RocksDB says of a failure, for whoever owns the folder: of a damaged block which file, and between
// which of its bytes. `first_byte`: where in a file that begins which RocksDB counts as its first.
std::string sentence_of(const rocksdb::Status& status, std::uint64_t first_byte = 0);

} // namespace mosty::storage
