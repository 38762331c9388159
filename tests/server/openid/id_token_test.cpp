#include "server/openid/id_token.hpp"
#include "signer.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

using namespace mosty;
using namespace mosty::openid;
using test::key_set;
using test::Signer;

namespace {

constexpr std::int64_t now = 1'795'341'600;
const Expected expected{"https://id.kyiv.example", "mosty", "n-1"};

// The usual claims, with some said otherwise; a null takes one away.
std::string claims(std::string_view changes = "{}") {
    boost::json::object all{{"iss", "https://id.kyiv.example"},
                            {"sub", "248289761001"},
                            {"aud", "mosty"},
                            {"exp", now + 300},
                            {"iat", now},
                            {"nonce", "n-1"}};
    for (const auto& [name, value] : boost::json::parse(changes).as_object())
        if (value.is_null())
            all.erase(name);
        else
            all[name] = value;
    return boost::json::serialize(all);
}

const Signer& rsa() {
    static const Signer signer = Signer::rsa();
    return signer;
}

Keys keys_of(std::string_view text) {
    auto keys = parse_keys(key_set(text));
    REQUIRE(keys.has_value());
    return std::move(*keys);
}

const Keys& rsa_keys() {
    static const Keys keys = keys_of(rsa().jwk("k1"));
    return keys;
}

// "248289761001", or why the token is not believed.
std::string verdict(std::string_view token, const Keys& keys = rsa_keys(), std::int64_t at = now) {
    const auto found = verify_id_token(token, keys, expected, at);
    return found ? found->subject : std::string(to_string(found.error()));
}

std::string verdict_on(std::string_view changes, std::int64_t at = now) {
    return verdict(rsa().token(claims(changes)), rsa_keys(), at);
}

} // namespace

TEST_CASE("a token of each algorithm is believed when its key signed it", "[openid]") {
    for (const Signer& signer : {Signer::rsa(), Signer::p256(), Signer::ed25519()}) {
        INFO(signer.algorithm());
        const Keys keys = keys_of(signer.jwk("k1"));
        const std::string token = signer.token(claims());
        CHECK(verdict(token, keys) == "248289761001");
        // Without a name of the key, it is the only one.
        CHECK(verdict(signer.token(fmt::format(R"({{"alg":"{}"}})", signer.algorithm()), claims()), keys) ==
              "248289761001");
        // One letter of the payload, and of the signature, changed.
        for (const std::size_t place : {token.find('.') + 5, token.rfind('.') + 20}) {
            std::string changed = token;
            changed[place] = changed[place] == 'A' ? 'B' : 'A';
            CHECK(verdict(changed, keys) == "signature_wrong");
        }
    }
}

TEST_CASE("a token that another key of the same kind and name signed is not believed", "[openid]") {
    for (const auto& [known, other] :
         {std::pair{Signer::rsa(), Signer::rsa()}, std::pair{Signer::p256(), Signer::p256()},
          std::pair{Signer::ed25519(), Signer::ed25519()}})
        CHECK(verdict(other.token(claims()), keys_of(known.jwk("k1"))) == "signature_wrong");
}

TEST_CASE("no algorithm but the three is believed, and none of a shared secret", "[openid]") {
    const auto unsigned_token = [](std::string_view header) {
        return encode_base64url(header) + '.' + encode_base64url(claims()) + '.';
    };
    CHECK(verdict(unsigned_token(R"({"alg":"none"})")) == "algorithm_refused");
    CHECK(verdict(unsigned_token(R"({"alg":"None","kid":"k1"})")) == "algorithm_refused");
    CHECK(verdict(unsigned_token(R"({"kid":"k1"})")) == "algorithm_refused");
    CHECK(verdict(unsigned_token(R"({"alg":"RS256","kid":"k1"})")) == "signature_wrong");
    for (const std::string_view name :
         {"HS256", "RS384", "RS512", "PS256", "ES384", "ES256K", "ES512", "rs256", ""}) {
        INFO(name);
        CHECK(verdict(rsa().token(fmt::format(R"({{"alg":"{}","kid":"k1"}})", name), claims())) ==
              "algorithm_refused");
    }
    // Signed with the public key as if it were a secret.
    const std::string text =
        encode_base64url(R"({"alg":"HS256","kid":"k1"})") + '.' + encode_base64url(claims());
    const std::string secret = rsa().jwk("k1");
    std::string mac(32, '\0');
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(mac.data()), nullptr);
    CHECK(verdict(text + '.' + encode_base64url(mac)) == "algorithm_refused");
}

