#pragma once

#include "domain/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace mosty::storage {

// Where a write-ahead log of RocksDB's is damaged although a later record begins whole; nothing when it
// is whole, or damaged only from its last record on.
//
// Every append is one record and is synced before the next begins, so a crash can only harm the last.
// RocksDB itself takes a record whose length field was hit for a file that ends early, wherever it
// stands, and opens without it and all that follows.
std::optional<std::uint64_t> find_inner_damage(std::string_view write_ahead_log);

// Calls `see` with every record that is whole, in order, passing over what is damaged between them.
// Answers in how many places something was.
std::size_t for_each_whole_record(std::string_view write_ahead_log,
                                  const std::function<void(std::string)>& see);

// The same as find_inner_damage() for every write-ahead log of a database; the answer is a sentence.
Result<void, std::string> check_write_ahead_logs(const std::filesystem::path& database_folder);

// Puts on disk what the write-ahead logs hold at this moment, also beside the process that writes them: what
// a reader saw before is durable afterwards.
Result<void, std::string> sync_write_ahead_logs(const std::filesystem::path& database_folder);

} // namespace mosty::storage
