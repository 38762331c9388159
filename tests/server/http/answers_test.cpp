#include "server/http/cookie.hpp"
#include "server/http/security_headers.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>

using namespace mosty;
using namespace mosty::http;

namespace {

std::map<std::string, std::string> headers_of(std::string content_type, bool over_tls,
                                              std::vector<std::pair<std::string, std::string>> own = {}) {
    Response response{200, std::move(content_type), {}, std::move(own)};
    add_security_headers(response, over_tls);
    std::map<std::string, std::string> all(response.headers.begin(), response.headers.end());
    REQUIRE(all.size() == response.headers.size()); // none stands twice
    return all;
}

} // namespace

TEST_CASE("over TLS a cookie is of this very host and goes nowhere else", "[http][cookie]") {
    REQUIRE(set_cookie(Cookie::sign_in, "abc", std::chrono::seconds{60}, true) ==
            "__Host-mosty=abc; Path=/; HttpOnly; SameSite=Strict; Max-Age=60; Secure");
    REQUIRE(set_cookie(Cookie::elsewhere, "abc", std::chrono::seconds{60}, true) ==
            "__Host-mosty-elsewhere=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure");
    REQUIRE(forget_cookie(Cookie::sign_in, true) ==
            "__Host-mosty=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0; Secure");
}

TEST_CASE("on loopback a cookie has a plain name", "[http][cookie]") {
    REQUIRE(set_cookie(Cookie::sign_in, "abc", std::chrono::seconds{60}, false) ==
            "mosty=abc; Path=/; HttpOnly; SameSite=Strict; Max-Age=60");
    REQUIRE(forget_cookie(Cookie::elsewhere, false) ==
            "mosty-elsewhere=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
}

TEST_CASE("a cookie of the other kind of connection does not count", "[http][cookie]") {
    constexpr auto header = "mosty=plain; __Host-mosty=closed; mosty-elsewhere=other";
    REQUIRE(read_cookie(Cookie::sign_in, header, false) == "plain");
    REQUIRE(read_cookie(Cookie::sign_in, header, true) == "closed");
    REQUIRE(read_cookie(Cookie::elsewhere, header, false) == "other");
    REQUIRE(read_cookie(Cookie::elsewhere, header, true).empty());
}

TEST_CASE("pages and workers run our own files alone, data run nothing", "[http][headers]") {
    for (const auto type : {"text/html; charset=utf-8", "text/javascript; charset=utf-8"}) {
        const auto policy = headers_of(type, false)["Content-Security-Policy"];
        REQUIRE(policy.starts_with("default-src 'none'; script-src 'self';"));
        REQUIRE(policy.find("unsafe") == std::string::npos);
        REQUIRE(policy.find("frame-ancestors 'none'") != std::string::npos);
    }
    for (const auto type : {"application/json", "application/problem+json", "image/svg+xml", "text/plain"}) {
        const auto policy = headers_of(type, false)["Content-Security-Policy"];
        REQUIRE(policy.find("'self'") == std::string::npos);
        REQUIRE(policy.find("sandbox") != std::string::npos);
    }
}

TEST_CASE("nothing is kept unless it says so", "[http][headers]") {
    REQUIRE(headers_of("application/json", false)["Cache-Control"] == "no-store");
    REQUIRE(headers_of("image/png", false, {{"Cache-Control", "public, max-age=5"}})["Cache-Control"] ==
            "public, max-age=5");
}

TEST_CASE("only over TLS a browser is told to stay there", "[http][headers]") {
    REQUIRE(headers_of("text/html", true).contains("Strict-Transport-Security"));
    REQUIRE_FALSE(headers_of("text/html", false).contains("Strict-Transport-Security"));
}
