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
    Size size = 0; // after the event that last changed it; 0: nothing yet
    // Of its newest full copy, the bytes; and how many patches, of how many bytes together, came after it.
    std::size_t copy_bytes = 0;
    std::size_t patches = 0;
    std::size_t patch_bytes = 0;
};

// A full copy of a view is stored after so many patches, or as soon as these are larger than two of it and a
// little more: then reading the past costs little more than the view itself, and copies little more than
// patches.
inline constexpr std::size_t patches_per_copy = 256;
inline constexpr std::size_t patch_bytes_free = 2'048;

constexpr bool is_copy_due(const Document& document) {
    return document.patches == patches_per_copy ||
           document.patch_bytes > 2 * document.copy_bytes + patch_bytes_free;
}

// Reads the view as it was when the log held `at` entries: the newest full copy until then and the patches
// after it.
Result<Document, storage::ReadError> read_document(const storage::ViewStore::Snapshot& snapshot,
                                                   std::string_view topic, Size at);

// The view's JSON for those who read it.
std::string shown(const Document& document);

inline constexpr std::string_view programme_topic = "programme";

} // namespace mosty::projections
