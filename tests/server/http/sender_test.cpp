#include "server/http/sender.hpp"

#include <catch2/catch.hpp>

using namespace mosty;
using http::Networks;
namespace ip = boost::asio::ip;

namespace {

Networks networks(const std::vector<std::string>& ranges) {
    auto parsed = Networks::parse(ranges);
    REQUIRE(parsed.has_value());
    return *parsed;
}

// Address and scheme in one line.
std::string sender(std::string_view peer, std::string_view forwarded_for, std::string_view proto,
                   const std::vector<std::string>& trusted, bool is_tls = false) {
    const auto found =
        http::sender_of(ip::make_address(peer), is_tls, forwarded_for, proto, networks(trusted));
    return found.address.to_string() + (found.is_secure ? " https" : " http");
}

} // namespace

TEST_CASE("a network holds the addresses with its first bits", "[http][networks]") {
    const auto holds = [](const std::string& range, std::string_view address) {
        return networks({range}).contains(ip::make_address(address));
    };
    REQUIRE(holds("10.0.0.0/8", "10.255.0.1"));
    REQUIRE_FALSE(holds("10.0.0.0/8", "11.0.0.1"));
    REQUIRE(holds("192.0.2.0/25", "192.0.2.127"));
    REQUIRE_FALSE(holds("192.0.2.0/25", "192.0.2.128"));
    REQUIRE(holds("192.0.2.7", "192.0.2.7"));
    REQUIRE_FALSE(holds("192.0.2.7", "192.0.2.6"));
    REQUIRE(holds("192.0.2.77/25", "192.0.2.1")); // what stands behind the prefix does not matter
    REQUIRE(holds("0.0.0.0/0", "203.0.113.9"));
    REQUIRE_FALSE(holds("0.0.0.0/0", "2001:db8::1"));
    REQUIRE(holds("192.0.2.7", "::ffff:192.0.2.7"));
    REQUIRE(holds("2001:db8::/33", "2001:db8:7fff::1"));
    REQUIRE_FALSE(holds("2001:db8::/33", "2001:db8:8000::1"));
    REQUIRE(holds("::1", "::1"));
    REQUIRE(holds("::/0", "192.0.2.7")); // every address
    REQUIRE_FALSE(Networks{}.contains(ip::make_address("127.0.0.1")));
}

TEST_CASE("what is no network is told", "[http][networks]") {
    for (const std::string range : {"", "localhost", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8 ",
                                    "10.0.0/8", "::/129", "/8", "10.0.0.0/8/8"}) {
        INFO(range);
        const auto parsed = Networks::parse({"127.0.0.1", range});
        REQUIRE_FALSE(parsed.has_value());
        REQUIRE(parsed.error().find(range) != std::string::npos);
    }
}

TEST_CASE("without a trusted proxy a sender is who connects, whatever it says", "[http][sender]") {
    REQUIRE(sender("203.0.113.9", "192.0.2.1", "https", {}) == "203.0.113.9 http");
    REQUIRE(sender("203.0.113.9", "127.0.0.1", "https", {"127.0.0.1"}) == "203.0.113.9 http");
    REQUIRE(sender("203.0.113.9", "192.0.2.1", "http", {}, true) == "203.0.113.9 https");
    REQUIRE(sender("::ffff:203.0.113.9", "", "", {}) == "203.0.113.9 http");
}

TEST_CASE("behind trusted proxies a sender is the last address that is none of theirs", "[http][sender]") {
    const std::vector<std::string> trusted{"127.0.0.1", "10.0.0.0/8"};
    REQUIRE(sender("127.0.0.1", "203.0.113.9", "https", trusted) == "203.0.113.9 https");
    REQUIRE(sender("::ffff:127.0.0.1", "203.0.113.9", "https", trusted) == "203.0.113.9 https");
    REQUIRE(sender("127.0.0.1", "203.0.113.9 , 10.1.2.3", "https", trusted) == "203.0.113.9 https");
    // Whatever stands before it was said by whoever sent the request.
    REQUIRE(sender("127.0.0.1", "192.0.2.1, 203.0.113.9,10.1.2.3", "https", trusted) == "203.0.113.9 https");
    REQUIRE(sender("127.0.0.1", "127.0.0.1, 203.0.113.9", "https", trusted) == "203.0.113.9 https");
    REQUIRE(sender("127.0.0.1", "2001:db8::9", "https", trusted) == "2001:db8::9 https");
    REQUIRE(sender("127.0.0.1", "", "", trusted) == "127.0.0.1 http"); // itself
    REQUIRE(sender("127.0.0.1", "10.0.0.1, 10.0.0.2", "https", trusted) == "10.0.0.1 https");
}

TEST_CASE("whom a trusted proxy does not name is nobody known, and not this machine", "[http][sender]") {
    const std::vector<std::string> trusted{"127.0.0.1", "10.0.0.0/8"};
    REQUIRE(sender("127.0.0.1", "203.0.113.9, unknown, 10.0.0.2", "", trusted) == "0.0.0.0 http");
    REQUIRE(sender("127.0.0.1", "203.0.113.9, ", "", trusted) == "0.0.0.0 http");
    REQUIRE(sender("127.0.0.1", "203.0.113.9, junk", "https", trusted) == "0.0.0.0 https");
    REQUIRE(sender("127.0.0.1", "127.0.0.1:80:80", "https", trusted) == "0.0.0.0 https");
    REQUIRE(sender("127.0.0.1", "", "https", trusted) == "0.0.0.0 https");
}

TEST_CASE("a proxy may add the port to the address", "[http][sender]") {
    const std::vector<std::string> trusted{"127.0.0.1", "10.0.0.0/8"};
    REQUIRE(sender("127.0.0.1", "203.0.113.9:4711", "", trusted) == "203.0.113.9 http");
    REQUIRE(sender("127.0.0.1", "203.0.113.9:4711, 10.0.0.2:80", "https", trusted) == "203.0.113.9 https");
    REQUIRE(sender("127.0.0.1", "[2001:db8::9]:4711", "https", trusted) == "2001:db8::9 https");
    REQUIRE(sender("127.0.0.1", "[2001:db8::9]", "https", trusted) == "2001:db8::9 https");
}

TEST_CASE("the scheme is what the nearest proxy says", "[http][sender]") {
    const std::vector<std::string> trusted{"127.0.0.1"};
    REQUIRE(sender("127.0.0.1", "203.0.113.9", "http", trusted) == "203.0.113.9 http");
    REQUIRE(sender("127.0.0.1", "203.0.113.9", "https, http", trusted) == "203.0.113.9 http");
    REQUIRE(sender("127.0.0.1", "203.0.113.9", "HTTPS", trusted) == "203.0.113.9 http");
    REQUIRE(sender("127.0.0.1", "203.0.113.9", "", trusted) == "203.0.113.9 http");
    // A proxy that speaks TLS to us may still have heard the request without.
    REQUIRE(sender("127.0.0.1", "203.0.113.9", "http", trusted, true) == "203.0.113.9 http");
    REQUIRE(sender("127.0.0.1", "203.0.113.9", "", trusted, true) == "203.0.113.9 https");
}
