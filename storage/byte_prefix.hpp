#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mosty::storage {

// The smallest string after every string that begins with `prefix`: "ab" → "ac", "a\xff" → "b".
// Nothing when there is none, because the prefix is empty or holds only 0xff.
inline std::optional<std::string> after_prefix(std::string_view prefix) {
    std::string end(prefix);
    while (!end.empty() && static_cast<unsigned char>(end.back()) == 0xff)
        end.pop_back();
    if (end.empty())
        return std::nullopt;
    end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
    return end;
}

} // namespace mosty::storage
