#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mosty::storage {

// An opaque name under which exactly one entry can be found. Made from the entry by one pure function
// of the caller's, and therefore always rebuildable.
using IndexKey = std::string;

struct NewEntry {
    std::string bytes; // at most entry_bytes_max
    std::vector<IndexKey> keys;
};

struct Entry {
    Position position = 0;
    std::string bytes;
};

struct KeyedPosition {
    IndexKey key;
    Position position = 0;
};

// A C2SP tile stores an entry's length in 16 bits.
inline constexpr std::size_t entry_bytes_max = 65'535;

// What one append may hold. Each log states its own.
struct Limits {
    std::size_t batch_entries_max = 0;
    std::size_t batch_bytes_max = 0;
};

enum class AppendError {
    conflict, // another writer came first; nothing was written
    unknown,  // it may or may not be there: stop the process, restart recovers
};

struct ReadError {
    std::string reason;
};

// An append-only log of opaque entries in one order: positions 0, 1, 2 … without gaps.
//
// Threads: append() from one thread at a time; everything else from any, also while appending.
class EventLog {
public:
    virtual ~EventLog() = default;

    // Appends the whole batch with its index keys, or nothing. On success every entry is durable, and
    // the first stands at `expected_size`. `conflict`: the log does not end at `expected_size`; nothing
    // was written. `unknown`: the batch may or may not be there, and every later append answers
    // `unknown` too. An empty batch succeeds when the size matches. A batch over limits() or an index
    // key that exists already is a bug of the caller's and aborts.
    virtual Result<void, AppendError> append(std::span<const NewEntry> batch, Size expected_size) = 0;

    // Reads up to `count_max` entries from `from` on, in order; past the end reads as empty.
    virtual Result<std::vector<Entry>, ReadError> read(Position from, std::size_t count_max) const = 0;

    // Where the entry with this index key stands; nothing when there is none.
    virtual Result<std::optional<Position>, ReadError> find(std::string_view key) const = 0;

    // Keys that begin with `prefix` and are greater than or equal to prefix + `from`, in byte order,
    // at most `count_max`.
    virtual Result<std::vector<KeyedPosition>, ReadError> scan(std::string_view prefix, std::string_view from,
                                                               std::size_t count_max) const = 0;

    // How many entries are durable. Never goes backwards.
    virtual Size size() const = 0;

    // Random, new at creation, restore and repair: a cursor of another log id means nothing here.
    virtual const std::string& log_id() const = 0;

    virtual Limits limits() const = 0;
};

} // namespace mosty::storage
