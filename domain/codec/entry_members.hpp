#pragma once

#include <string_view>

namespace mosty::codec {

// A stored entry's type, stream and data, found by where its members stand, without reading it as JSON: for
// those who look at every entry. Empty when the bytes are no entry. Quick, and no check of anything.
std::string_view entry_type(std::string_view entry);
std::string_view entry_stream(std::string_view entry);

// Its data, the last member, as they stand there.
std::string_view entry_data(std::string_view entry);

} // namespace mosty::codec
