#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "server/projections/row_list.hpp"
#include "storage/view_store.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mosty::projections {

// The end of one feed, "feed/HU_10719". A feed only grows, so its rows' positions are stored in runs of
// `run_max`: a run is written again while it fills, and never after. Each run's key is its first position;
// its value is how many rows precede it and then its positions, each in eight bytes.
struct Feed {
    static constexpr std::size_t run_max = 64;

    std::string topic;
    Size before = 0;                // rows in the full runs
    std::vector<Position> run = {}; // the rows since, fewer than run_max
    bool changed = false;

    Size total() const { return before + run.size(); }
};

std::string encode_run(Size before, const std::vector<Position>& run);

// Reads where the feed ends. One that nothing was written to is empty.
Result<Feed, storage::ReadError> read_feed(const storage::ViewStore::Snapshot& snapshot,
                                           std::string_view topic);

// The rows of events before position `before`, newest first.
Result<RowWindow, storage::ReadError> read_feed_rows(const storage::ViewStore::Snapshot& snapshot,
                                                     std::string_view topic, std::string_view before,
                                                     std::size_t limit);

} // namespace mosty::projections
