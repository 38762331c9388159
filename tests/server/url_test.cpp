#include "server/net/url.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace mosty;
using net::parse_url;

TEST_CASE("an address of another server is taken apart", "[url]") {
    const auto whole = parse_url("http://witness.example:8480/kyiv/");
    REQUIRE(whole.has_value());
    REQUIRE_FALSE(whole->is_tls);
    REQUIRE(whole->authority == "witness.example:8480");
    REQUIRE(whole->host == "witness.example");
    REQUIRE(whole->port == "8480");
    REQUIRE(whole->path == "/kyiv");

    const auto plain = parse_url("http://127.0.0.1");
    REQUIRE(plain.has_value());
    REQUIRE(plain->host == "127.0.0.1");
    REQUIRE(plain->port == "80");
    REQUIRE(plain->path.empty());

    const auto tls = parse_url("https://witness.example/");
    REQUIRE(tls.has_value());
    REQUIRE(tls->is_tls);
    REQUIRE(tls->port == "443");
    REQUIRE(tls->path.empty());

    const auto v6 = parse_url("http://[::1]:90/");
    REQUIRE(v6.has_value());
    REQUIRE(v6->authority == "[::1]:90");
    REQUIRE(v6->host == "::1");
    REQUIRE(v6->port == "90");
}

TEST_CASE("what is no address of a server is refused", "[url]") {
    for (const std::string text :
         {"", "http://", "http:///x", "https://", "ftp://a.example", "a.example", "http://a b",
          "http://a:", "http://a:x", "http://a:70000", "http://a:080000", "http://a?x", "http://a#x",
          "http://u@a", "http://[::1", "http://[::1]x", "http://:80", "http://a\r\nHost:b"}) {
        INFO(text);
        REQUIRE_FALSE(parse_url(text).has_value());
    }
}
