#pragma once

#include "server/net/url.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace mosty::openid {

// An address at a provider: "https://id.example/oauth/token?tenant=7".
struct Endpoint {
    std::string text;   // as it was given
    net::Url server;    // without a path
    std::string target; // path and query, as a request's first line says them; begins with /
};

// Nothing unless it is an https address without user and fragment, of visible ASCII alone; http counts where
// the host is this machine.
std::optional<Endpoint> parse_endpoint(std::string_view text);

// Whether the text is an issuer as OpenID Connect wants it: an endpoint without a query.
bool is_issuer(std::string_view text);

// Where a provider tells about itself.
Endpoint discovery_of(std::string_view issuer);

// For forms and queries: what is no letter, digit or one of -._~ stands as %XX.
std::string percent_encoded(std::string_view text);

} // namespace mosty::openid
