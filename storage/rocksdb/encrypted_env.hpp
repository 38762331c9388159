#pragma once

#include "domain/base/result.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace rocksdb {
class Env;
}

namespace mosty::storage {

// The operating system's files for a database of RocksDB's, each encrypted with AES-256 in counter mode under
// `key` (32 bytes), from a random place in the counter that stands in its first block. Whoever has the files
// and not the key reads nothing of them but their names and lengths; whoever changes them is not noticed by
// this, but by RocksDB's checksums as far as those go. A file that is not of this form, or of another key, is
// corrupted; one that a crash left without the whole of its first page is empty.
std::unique_ptr<rocksdb::Env> encrypted_env(std::string_view key);

// What stands before what a database has in an encrypted file.
inline constexpr std::size_t first_page_bytes = 4'096;

// How a file of a database is kept, as its first page tells. An empty `key` is another.
enum class KeptAs { in_the_clear, under_the_key, under_another_key };
Result<KeptAs, std::string> kept_as(const std::filesystem::path& file, std::string_view key);

} // namespace mosty::storage