TEST_CASE("a key verifies by its own algorithm alone", "[openid]") {
    const Signer ec = Signer::p256();
    const Signer ed = Signer::ed25519();
    const Keys keys = keys_of(rsa().jwk("r") + ',' + ec.jwk("e") + ',' + ed.jwk("d"));
    REQUIRE(keys.size() == 3);
    CHECK(verdict(ec.token(R"({"alg":"ES256","kid":"r"})", claims()), keys) == "key_unknown");
    CHECK(verdict(rsa().token(R"({"alg":"EdDSA","kid":"r"})", claims()), keys) == "key_unknown");
    CHECK(verdict(ed.token(R"({"alg":"ES256","kid":"e"})", claims()), keys) == "signature_wrong");
    CHECK(verdict(ec.token(R"({"alg":"ES256"})", claims()), keys) == "248289761001");
    CHECK(verdict(ec.token(R"({"alg":"ES256","kid":"gone"})", claims()), keys) == "key_unknown");

    const Keys two = keys_of(rsa().jwk("a") + ',' + Signer::rsa().jwk("b"));
    CHECK(verdict(rsa().token(R"({"alg":"RS256"})", claims()), two) == "key_unknown");
    CHECK(verdict(rsa().token(R"({"alg":"RS256","kid":"a"})", claims()), two) == "248289761001");
    CHECK(verdict(rsa().token(R"({"alg":"RS256","kid":"b"})", claims()), two) == "signature_wrong");
    const Keys same = keys_of(rsa().jwk("a") + ',' + Signer::rsa().jwk("a"));
    CHECK(verdict(rsa().token(R"({"alg":"RS256","kid":"a"})", claims()), same) == "key_unknown");
}

