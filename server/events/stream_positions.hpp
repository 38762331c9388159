#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "storage/log_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mosty::events {

// Goes through the positions of one stream's entries, in order, by the log's index.
//
// Threads: one at a time.
class StreamPositions {
public:
    StreamPositions(const storage::LogReader& log, StreamId stream)
        : log_(&log), stream_(std::move(stream)) {}

    // At most `count_max` positions from `from` on and below `size`, none missing between them. Going on
    // where the last call ended costs one look; elsewhere the place is searched for by halving.
    Result<std::vector<Position>, std::string> read(Position from, Size size, std::size_t count_max);

    // At most `count_max` positions below `before`, the greatest first, none missing between them.
    Result<std::vector<Position>, std::string> read_back(Position before, std::size_t count_max) const;

    // How many of the stream's entries stand before a position.
    Result<std::uint64_t, std::string> count_before(Position position) const;

private:
    Result<Revision, std::string> first_from(Position from) const;

    const storage::LogReader* log_;
    StreamId stream_;
    Revision next_revision_ = 1; // of the first entry at or after next_position_
    Position next_position_ = 0;
};

} // namespace mosty::events
