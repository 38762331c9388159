#include "server/openid/provider.hpp"
#include "signer.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <map>
#include <optional>
#include <vector>

using namespace mosty;
using namespace mosty::openid;
using namespace std::chrono_literals;
using test::key_set;
using test::Signer;
namespace asio = boost::asio;

namespace {

const std::string issuer = "https://id.kyiv.example";
constexpr std::int64_t unix_now = 1'795'341'600;

std::string discovery(std::string_view more = "") {
    return fmt::format(R"({{"issuer":"{0}","authorization_endpoint":"{0}/authorize?lang=uk",)"
                       R"("token_endpoint":"{0}/token","jwks_uri":"{0}/keys"{1}}})",
                       issuer, more);
}

// A provider's server as the questions meet it, at a time that the test sets.
struct World {
    asio::io_context context;
    std::map<std::string, Result<Reply, std::string>> answers; // by target
    std::vector<Question> asked;
    std::chrono::steady_clock::time_point now{100h};
    Signer signer = Signer::ed25519();
    const Flow flow{"s-1", "n-1", "a-verifier-of-43-letters-for-the-challenge-1",
                    "https://mosty.example/back"};
    Provider provider;

    explicit World(std::string secret = "")
        : provider(context.get_executor(), {.id = "kyiv", .issuer = issuer, .client_id = "mosty app"},
                   std::move(secret), [this](Question question) { return answer(std::move(question)); },
                   {[this] { return now; }, [] { return unix_now; }}) {
        answers["/.well-known/openid-configuration"] = Reply{200, discovery()};
        answers["/keys"] = Reply{200, key_set(signer.jwk("k1"))};
        sign_by(signer, "k1");
    }

    void sign_by(const Signer& by, const char* id) {
        answers["/token"] = Reply{
            200,
            fmt::format(
                R"({{"id_token":"{}"}})",
                by.token(fmt::format(
                             R"({{"iss":"{}","sub":"u1","aud":"mosty app","exp":{},"iat":{},"nonce":"n-1"}})",
                             issuer, unix_now + 60, unix_now),
                         id))};
    }

    asio::awaitable<Result<Reply, std::string>> answer(Question question) {
        asked.push_back(question);
        co_await asio::post(context, asio::use_awaitable);
        const auto found = answers.find(question.to.target);
        REQUIRE(found != answers.end());
        co_return found->second;
    }

    template <class T>
    T run(asio::awaitable<T> work) {
        std::optional<T> result;
        asio::co_spawn(
            context,
            [](auto work, auto& result) -> asio::awaitable<void> {
                result = co_await std::move(work);
            }(std::move(work), result),
            asio::detached);
        context.restart();
        context.run();
        return std::move(*result);
    }

    // "u1", or why not.
    std::string redeem(Returned returned = {"c-1", ""}) {
        const auto claims = run(provider.redeem(flow, returned));
        return claims ? claims->subject : claims.error().reason;
    }

    std::size_t asked_for(std::string_view target) const {
        return static_cast<std::size_t>(
            std::ranges::count_if(asked, [&](const Question& one) { return one.to.target == target; }));
    }
};

const std::string disbelieved = "its ID token is not to be believed: key_unknown";

} // namespace

TEST_CASE("a browser is sent with all that the provider must know, and nothing of the verifier", "[openid]") {
    World world;
    const auto address = world.run(world.provider.authorization_address(world.flow));
    REQUIRE(address.has_value());
    // The challenge is base 64 of the SHA-256 of the verifier.
    CHECK(*address ==
          "https://id.kyiv.example/authorize?lang=uk&response_type=code&scope=openid"
          "&client_id=mosty%20app&redirect_uri=https%3A%2F%2Fmosty.example%2Fback&state=s-1"
          "&nonce=n-1&code_challenge=6kgL1Y_ICKnB96Jwn13cvSeXln-YrMmuvM0JzPnBfh8&code_challenge_method=S256");
    CHECK(world.asked_for("/keys") == 0);
}

TEST_CASE("a code is redeemed with the verifier, by a public client", "[openid]") {
    World world;
    CHECK(world.redeem({"c/1", ""}) == "u1");
    const Question& question = world.asked[1];
    CHECK(question.to.target == "/token");
    CHECK(question.authorization.empty());
    CHECK(question.form == "grant_type=authorization_code&code=c%2F1&redirect_uri=https%3A%2F%2Fmosty.example"
                           "%2Fback&code_verifier=a-verifier-of-43-letters-for-the-challenge-1&client_id="
                           "mosty%20app");
}

