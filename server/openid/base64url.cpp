#include "server/openid/base64url.hpp"

#include "server/audit/base64.hpp"

#include <algorithm>

namespace mosty::openid {

std::string encode_base64url(std::string_view bytes) {
    std::string text = audit::encode_base64(bytes);
    text.resize(std::min(text.size(), text.find('=')));
    std::ranges::replace(text, '+', '-');
    std::ranges::replace(text, '/', '_');
    return text;
}

std::optional<std::string> decode_base64url(std::string_view text) {
    if (text.find_first_of("+/=") != std::string_view::npos)
        return std::nullopt;
    std::string plain(text);
    std::ranges::replace(plain, '-', '+');
    std::ranges::replace(plain, '_', '/');
    plain.append((4 - plain.size() % 4) % 4, '=');
    return audit::decode_base64(plain);
}

} // namespace mosty::openid
