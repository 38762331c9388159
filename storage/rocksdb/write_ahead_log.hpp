#pragma once

#include "domain/base/result.hpp"
#include "storage/flipped_bit.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rocksdb {
class Env;
}

namespace mosty::storage {

// Where a write-ahead log of RocksDB's is damaged although a later record begins whole; nothing when it
// is whole, or damaged only from its last record on.
//
// Every append is one record and is synced before the next begins, so a crash can only harm the last.
// RocksDB itself takes a record whose length field was hit for a file that ends early, wherever it
// stands, and opens without it and all that follows.
std::optional<std::uint64_t> find_inner_damage(std::string_view write_ahead_log);

// One append as it stands in a write-ahead log.
struct WriteAheadRecord {
    std::string bytes; // of a damaged one what stands where it stood: some of it wrong, or missing
    std::optional<std::uint64_t> damaged_at; // the place in the file from which it is not as it was written
    // Bits of the file which, turned back, make its checksums right again; `bytes` has them turned. That is a
    // guess, to be proven by something stronger than a checksum.
    std::vector<Bit> turned_back;
};

// Calls `see` with every record, in order. Damaged ones with nothing whole between them may come as one.
void for_each_record(std::string_view write_ahead_log, const std::function<void(WriteAheadRecord)>& see);

// The same as find_inner_damage() for every write-ahead log of a database; the answer is a sentence. `files`:
// through what they are read when they are encrypted (encrypted_env.hpp).
Result<void, std::string> check_write_ahead_logs(const std::filesystem::path& database_folder,
                                                 rocksdb::Env* files = nullptr);

// What all write-ahead logs of a database hold together: no more than this can come out of their recovery.
std::uintmax_t write_ahead_log_bytes(const std::filesystem::path& database_folder);

// Puts on disk what the write-ahead logs hold at this moment, also beside the process that writes them: what
// a reader saw before is durable afterwards.
Result<void, std::string> sync_write_ahead_logs(const std::filesystem::path& database_folder);

} // namespace mosty::storage
