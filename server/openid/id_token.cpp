#include "server/openid/id_token.hpp"

#include "server/openid/base64url.hpp"
#include "server/openid/json_object.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace mosty::openid {
namespace {

using Check = std::optional<TokenFault>;

// The three parts of the compact form, still encoded.
struct Parts {
    std::string_view signed_text; // header and payload, with the point between
    std::string_view header;
    std::string_view payload;
    std::string_view signature;
};

std::optional<Parts> parts_of(std::string_view token) {
    const auto first = token.find('.');
    const auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
    if (token.size() > id_token_bytes_max || second == std::string_view::npos ||
        token.find('.', second + 1) != std::string_view::npos)
        return std::nullopt;
    return Parts{token.substr(0, second), token.substr(0, first), token.substr(first + 1, second - first - 1),
                 token.substr(second + 1)};
}

bool is_jwt(std::string_view type) {
    return type.size() == 3 && (type[0] | 0x20) == 'j' && (type[1] | 0x20) == 'w' && (type[2] | 0x20) == 't';
}

Check check_header(const JsonObject& header) {
    // Whoever brings the key along, or says where it is, could have signed with any.
    for (const std::string_view name : {"crit", "jwk", "jku", "x5u", "x5c"})
        if (header.has(name))
            return TokenFault::header_refused;
    if (header.has("typ") && !is_jwt(header.text("typ").value_or("")))
        return TokenFault::header_refused;
    if (header.has("kid") && !header.text("kid"))
        return TokenFault::malformed;
    return std::nullopt;
}

// Whether it is for us: "aud" is us, or a list with us; when it is for others too, "azp" names us.
bool is_for(const JsonObject& claims, std::string_view client_id) {
    if (claims.has("azp") && claims.text("azp") != client_id)
        return false;
    if (claims.text("aud"))
        return claims.text("aud") == client_id;
    simdjson::dom::array list;
    if (claims.value()["aud"].get(list) != simdjson::SUCCESS)
        return false;
    bool names_us = false;
    for (const simdjson::dom::element one : list) {
        std::string_view audience;
        if (one.get(audience) != simdjson::SUCCESS)
            return false;
        names_us = names_us || audience == client_id;
    }
    return names_us && (list.size() == 1 || claims.has("azp"));
}

Check check_time(const JsonObject& claims, std::int64_t now_s) {
    const auto expires = claims.moment("exp");
    const auto issued = claims.moment("iat");
    if (!expires || !issued || (claims.has("nbf") && !claims.moment("nbf")))
        return TokenFault::malformed;
    if (now_s >= *expires + clock_skew_s)
        return TokenFault::expired;
    if (*issued > now_s + clock_skew_s || claims.moment("nbf").value_or(0) > now_s + clock_skew_s)
        return TokenFault::not_yet_valid;
    return std::nullopt;
}

Check check_claims(const JsonObject& claims, const Expected& expected, std::int64_t now_s) {
    if (claims.text("iss") != expected.issuer)
        return TokenFault::issuer_wrong;
    if (!is_for(claims, expected.client_id))
        return TokenFault::audience_wrong;
    if (const auto wrong = check_time(claims, now_s))
        return wrong;
    if (expected.nonce.empty() || claims.text("nonce") != expected.nonce)
        return TokenFault::nonce_wrong;
    const auto subject = claims.text("sub").value_or("");
    if (subject.empty() || subject.size() > subject_bytes_max)
        return TokenFault::subject_missing;
    return std::nullopt;
}

} // namespace

std::string_view to_string(TokenFault fault) {
    switch (fault) {
    case TokenFault::malformed:
        return "malformed";
    case TokenFault::algorithm_refused:
        return "algorithm_refused";
    case TokenFault::header_refused:
        return "header_refused";
    case TokenFault::key_unknown:
        return "key_unknown";
    case TokenFault::signature_wrong:
        return "signature_wrong";
    case TokenFault::issuer_wrong:
        return "issuer_wrong";
    case TokenFault::audience_wrong:
        return "audience_wrong";
    case TokenFault::expired:
        return "expired";
    case TokenFault::not_yet_valid:
        return "not_yet_valid";
    case TokenFault::nonce_wrong:
        return "nonce_wrong";
    case TokenFault::subject_missing:
        return "subject_missing";
    }
    return "malformed";
}

Result<Claims, TokenFault> verify_id_token(std::string_view token, const Keys& keys, const Expected& expected,
                                           std::int64_t now_s) {
    const auto parts = parts_of(token);
    const auto header_text = parts ? decode_base64url(parts->header) : std::nullopt;
    const auto signature = parts ? decode_base64url(parts->signature) : std::nullopt;
    JsonObject header;
    if (!header_text || !signature || !header.parse(*header_text))
        return std::unexpected(TokenFault::malformed);
    const auto algorithm = algorithm_of(header.text("alg").value_or(""));
    if (!algorithm)
        return std::unexpected(TokenFault::algorithm_refused);
    if (const auto wrong = check_header(header))
        return std::unexpected(*wrong);
    const Key* key = find_key(keys, *algorithm, header.text("kid").value_or(""));
    if (!key)
        return std::unexpected(TokenFault::key_unknown);
    if (!key->verifies(parts->signed_text, *signature))
        return std::unexpected(TokenFault::signature_wrong);

    const auto payload = decode_base64url(parts->payload);
    JsonObject claims;
    if (!payload || !claims.parse(*payload))
        return std::unexpected(TokenFault::malformed);
    if (const auto wrong = check_claims(claims, expected, now_s))
        return std::unexpected(*wrong);
    return Claims{std::string(*claims.text("sub"))};
}

} // namespace mosty::openid
