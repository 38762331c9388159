#include "server/audit/base64.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace mosty::audit {

std::string encode_base64(std::string_view bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0'); // OpenSSL ends it with a zero
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                    reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    text.pop_back();
    return text;
}

std::optional<std::string> decode_base64(std::string_view text) {
    if (text.size() % 4 != 0)
        return std::nullopt;
    std::string bytes(text.size() / 4 * 3, '\0');
    const int length =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    if (length < 0 || static_cast<std::size_t>(length) != bytes.size())
        return std::nullopt;
    const auto padding = std::min<std::ptrdiff_t>(2, std::ranges::count(text, '='));
    bytes.resize(bytes.size() - static_cast<std::size_t>(padding));
    // OpenSSL overlooks white space, misplaced padding and bits that stand for nothing.
    if (encode_base64(bytes) != text)
        return std::nullopt;
    return bytes;
}

} // namespace mosty::audit
