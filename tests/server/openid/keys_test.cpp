#include "server/openid/keys.hpp"
#include "signer.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace mosty;
using namespace mosty::openid;
using test::key_set;
using test::Signer;

namespace {

// How many keys of the set can be used, or why it is refused.
std::string outcome(std::string_view json) {
    const auto keys = parse_keys(json);
    return keys ? std::to_string(keys->size()) : keys.error();
}

const std::string none = "it has no key for RS256, ES256 or EdDSA";

} // namespace

TEST_CASE("keys of the three kinds are taken, and others passed over", "[openid]") {
    const std::string rsa = Signer::rsa().jwk("r");
    CHECK(outcome(key_set(rsa + ',' + Signer::p256().jwk("e") + ',' + Signer::ed25519().jwk("d"))) == "3");
    CHECK(outcome(key_set(rsa + R"(,7,{"kty":"oct","k":"AAAA"},{"kty":"EC","crv":"P-384"},{})")) == "1");
    CHECK(outcome(key_set(R"({"kty":"oct","kid":"s","k":"c2VjcmV0"})")) == none);
    CHECK(outcome(key_set("")) == none);
}

TEST_CASE("a key is for signing, and for the algorithm that it names", "[openid]") {
    const Signer rsa = Signer::rsa();
    for (const auto& [members, usable] : std::vector<std::pair<std::string, bool>>{
             {R"(,"use":"sig","alg":"RS256")", true},
             {R"(,"key_ops":["verify"])", true},
             {R"(,"use":"enc")", false},
             {R"(,"use":7)", false},
             {R"(,"alg":"RSA-OAEP")", false},
             {R"(,"alg":"PS256")", false},
             {R"(,"alg":"HS256")", false},
             {R"(,"key_ops":["encrypt"])", false},
             {R"(,"kty":"RSA")", false}, // said twice
         }) {
        INFO(members);
        CHECK(outcome(key_set(rsa.jwk("k", members))) == (usable ? "1" : none));
    }
}

TEST_CASE("a key that is too weak, too long or unsound is not taken", "[openid]") {
    CHECK(outcome(key_set(Signer::rsa(1'024).jwk("r"))) == none);
    const std::string modulus(256, '\xff');
    const std::string huge(1'025, '\xff');
    const std::string f4 = std::string("\x01\x00\x01", 3);
    CHECK(Key::rsa("r", modulus, f4).has_value());
    CHECK(!Key::rsa("r", huge, f4).has_value());
    CHECK(!Key::rsa("r", modulus, "\x01").has_value());
    CHECK(!Key::rsa("r", modulus, "\x02").has_value());
    CHECK(!Key::rsa("r", modulus, std::string(5, '\xff')).has_value());
    CHECK(!Key::rsa("r", modulus, "").has_value());
    CHECK(!Key::rsa("r", "", f4).has_value());

    CHECK(!Key::p256("e", std::string(32, '\x01'), std::string(32, '\x01')).has_value()); // off the curve
    CHECK(!Key::p256("e", std::string(31, '\x01'), std::string(32, '\x01')).has_value());
    CHECK(!Key::p256("e", std::string(32, '\0'), std::string(32, '\0')).has_value());
    CHECK(!Key::ed25519("d", std::string(31, '\x01')).has_value());
}

TEST_CASE("an ECDSA signature is two numbers of 32 bytes, and nothing else", "[openid]") {
    const Signer ec = Signer::p256();
    const auto keys = parse_keys(key_set(ec.jwk("e")));
    REQUIRE(keys.has_value());
    const Key& key = keys->front();
    const std::string signature = ec.sign("message");
    CHECK(key.verifies("message", signature));
    CHECK(!key.verifies("other", signature));
    CHECK(!key.verifies("message", signature + '\0'));
    CHECK(!key.verifies("message", signature.substr(1)));
    CHECK(!key.verifies("message", ""));
    CHECK(!key.verifies("message", std::string(64, '\0')));
}

TEST_CASE("what is no set of keys, or too many, is refused", "[openid]") {
    for (const std::string_view bad :
         {"", "[]", "7", R"({"keys":{}})", R"({"keys":[)", R"({"keys":[],"keys":[]})", "{}"}) {
        INFO(bad);
        CHECK(outcome(bad) == "its keys are no JSON Web Key Set");
    }
    std::string many = "{}";
    for (std::size_t i = 0; i < keys_max; ++i)
        many += ",{}";
    CHECK(outcome(key_set(many)) == fmt::format("it has more than {} keys", keys_max));
}
