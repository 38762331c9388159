#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "server/projections/set_hash.hpp"
#include "storage/view_store.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mosty::projections {

// The set hash of every row from which views, lists and feeds are read, at one size of the log. Two stores of
// the same form (core::views_format) that stand for the same log have the same, however they came to it; see
// set_hash.hpp for what a difference means.
//
// A view is counted as its patches, an entity's row as it is, a feed as its runs; what is only kept to be
// quicker is not: full copies of views, states of texts, the words of the search. So it covers what is
// answered of the past, too. What a text says is in no view: it is read from the log's own entries.
struct ViewsHash {
    Size size = 0;
    SetHash hash;
};

// Whether a row of this key counts.
bool is_counted(std::string_view key);

// As stored: the size in eight bytes, then the sum; and back.
std::string encode_views_hash(const ViewsHash& hash);
ViewsHash decode_views_hash(std::string_view bytes);

// The sum over all rows of the store, as they are read now. For workers and tools.
Result<SetHash, storage::ReadError> hash_of_rows(const storage::ViewStore::Snapshot& snapshot);

// The hashes noted, see Projector::note_views_hash(): of one size, and the newest, newest first.
Result<std::optional<ViewsHash>, storage::ReadError>
noted_views_hash(const storage::ViewStore::Snapshot& snapshot, Size size);
Result<std::vector<ViewsHash>, storage::ReadError>
noted_views_hashes(const storage::ViewStore::Snapshot& snapshot, std::size_t limit);

} // namespace mosty::projections
