#pragma once

#include "domain/base/result.hpp"
#include "server/openid/endpoint.hpp"

#include <string>
#include <string_view>

namespace mosty::openid {

// What a provider says of itself (OpenID Connect Discovery 1.0), as far as we need it.
struct Metadata {
    Endpoint authorization; // where browsers are sent
    Endpoint token;         // where a code is redeemed
    Endpoint keys;
    bool names_itself = false; // in each answer that a browser brings, RFC 9207
};

// Reads the discovery document of the issuer. Why it cannot be used is a sentence: it is another's, lacks
// something, leads to a place without TLS, or speaks of no algorithm that is ours.
Result<Metadata, std::string> parse_metadata(std::string_view json, std::string_view issuer);

} // namespace mosty::openid
