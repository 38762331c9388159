#pragma once

#include <string>
#include <string_view>

namespace mosty::http {

// The bytes as a gzip file, packed as small as zlib can. Empty when that is not smaller.
std::string gzip(std::string_view bytes);

} // namespace mosty::http
