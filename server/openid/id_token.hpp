#pragma once

#include "domain/base/result.hpp"
#include "server/openid/keys.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mosty::openid {

// Why a token is not believed. The names, as to_string() says them, stand in the server's log.
enum class TokenFault {
    malformed,         // no token in the compact form, or its JSON is none, or says something twice
    algorithm_refused, // "none", a shared secret's, or another that is not ours
    header_refused,    // it brings a key or an extension of its own, or is a token of another kind
    key_unknown,       // none of the provider's keys for this algorithm and id
    signature_wrong,
    issuer_wrong,
    audience_wrong, // not for us, or for others too without naming us as its party
    expired,
    not_yet_valid,
    nonce_wrong,
    subject_missing,
};

std::string_view to_string(TokenFault fault);

constexpr std::size_t id_token_bytes_max = 16 * 1024;
constexpr std::size_t subject_bytes_max = 255;
constexpr std::int64_t clock_skew_s = 120; // between a provider's clock and ours

// What a token must say.
struct Expected {
    std::string_view issuer;
    std::string_view client_id;
    std::string_view nonce;
};

struct Claims {
    std::string subject; // who it is, at this issuer
};

// Believes an ID token (OpenID Connect Core 1.0, §3.1.3.7) that one of the keys signed, for us and for this
// sign-in, at this time; `now_s` in seconds since 1970. Nothing of it is looked at before its signature but
// what finds the key.
Result<Claims, TokenFault> verify_id_token(std::string_view token, const Keys& keys, const Expected& expected,
                                           std::int64_t now_s);

} // namespace mosty::openid
