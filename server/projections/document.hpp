#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "storage/view_store.hpp"

#include <boost/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace mosty::projections {

// A view at one size of the log.
struct Document {
    boost::json::object value;
    Size size = 0;              // after the event that last changed it; 0: nothing yet
    std::size_t since_copy = 0; // patches after its newest full copy
};

// After so many patches of a view a full copy of it is stored.
inline constexpr std::size_t patches_per_copy = 256;

// Reads the view as it was when the log held `at` entries: the newest full copy until then and the patches
// after it.
Result<Document, storage::ReadError> read_document(const storage::ViewStore::Snapshot& snapshot,
                                                   std::string_view topic, Size at);

// The view's JSON for those who read it.
std::string shown(const Document& document);

inline constexpr std::string_view programme_topic = "programme";

} // namespace mosty::projections
