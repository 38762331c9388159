#pragma once

#include "domain/base/result.hpp"
#include "server/events/affiliations.hpp"
#include "server/events/filter.hpp"
#include "server/events/stream_positions.hpp"
#include "storage/log_reader.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mosty::events {

// Some of the events that are wanted, in order, and where to go on.
struct Chunk {
    std::vector<storage::Entry> entries;
    Position next = 0; // everything before it has been looked at
};

// How far one call goes: enough to be fast, little enough that others get their turn.
struct Bounds {
    std::size_t entries_max = 4'096; // given back
    std::size_t bytes_max = 256 * 1024;
    std::size_t looked_at_max = 8'192;
};

// Goes up a log for one reader and picks what its filter wants: through the index where the streams are
// known, entry by entry otherwise.
//
// Threads: one at a time; beside the log's writer.
class Reader {
public:
    // Gives events of `stored`, as they are stored. Reads what the filter needs to know of people among the
    // first `size` entries of `opened`, the same log with its sealed data opened.
    static Result<std::unique_ptr<Reader>, std::string>
    open(const storage::LogReader& stored, const storage::LogReader& opened, Size size, Filter filter);

    // The events at or after `from` and below `size`. May give none before it has come to `size`: go on at
    // `next`. The error says what cannot be read.
    Result<Chunk, std::string> read(Position from, Size size, const Bounds& bounds = {});

    // Whether an entry is wanted; its position is below the size of open() or of the last read().
    Result<bool, std::string> wants(const storage::Entry& entry) const;

private:
    Reader(const storage::LogReader& stored, const storage::LogReader& opened, Filter filter);

    Result<Chunk, std::string> walk(Position from, Size size, const Bounds& bounds);
    Result<Chunk, std::string> look_up(Position from, Size size, const Bounds& bounds);

    const storage::LogReader& log_;
    const storage::LogReader& opened_;
    const Filter filter_;
    std::vector<StreamPositions> streams_; // none: every entry is looked at
    std::optional<Affiliations> affiliations_;
};

} // namespace mosty::events
