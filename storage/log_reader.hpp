#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "storage/merkle/hash.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mosty::storage {

// An opaque name under which exactly one entry can be found. Made from the entry by one pure function
// of the caller's, and therefore always rebuildable.
using IndexKey = std::string;

struct Entry {
    Position position = 0;
    std::string bytes;
};

struct KeyedPosition {
    IndexKey key;
    Position position = 0;
};

struct ReadError {
    std::string reason;
};

// What can be asked of a log without being its writer: by a server of its own log, by a tool of the
// folder of a running server.
//
// Threads: all of it from any.
class LogReader {
public:
    virtual ~LogReader() = default;

    // Reads up to `count_max` entries from `from` on, in order; past the end reads as empty.
    virtual Result<std::vector<Entry>, ReadError> read(Position from, std::size_t count_max) const = 0;

    // Where the entry with this index key stands; nothing when there is none.
    virtual Result<std::optional<Position>, ReadError> find(std::string_view key) const = 0;

    // Keys that begin with `prefix` and are greater than or equal to prefix + `from`, in byte order,
    // at most `count_max`.
    virtual Result<std::vector<KeyedPosition>, ReadError> scan(std::string_view prefix, std::string_view from,
                                                               std::size_t count_max) const = 0;

    // The hashes of the log's Merkle tree as they were stored with the entries, never computed from them:
    // those of level L are the roots of 256^L leaves each (C2SP tlog-tiles). Up to `count_max` from the
    // one with the index `from` on; past the end reads as empty. merkle/tree.hpp makes roots and proofs.
    virtual Result<std::vector<merkle::Hash>, ReadError> hashes(unsigned level, std::uint64_t from,
                                                                std::size_t count_max) const = 0;
    Result<std::vector<merkle::Hash>, ReadError> leaf_hashes(Position from, std::size_t count_max) const {
        return hashes(0, from, count_max);
    }

    // How many entries are durable. Never goes backwards.
    virtual Size size() const = 0;

    // Random, new at creation, restore and repair: a cursor of another log id means nothing here.
    virtual const std::string& log_id() const = 0;
};

} // namespace mosty::storage
