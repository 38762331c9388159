#include "server/net/url.hpp"

#include <algorithm>

namespace mosty::net {

std::optional<Url> parse_url(std::string_view text) {
    Url url;
    url.is_tls = text.starts_with("https://");
    if (!url.is_tls && !text.starts_with("http://"))
        return std::nullopt;
    url.port = url.is_tls ? "443" : "80";
    text.remove_prefix(url.is_tls ? 8 : 7);
    if (std::ranges::any_of(text,
                            [](char c) { return c <= ' ' || c > '~' || c == '?' || c == '#' || c == '@'; }))
        return std::nullopt;

    const auto authority = text.substr(0, text.find('/'));
    url.authority = authority;
    url.path = text.substr(authority.size());
    while (url.path.ends_with('/'))
        url.path.pop_back();
    const bool is_bracketed = authority.starts_with('[');
    const auto host_end =
        is_bracketed ? authority.find(']') : std::min(authority.size(), authority.find(':'));
    if (host_end == std::string_view::npos)
        return std::nullopt;
    url.host = is_bracketed ? authority.substr(1, host_end - 1) : authority.substr(0, host_end);
    auto rest = authority.substr(is_bracketed ? host_end + 1 : host_end);
    if (!rest.empty()) {
        if (!rest.starts_with(':'))
            return std::nullopt;
        url.port = rest.substr(1);
    }
    const bool is_number = !url.port.empty() && url.port.size() <= 5 &&
                           std::ranges::all_of(url.port, [](char c) { return c >= '0' && c <= '9'; });
    if (url.host.empty() || !is_number || std::stoul(url.port) > 65'535)
        return std::nullopt;
    return url;
}

} // namespace mosty::net
