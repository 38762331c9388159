#include "server/openid/id_token.hpp"

#include "server/audit/ed25519.hpp"
#include "server/openid/base64url.hpp"
#include "server/openid/endpoint.hpp"
#include "server/openid/keys.hpp"
#include "server/openid/metadata.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <fmt/format.h>

// What an organisation's provider of sign-ins sends: tokens, keys, its discovery document. Only what our own
// key signed is believed, and only when it says what it must.
using namespace mosty;
using namespace mosty::openid;

namespace {

constexpr std::int64_t now = 1'795'341'600;
constexpr std::string_view issuer = "https://id.kyiv.example";
constexpr Expected expected{issuer, "mosty", "n-1"};
constexpr std::string_view good_header = R"({"alg":"EdDSA","kid":"k1"})";
constexpr std::string_view good_claims =
    R"({"iss":"https://id.kyiv.example","sub":"7","aud":"mosty","exp":1795341900,"iat":1795341600,"nonce":"n-1"})";

const audit::Ed25519Key& signer() {
    static const auto key = audit::Ed25519Key::from_seed(std::string(32, 's'));
    return key;
}

const Keys& keys() {
    static const Keys all = [] {
        const auto& bytes = signer().public_key();
        auto key = Key::ed25519("k1", {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
        auto rsa = Key::rsa("k2", std::string(256, '\xff'), std::string("\x01\x00\x01", 3));
        MOSTY_PROMISE(key.has_value() && rsa.has_value());
        return Keys{std::move(*key), std::move(*rsa)};
    }();
    return all;
}

std::string signed_token(std::string_view header, std::string_view claims) {
    const std::string text = encode_base64url(header) + '.' + encode_base64url(claims);
    return text + '.' + encode_base64url(signer().sign(text));
}

Result<Claims, TokenFault> verdict(std::string_view token) {
    return verify_id_token(token, keys(), expected, now);
}

void check_token(std::string_view text) {
    static const std::string good = signed_token(good_header, good_claims);
    MOSTY_PROMISE(verdict(good).has_value());
    MOSTY_PROMISE(text == good || !verdict(text));
    MOSTY_PROMISE(text.empty() || (!verdict(good + std::string(text)) && !verdict(std::string(text) + good)));
    // Whatever our key signs has to say what it must.
    if (verdict(signed_token(text, good_claims)))
        MOSTY_PROMISE(text.find("EdDSA") != std::string_view::npos ||
                      text.find('\\') != std::string_view::npos);
    if (const auto claims = verdict(signed_token(good_header, text))) {
        MOSTY_PROMISE(!claims->subject.empty() && claims->subject.size() <= subject_bytes_max);
        MOSTY_PROMISE(fuzz::is_json(text));
    }
}

void check_keys(std::string_view text) {
    const auto found = parse_keys(text);
    if (!found) {
        MOSTY_PROMISE(!found.error().empty());
        return;
    }
    MOSTY_PROMISE(!found->empty() && found->size() <= keys_max);
    for (const Key& key : *found) {
        MOSTY_PROMISE(!key.verifies(good_claims, std::string(64, '\x01')));
        MOSTY_PROMISE(!key.verifies(good_claims, ""));
        const Key* one = find_key(*found, key.algorithm(), key.id());
        MOSTY_PROMISE(!one || one->algorithm() == key.algorithm());
    }
}

void check_addresses(std::string_view text) {
    if (const auto endpoint = parse_endpoint(text)) {
        MOSTY_PROMISE(endpoint->text == text && endpoint->target.starts_with('/'));
        MOSTY_PROMISE(endpoint->text.find_first_of(" \r\n\t#@") == std::string::npos);
        if (is_issuer(text))
            static_cast<void>(parse_metadata("{}", text));
    }
    if (const auto metadata = parse_metadata(text, issuer))
        MOSTY_PROMISE(metadata->token.server.is_tls && metadata->keys.server.is_tls &&
                      metadata->authorization.server.is_tls);
    MOSTY_PROMISE(decode_base64url(encode_base64url(text)) == text);
    if (const auto bytes = decode_base64url(text))
        MOSTY_PROMISE(encode_base64url(*bytes) == text);
    for (const char c : percent_encoded(text))
        MOSTY_PROMISE(c > ' ' && c <= '~' && c != '&' && c != '=' && c != '+');
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text_of(data, size);
    check_token(text);
    check_keys(text);
    check_addresses(text);
    return 0;
}
