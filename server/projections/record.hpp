#pragma once

#include <string>
#include <string_view>

namespace mosty::projections {

// What an event leaves behind in the store: the patch of its stream's view, and its row in the feeds, with
// a line feed between them, which JSON without white space never holds. Either may be empty. One value
// instead of two, because storing a value costs more than its bytes.
inline std::string encode_record(std::string_view patch, std::string_view feed_row) {
    std::string record;
    record.reserve(patch.size() + 1 + feed_row.size());
    return record.append(patch).append(1, '\n').append(feed_row);
}

inline std::string_view patch_in(std::string_view record) {
    return record.substr(0, record.find('\n'));
}

inline std::string_view feed_row_in(std::string_view record) {
    return record.substr(record.find('\n') + 1);
}

} // namespace mosty::projections
