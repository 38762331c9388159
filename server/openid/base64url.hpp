#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mosty::openid {

// Base 64 of RFC 4648 §5, without padding.
std::string encode_base64url(std::string_view bytes);

// Nothing unless the text is exactly what encode_base64url makes of some bytes.
std::optional<std::string> decode_base64url(std::string_view text);

} // namespace mosty::openid
