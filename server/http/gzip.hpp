#pragma once

#include <string>
#include <string_view>

namespace mosty::http {

// The bytes as a gzip file, packed as small as zlib can, or less and sooner. Empty when that is not smaller.
enum class Packing { smallest, quick };
std::string gzip(std::string_view bytes, Packing packing = Packing::smallest);

} // namespace mosty::http
