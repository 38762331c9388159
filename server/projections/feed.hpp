#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "server/projections/row_list.hpp"
#include "server/projections/set_hash.hpp"
#include "storage/view_store.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mosty::projections {

// The end of one feed, "feed/HU_10719". A feed only grows, so where its rows are is stored in runs of
// `run_max`: a run is written again while it fills, and never after. Each run's key is its first position;
// its value is how many rows precede it, in eight bytes, and then for each row its position in eight
// bytes, the length of its stream's name in one, and the name: the row is in that event's record.
struct Feed {
    static constexpr std::size_t run_max = 32;

    std::string topic;
    Size before = 0;                             // rows in the full runs
    Size count = 0;                              // rows since, fewer than run_max
    Position first = 0;                          // of them
    std::string run;                             // the value of their run; meaningless while there are none
    std::optional<SetHash::Element> run_counted; // as the store has it
    bool changed = false;

    Size total() const { return before + count; }
};

// Adds a row. When that fills the run, answers it as it is to be stored: the next row begins another.
std::optional<storage::KeyValue> append_row(Feed& feed, Position position, std::string_view stream);

// Reads where the feed ends. One that nothing was written to is empty.
Result<Feed, storage::ReadError> read_feed(const storage::ViewStore::Snapshot& snapshot,
                                           std::string_view topic);

// How many rows the feed had when the log held `at` entries.
Result<Size, storage::ReadError> feed_total(const storage::ViewStore::Snapshot& snapshot,
                                            std::string_view topic, Size at);

// The rows of events before position `before`, newest first.
Result<RowWindow, storage::ReadError> read_feed_rows(const storage::ViewStore::Snapshot& snapshot,
                                                     std::string_view topic, std::string_view before,
                                                     std::size_t limit);

} // namespace mosty::projections
