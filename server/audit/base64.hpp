#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mosty::audit {

// Base 64 of RFC 4648 §4, padded, without line breaks.
std::string encode_base64(std::string_view bytes);

// Nothing unless the text is exactly what encode_base64 makes of some bytes: one value, one text.
std::optional<std::string> decode_base64(std::string_view text);

} // namespace mosty::audit