TEST_CASE("a client that has a secret shows it in a header alone", "[openid]") {
    World world("s:e cret");
    CHECK(world.redeem() == "u1");
    // "mosty%20app:s%3Ae%20cret"
    CHECK(world.asked[1].authorization == "Basic bW9zdHklMjBhcHA6cyUzQWUlMjBjcmV0");
    CHECK(world.asked[1].form.find("cret") == std::string::npos);
}

TEST_CASE("discovery and keys are kept, and fetched anew after a day and an hour", "[openid]") {
    World world;
    CHECK(world.redeem() == "u1");
    world.now += 59min;
    CHECK(world.redeem() == "u1");
    CHECK(world.asked_for("/keys") == 1);
    world.now += 2min;
    CHECK(world.redeem() == "u1");
    CHECK(world.asked_for("/keys") == 2);
    CHECK(world.asked_for("/.well-known/openid-configuration") == 1);
    world.now += 24h;
    CHECK(world.redeem() == "u1");
    CHECK(world.asked_for("/.well-known/openid-configuration") == 2);
}

TEST_CASE("a key that is not known has the keys fetched, once a minute at most", "[openid]") {
    World world;
    CHECK(world.redeem() == "u1");
    const Signer next = Signer::p256();
    world.sign_by(next, "k2");
    world.answers["/keys"] = Reply{200, key_set(world.signer.jwk("k1") + ',' + next.jwk("k2"))};
    world.now += 59s;
    CHECK(world.redeem() == disbelieved);
    CHECK(world.asked_for("/keys") == 1);
    world.now += 1s;
    CHECK(world.redeem() == "u1");
    CHECK(world.asked_for("/keys") == 2);
    // The old one serves on while the provider shows it, and not when it is gone.
    world.sign_by(world.signer, "k1");
    CHECK(world.redeem() == "u1");
    world.answers["/keys"] = Reply{200, key_set(next.jwk("k2"))};
    world.now += 1h;
    CHECK(world.redeem() == disbelieved);
    CHECK(world.asked_for("/keys") == 3);
}

TEST_CASE("while fetching fails the old keys serve, for a day, and are asked for once a minute", "[openid]") {
    World world;
    CHECK(world.redeem() == "u1");
    world.answers["/keys"] = std::unexpected("it did not answer in time");
    world.now += 2h;
    CHECK(world.redeem() == "u1");
    CHECK(world.redeem() == "u1");
    CHECK(world.asked_for("/keys") == 2);
    world.now += 60s;
    CHECK(world.redeem() == "u1");
    CHECK(world.asked_for("/keys") == 3);
    world.now += 22h;
    CHECK(world.redeem() == "it did not answer in time");
    world.answers["/keys"] = Reply{503, ""};
    world.now += 2s;
    CHECK(world.redeem() == "its keys answer 503");
    world.answers["/keys"] = Reply{200, key_set(world.signer.jwk("k1"))};
    CHECK(world.redeem() == "its keys answer 503"); // too soon after the last try
    world.now += 2s;
    CHECK(world.redeem() == "u1");
}

TEST_CASE("those who come while something is being fetched wait for it", "[openid]") {
    World world;
    std::vector<std::string> subjects;
    for (int i = 0; i < 5; ++i)
        asio::co_spawn(
            world.context,
            [](World& all, auto& out) -> asio::awaitable<void> {
                const auto claims = co_await all.provider.redeem(all.flow, {"c-1", ""});
                out.push_back(claims ? claims->subject : claims.error().reason);
            }(world, subjects),
            asio::detached);
    world.context.run();
    CHECK(subjects == std::vector<std::string>(5, "u1"));
    CHECK(world.asked_for("/.well-known/openid-configuration") == 1);
    CHECK(world.asked_for("/keys") == 1);
    CHECK(world.asked_for("/token") == 5);
}

TEST_CASE("a browser that comes back from another issuer is not believed, before the code is shown",
          "[openid]") {
    World world;
    CHECK(world.redeem({"c-1", "https://id.lviv.example"}) == "the browser came back from another issuer");
    CHECK(world.asked_for("/token") == 0);
    CHECK(world.redeem({"c-1", issuer}) == "u1");
    // A provider that always names itself is not believed without.
    World strict;
    strict.answers["/.well-known/openid-configuration"] =
        Reply{200, discovery(R"(,"authorization_response_iss_parameter_supported":true)")};
    CHECK(strict.redeem() == "the browser came back from another issuer");
    CHECK(strict.redeem({"c-1", issuer}) == "u1");
}

