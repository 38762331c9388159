#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mosty::net {

// Where another server is: "https://witness.example:8480/kyiv".
struct Url {
    bool is_tls = false;
    std::string authority; // "witness.example:8480", as the Host header says it
    std::string host;      // without the brackets of IPv6
    std::string port;      // 80 or 443 when none is named
    std::string path;      // what stands before every path there; without a slash at its end
};

// Nothing unless it is an http or https address without query, fragment or user.
std::optional<Url> parse_url(std::string_view text);

} // namespace mosty::net
