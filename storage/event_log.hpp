#pragma once

#include "storage/log_reader.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace mosty::storage {

struct NewEntry {
    std::string bytes; // at most entry_bytes_max
    std::vector<IndexKey> keys;
};

// A C2SP tile stores an entry's length in 16 bits.
inline constexpr std::size_t entry_bytes_max = 65'535;

// What one append may hold. Each log states its own. Bytes are those of the entries, without keys.
struct Limits {
    std::size_t batch_entries_max = 0;
    std::size_t batch_bytes_max = 0;
};

enum class AppendError {
    conflict, // another writer came first; nothing was written
    unknown,  // it may or may not be there: stop the process, restart recovers
};

// An append-only log of opaque entries in one order: positions 0, 1, 2 … without gaps.
//
// Threads: append() from one thread at a time; everything else from any, also while appending.
class EventLog : public LogReader {
public:
    // Appends the whole batch with its index keys, or nothing. On success every entry is durable, and
    // the first stands at `expected_size`. `conflict`: the log does not end at `expected_size`; nothing
    // was written. `unknown`: the batch may or may not be there, and every later append answers
    // `unknown` too. An empty batch succeeds when the size matches. A batch over limits() or an index
    // key that exists already is a bug of the caller's and aborts.
    virtual Result<void, AppendError> append(std::span<const NewEntry> batch, Size expected_size) = 0;

    virtual Limits limits() const = 0;
};

} // namespace mosty::storage
