#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "storage/view_store.hpp"

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace mosty::projections {

// One list of entities' rows, "proposals/HU_10719": how many it has and which order belongs to which id
// is stored here; the rows themselves are shared by all lists.
struct RowList {
    std::string topic;
    Size total = 0;
    Size removed_at = 0; // the log's size after a row last left the list; 0: none has
};

// The stored form of a list's numbers: "12 0".
std::string encode_total(const RowList& list);

// A list as it was when the log held `at` entries; empty when nothing had been recorded for it.
Result<RowList, storage::ReadError> read_row_list(const storage::ViewStore::Snapshot& snapshot,
                                                  std::string_view topic,
                                                  Size at = std::numeric_limits<Size>::max());

// What an entity or event recorded at `position` is listed by: sixteen decimal digits, so that texts sort
// as positions do.
std::string order_of(Position position);

// The size that a stored row begins with: every row's text opens with {"size":…,.
Size size_of_row(std::string_view row);

struct RowWindow {
    std::vector<std::string> rows;
    std::string next; // the order of the last row when more follow
};

// The rows of a list of entities, whose order is below `before` (all when empty), greatest first.
Result<RowWindow, storage::ReadError> read_rows(const storage::ViewStore::Snapshot& snapshot,
                                                std::string_view list_topic, std::string_view before,
                                                std::size_t limit);

} // namespace mosty::projections
