#pragma once

#include "domain/base/ids.hpp"
#include "storage/merkle/growth.hpp"

#include <rocksdb/db.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace mosty::bench {

struct Sample {
    std::string bytes;
    std::vector<std::string> keys;
};

// The newest entries of a server's data folder.
std::vector<Sample> sample_of(const std::string& data_folder);

// RocksDB alone with a server's entries under new keys: the same bytes and options, each write synced.
// With a tree it also hashes them and writes what a log's Merkle tree needs.
//
// Threads: without a tree any, with one a single one.
class RawLog {
public:
    RawLog(const std::string& folder, const std::vector<Sample>& samples, bool has_tree);

    // One synced write of `count` entries.
    void write(std::size_t count);

    std::uint64_t written() const { return written_; }

private:
    const std::vector<Sample>& samples_;
    const bool has_tree_;
    std::unique_ptr<rocksdb::DB> database_;
    std::atomic<Position> next_ = 0;
    std::atomic<std::uint64_t> written_ = 0;
    storage::merkle::Frontier tree_;
    storage::merkle::Growth growth_;
};

} // namespace mosty::bench
