#pragma once

#include <memory>
#include <string_view>

namespace rocksdb {
class Env;
}

namespace mosty::storage {

// The operating system's files for a database of RocksDB's, each encrypted with AES-256 in counter mode under
// `key` (32 bytes), from a random place in the counter that stands in its first block. Whoever has the files
// and not the key reads nothing of them but their names and lengths; whoever changes them is not noticed by
// this, but by RocksDB's checksums as far as those go. A file that is not of this form, or of another key, is
// corrupted.
std::unique_ptr<rocksdb::Env> encrypted_env(std::string_view key);

} // namespace mosty::storage
