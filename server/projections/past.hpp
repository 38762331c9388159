#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "storage/view_store.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// Reads of the store for worker threads: pure functions of a snapshot, which never changes.
namespace mosty::projections {

struct PastView {
    std::string value = "{}"; // JSON
    Size size = 0;            // the log's size after the event that last changed it; 0 for none yet
};

// The view as it was when the log held `at` entries; `at` must not be beyond the snapshot's applied().
Result<PastView, storage::ReadError> view_as_of(const storage::ViewStore::Snapshot& snapshot,
                                                std::string_view topic, Size at);

struct ListPage {
    Size total = 0;                // rows in the whole list, or all that the search finds
    std::vector<std::string> rows; // JSON
    std::string next;              // where the page after this one begins; empty at the end
};

// The list's rows whose `order` is below `before` (all when it is empty), greatest first, at most `limit`.
Result<ListPage, storage::ReadError> list_page(const storage::ViewStore::Snapshot& snapshot,
                                               std::string_view topic, std::string_view before,
                                               std::size_t limit);

// Whether a list can be asked for as of then: all but the registers, which are shown as they are now.
bool has_past(std::string_view topic);

// The same page of a list as it was when the log held `at` entries; `at` must not be beyond the snapshot's
// applied(). Each row of entities costs a look at its view of then, about half a millisecond.
Result<ListPage, storage::ReadError> list_page_as_of(const storage::ViewStore::Snapshot& snapshot,
                                                     std::string_view topic, Size at, std::string_view before,
                                                     std::size_t limit);

// Municipalities that have, for every word of `text`, a word of their name or code that begins with it, in
// Latin or Ukrainian letters, with or without marks: "byshi", "бишів", "lodz", "UA3214". Whole words come
// first, then by name. `country` (ISO 3166 alpha-2) may be empty, `text` too: then by country and name.
// `after` is the `next` of the page before; what is no such value begins anew.
Result<ListPage, storage::ReadError> search_municipalities(const storage::ViewStore::Snapshot& snapshot,
                                                           std::string_view text, std::string_view country,
                                                           std::string_view after, std::size_t limit);

} // namespace mosty::projections
