#include "server/http/message.hpp"

#include <catch2/catch.hpp>

using namespace mosty;
using http::cookie_value;
using http::parse_target;

namespace {

// Path and parameters in one line, or "ill-formed".
std::string read(std::string_view target) {
    const auto parsed = parse_target(target);
    if (!parsed)
        return "ill-formed";
    std::string text = parsed->path;
    for (const auto& [name, value] : parsed->query)
        text += " " + name + "=" + value;
    if (!parsed->repeated.empty())
        text += " twice: " + parsed->repeated;
    return text;
}

} // namespace

TEST_CASE("a target is a path and parameters", "[http]") {
    REQUIRE(read("/") == "/");
    REQUIRE(read("/v1/views/visit/v-1?at=5") == "/v1/views/visit/v-1 at=5");
    REQUIRE(read("/v1/lists/municipalities?search=%D0%91%D0%B8&country=UA") ==
            "/v1/lists/municipalities country=UA search=Би");
    REQUIRE(read("/a+b?c+d=e+f") == "/a+b c d=e f");
    REQUIRE(read("/a%2Fb%20c") == "/a/b c");
    REQUIRE(read("/?a") == "/ a=");
    REQUIRE(read("/?a=1&a=2") == "/ a=2 twice: a");
    REQUIRE(read("/?&&a=1&") == "/ a=1");
    REQUIRE(read("/?a=b=c") == "/ a=b=c");
}

TEST_CASE("a target that is none is refused", "[http]") {
    for (const auto target : {"", "v1/me", "*", "http://example.org/", "/%", "/%4", "/%zz", "/a%00b", "/?a=%",
                              "/?a=%g1", "/?%00=a", "/%ff", "/%d0", "/?a=%c0%af", "/?%ed%a0%80=a"}) {
        INFO(target);
        REQUIRE(read(target) == "ill-formed");
    }
}

TEST_CASE("a cookie is found among others", "[http]") {
    REQUIRE(cookie_value("mosty=abc", "mosty") == "abc");
    REQUIRE(cookie_value("a=1; mosty=abc; b=2", "mosty") == "abc");
    REQUIRE(cookie_value("a=1;mosty=abc", "mosty") == "abc");
    REQUIRE(cookie_value("xmosty=1; mosty=a=b", "mosty") == "a=b");
    REQUIRE(cookie_value("mosty2=1; mosty", "mosty") == "");
    REQUIRE(cookie_value("", "mosty") == "");
    REQUIRE(cookie_value(";;; ", "mosty") == "");
}