TEST_CASE("a header that brings a key or an extension along is refused", "[openid]") {
    for (const std::string& member :
         {R"("jwk":)" + rsa().jwk("k1"), std::string(R"("jku":"https://evil.example/keys")"),
          std::string(R"("x5u":"https://evil.example/chain")"), std::string(R"("x5c":["MIIB"])"),
          std::string(R"("crit":["b64"],"b64":true)"), std::string(R"("typ":"at+jwt")"),
          std::string(R"("typ":7)")}) {
        INFO(member);
        CHECK(verdict(rsa().token(fmt::format(R"({{"alg":"RS256","kid":"k1",{}}})", member), claims())) ==
              "header_refused");
    }
    CHECK(verdict(rsa().token(R"({"alg":"RS256","kid":"k1","typ":"jwt","x5t":"abc"})", claims())) ==
          "248289761001");
}

TEST_CASE("a token is for this issuer, this client and this sign-in", "[openid]") {
    CHECK(verdict_on("{}") == "248289761001");
    CHECK(verdict_on(R"({"iss":"https://id.lviv.example"})") == "issuer_wrong");
    CHECK(verdict_on(R"({"iss":"https://id.kyiv.example/"})") == "issuer_wrong");
    CHECK(verdict_on(R"({"iss":null})") == "issuer_wrong");
    CHECK(verdict_on(R"({"iss":["https://id.kyiv.example"]})") == "issuer_wrong");
    CHECK(verdict_on(R"({"aud":"other"})") == "audience_wrong");
    CHECK(verdict_on(R"({"aud":null})") == "audience_wrong");
    CHECK(verdict_on(R"({"aud":[]})") == "audience_wrong");
    CHECK(verdict_on(R"({"aud":["mosty"]})") == "248289761001");
    CHECK(verdict_on(R"({"aud":["mosty","other"]})") == "audience_wrong");
    CHECK(verdict_on(R"({"aud":["mosty",7]})") == "audience_wrong");
    CHECK(verdict_on(R"({"aud":["mosty","other"],"azp":"mosty"})") == "248289761001");
    CHECK(verdict_on(R"({"aud":["other"],"azp":"mosty"})") == "audience_wrong");
    CHECK(verdict_on(R"({"azp":"other"})") == "audience_wrong");
    CHECK(verdict_on(R"({"azp":7})") == "audience_wrong");
    CHECK(verdict_on(R"({"nonce":"n-2"})") == "nonce_wrong");
    CHECK(verdict_on(R"({"nonce":null})") == "nonce_wrong");
    CHECK(verdict_on(R"({"sub":null})") == "subject_missing");
    CHECK(verdict_on(R"({"sub":""})") == "subject_missing");
    CHECK(verdict_on(R"({"sub":248289761001})") == "subject_missing");
    CHECK(verdict_on(fmt::format(R"({{"sub":"{}"}})", std::string(256, '7'))) == "subject_missing");
}

TEST_CASE("a token is believed in its time, with two minutes for clocks that differ", "[openid]") {
    CHECK(verdict_on("{}", now + 300 + 119) == "248289761001");
    CHECK(verdict_on("{}", now + 300 + 120) == "expired");
    CHECK(verdict_on("{}", now - 120) == "248289761001");
    CHECK(verdict_on("{}", now - 121) == "not_yet_valid");
    CHECK(verdict_on(fmt::format(R"({{"nbf":{}}})", now + 120)) == "248289761001");
    CHECK(verdict_on(fmt::format(R"({{"nbf":{}}})", now + 121)) == "not_yet_valid");
    CHECK(verdict_on(fmt::format(R"({{"exp":{}.5}})", now + 300)) == "248289761001");
    for (const std::string_view name : {"exp", "iat"})
        for (const std::string_view value : {"null", R"("1795341900")", "-1", "1e300", "[]"}) {
            INFO(name << " " << value);
            CHECK(verdict_on(fmt::format(R"({{"{}":{}}})", name, value)) == "malformed");
        }
    CHECK(verdict_on(R"({"nbf":"now"})") == "malformed");
}

TEST_CASE("what is no token is told from what lies", "[openid]") {
    const std::string good = rsa().token(claims());
    for (const std::string& bad :
         {std::string(), std::string("."), std::string(".."), good + ".", good + ".AAAA", "." + good,
          good.substr(0, good.rfind('.')), good + "=", good + "\n", " " + good,
          std::string(id_token_bytes_max + 1, 'A'), encode_base64url("[]") + good.substr(good.find('.')),
          encode_base64url(R"({"alg":"RS256","alg":"RS256","kid":"k1"})") + good.substr(good.find('.')),
          encode_base64url(R"({"alg":"RS256","kid":7})") + good.substr(good.find('.'))}) {
        INFO(bad.substr(0, 80));
        CHECK(verdict(bad) == "malformed");
    }
    CHECK(verdict(rsa().token("no json")) == "malformed");
    CHECK(verdict(rsa().token(R"({"sub":"1","sub":"2"})")) == "malformed");
    // The last letter of a signature holds bits that nobody reads: only one way to write them counts.
    std::string again = Signer::ed25519().token(claims());
    CHECK(decode_base64url(again.substr(again.rfind('.') + 1)).has_value());
    again.back() = again.back() == 'A' ? 'B' : static_cast<char>(again.back() + 1);
    CHECK(!decode_base64url(again.substr(again.rfind('.') + 1)).has_value());
}
