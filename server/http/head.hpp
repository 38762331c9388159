#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace mosty::http {

// How much of `bytes` is a request's head, the empty line at its end included; 0 when that has not come yet.
// Looks only at what came behind `seen`, the bytes that were looked at before.
std::size_t head_length(std::string_view bytes, std::size_t seen);

// Whether these bytes can still become a head. A byte that no head holds shows that at once: nobody has to
// wait for a line's end that will not come.
bool may_become_head(std::string_view bytes, std::size_t seen);

// Why a whole head is no request that everybody reads alike; nothing when it is one. Whatever a proxy before
// us could read in another way is refused: folded lines, a bare line end, a length that is said twice or
// beside Transfer-Encoding, a second Host, a name with blanks, and twice what tells who asks and from where:
// Origin, Sec-Fetch-Site, Authorization, Cookie, X-Forwarded-Proto and the like. The sentence is for whoever
// sent it.
std::optional<std::string_view> fault_in_head(std::string_view head);

} // namespace mosty::http
