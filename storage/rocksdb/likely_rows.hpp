#pragma once

#include <functional>
#include <string_view>

namespace mosty::storage {

// Calls `see` with what look like rows of a log in a damaged record of its write-ahead log. Each is a guess:
// it may have been changed, its end may be wrong, and it may never have been one. Index keys are passed over.
void for_each_likely_row(std::string_view record,
                         const std::function<void(std::string_view row, std::string_view value)>& see);

} // namespace mosty::storage