TEST_CASE("what a provider answers to a code is told from no answer at all", "[openid]") {
    using Kind = Fault::Kind;
    for (const auto& [reply, kind, reason] :
         std::vector<std::tuple<Result<Reply, std::string>, Kind, std::string>>{
             {std::unexpected("nobody"), Kind::unavailable, "nobody"},
             {Reply{500, "{}"}, Kind::unavailable, "it answers 500  to a code"},
             {Reply{302, ""}, Kind::unavailable, "it answers 302  to a code"},
             {Reply{400, R"({"error":"invalid_grant\n<b>"})"}, Kind::refused,
              "it answers 400 invalid_grantb to a code"},
             {Reply{400, "no json"}, Kind::unavailable, "it answers 400  to a code"},
             {Reply{200, "{}"}, Kind::unavailable, "it answers to a code without an ID token"},
             {Reply{200, R"({"id_token":"a","id_token":"b"})"}, Kind::unavailable,
              "it answers to a code without an ID token"},
             {Reply{200, R"({"id_token":"a.b.c"})"}, Kind::refused,
              "its ID token is not to be believed: malformed"},
         }) {
        World world;
        world.answers["/token"] = reply;
        const auto claims = world.run(world.provider.redeem(world.flow, {"c-1", ""}));
        REQUIRE(!claims.has_value());
        CHECK(claims.error().kind == kind);
        CHECK(claims.error().reason == reason);
    }
}

TEST_CASE("a discovery document that is another's, or leads to a place without TLS, is refused", "[openid]") {
    const auto fault = [](std::string_view json, std::string_view of = issuer) {
        const auto metadata = parse_metadata(json, of);
        return metadata ? std::string() : metadata.error();
    };
    CHECK(fault(discovery()).empty());
    CHECK(fault("[]") == "its discovery document is no JSON object");
    CHECK(fault(discovery(R"(,"issuer":"x")")) == "its discovery document is no JSON object");
    CHECK(fault(discovery(), issuer + "/") == "its discovery document is another issuer's");
    CHECK(fault(discovery(R"(,"id_token_signing_alg_values_supported":["HS256","none"])")) ==
          "it signs by none of RS256, ES256 and EdDSA");
    CHECK(fault(discovery(R"(,"id_token_signing_alg_values_supported":["HS256","ES256"])")).empty());
    CHECK(fault(discovery(R"(,"response_types_supported":["id_token"])")) ==
          "it knows no authorization code");
    const auto with_token_at = [](std::string_view at, std::string_view of = issuer) {
        return fmt::format(R"({{"issuer":"{0}","authorization_endpoint":"{0}/a","token_endpoint":"{1}",)"
                           R"("jwks_uri":"{0}/k"}})",
                           of, at);
    };
    for (const std::string_view at : {"http://id.kyiv.example/t", "http://127.0.0.1/t", "ftp://x/t", "/t", "",
                                      "https://user@x/t", "https://x/t#f", "https://x/a b"}) {
        INFO(at);
        CHECK(fault(with_token_at(at)) == "its token_endpoint is no https address");
    }
    CHECK(fault(with_token_at("http://127.0.0.1:9/t", "http://127.0.0.1:9"), "http://127.0.0.1:9").empty());
    CHECK(fault(with_token_at("http://id.example/t", "http://127.0.0.1:9"), "http://127.0.0.1:9") ==
          "its token_endpoint is no https address");
}

TEST_CASE("an address at a provider keeps its path and query to the letter", "[openid]") {
    const auto endpoint = parse_endpoint("https://id.example:8443/o/token/?tenant=7");
    REQUIRE(endpoint.has_value());
    CHECK(endpoint->server.authority == "id.example:8443");
    CHECK(endpoint->server.path.empty());
    CHECK(endpoint->target == "/o/token/?tenant=7");
    CHECK(parse_endpoint("https://id.example")->target == "/");
    CHECK(parse_endpoint("https://id.example?a=b")->target == "/?a=b");
    CHECK(discovery_of("https://id.example/realms/kyiv/").target ==
          "/realms/kyiv/.well-known/openid-configuration");
    CHECK(is_issuer("https://id.example/realms/kyiv"));
    CHECK(is_issuer("http://[::1]:9000"));
    CHECK(!is_issuer("http://id.example"));
    CHECK(!is_issuer("https://id.example/?tenant=7"));
    CHECK(!is_issuer(""));
}
