#include "server/http/gate.hpp"

#include <catch2/catch.hpp>

using namespace mosty;
using http::Gate;
using http::Request;
namespace ip = boost::asio::ip;

namespace {

constexpr std::uint16_t port = 8080;

Settings public_settings() {
    Settings settings;
    settings.listen_address = "192.0.2.1";
    settings.tls_certificate = "chain.pem";
    settings.tls_key = "key.pem";
    settings.origins = {"https://mosty.example"};
    return settings;
}

// As a page of ours sends it.
Request request(std::string method = "POST") {
    Request made;
    made.method = std::move(method);
    made.path = "/v1/commands";
    made.address = ip::make_address("203.0.113.9");
    made.is_secure = true;
    made.host = "mosty.example";
    made.origin = "https://mosty.example";
    made.cookies = "__Host-mosty=token";
    return made;
}

std::string told(const Gate& gate, const Request& asked) {
    const auto problem = gate.refuse(asked);
    return problem ? problem->code : "passes";
}

} // namespace

TEST_CASE("our own pages pass, over TLS", "[http][gate]") {
    const Gate gate(public_settings(), port);
    REQUIRE(told(gate, request()) == "passes");
    REQUIRE(told(gate, request("GET")) == "passes");
}

TEST_CASE("a gate without settings knows no host and no page", "[http][gate]") {
    REQUIRE(told(Gate{}, request("GET")) == "unknown_host");
    Request near = request("POST");
    near.host = "localhost";
    REQUIRE(told(Gate{}, near) == "bad_origin");
}

TEST_CASE("what may change something must come from one of our pages", "[http][gate]") {
    const Gate gate(public_settings(), port);
    for (const auto origin :
         {"", "null", "http://mosty.example", "https://mosty.example.elsewhere.example",
          "https://mosty.example:444", "https://MOSTY.example", "https://localhost:8080"}) {
        INFO(origin);
        for (const auto method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"}) {
            Request foreign = request(method);
            foreign.origin = origin;
            REQUIRE(told(gate, foreign) == "bad_origin");
            foreign.cookies.clear(); // signing somebody in as somebody else is a change, too
            REQUIRE(told(gate, foreign) == "bad_origin");
        }
        Request read = request("GET");
        read.origin = origin;
        REQUIRE(told(gate, read) == "passes");
        read.is_upgrade = true;
        REQUIRE(told(gate, read) == "bad_origin");
    }
}

TEST_CASE("a bearer token needs no origin, but beside a cookie it does", "[http][gate]") {
    const Gate gate(public_settings(), port);
    Request script = request();
    script.origin.clear();
    script.cookies.clear();
    script.authorization = "Bearer token";
    REQUIRE(told(gate, script) == "passes");
    script.cookies = "anything=1";
    REQUIRE(told(gate, script) == "bad_origin");
    script.cookies.clear();
    script.authorization = "Basic dTpw"; // which browsers send by themselves
    REQUIRE(told(gate, script) == "bad_origin");
}

TEST_CASE("only hosts that we are are answered", "[http][gate]") {
    const Gate gate(public_settings(), port);
    const auto asked_for = [&](std::string host) {
        Request asked = request("GET");
        asked.host = std::move(host);
        return told(gate, asked);
    };
    REQUIRE(asked_for("mosty.example") == "passes");
    REQUIRE(asked_for("mosty.example:443") == "passes");
    REQUIRE(asked_for("192.0.2.1:8080") == "passes");
    REQUIRE(asked_for("localhost:9000") == "passes"); // through a tunnel
    REQUIRE(asked_for("127.0.0.1") == "passes");
    REQUIRE(asked_for("[::1]:9000") == "passes");
    for (const auto host :
         {"", "elsewhere.example", "mosty.example.", "mosty.example:8080", "192.0.2.1", "a.mosty.example",
          "192.0.2.2:8080", "localhost.example", "127.0.0.1.example:8080", "[::1", "127.0.0.2"}) {
        INFO(host);
        REQUIRE(asked_for(host) == "unknown_host");
    }
    Request probe = request("GET");
    probe.path = "/healthz";
    probe.host = "10.0.0.1";
    REQUIRE(told(gate, probe) == "passes");
}

TEST_CASE("who comes from afar must come over TLS, unless settings say otherwise", "[http][gate]") {
    Request plain = request("GET");
    plain.is_secure = false;
    REQUIRE(told(Gate(public_settings(), port), plain) == "not_secure");
    plain.address = ip::make_address("127.0.0.1");
    REQUIRE(told(Gate(public_settings(), port), plain) == "passes");
    plain.address = ip::make_address("::1");
    REQUIRE(told(Gate(public_settings(), port), plain) == "passes");
    Settings settings = public_settings();
    settings.plain_beyond_loopback = true;
    plain.address = ip::make_address("203.0.113.9");
    REQUIRE(told(Gate(settings, port), plain) == "passes");
}

TEST_CASE("a demo answers this machine alone, also through a proxy", "[http][gate]") {
    Settings settings = public_settings();
    settings.demo = true;
    Request near = request("GET");
    REQUIRE(told(Gate(settings, port), near) == "not_allowed");
    near.address = ip::make_address("127.0.0.1");
    REQUIRE(told(Gate(settings, port), near) == "passes");
}

TEST_CASE("metrics are for this machine, for nobody or for all, as the settings say", "[http][gate]") {
    Settings settings = public_settings();
    Request far = request("GET");
    far.path = "/metrics";
    Request near = far;
    near.address = ip::make_address("127.0.0.1");
    REQUIRE(told(Gate(settings, port), far) == "not_allowed");
    REQUIRE(told(Gate(settings, port), near) == "passes");
    settings.metrics = MetricsFor::nobody;
    REQUIRE(told(Gate(settings, port), near) == "not_found");
    settings.metrics = MetricsFor::all;
    REQUIRE(told(Gate(settings, port), far) == "passes");
}

TEST_CASE("a server on loopback is an origin of its own, one behind a proxy is not", "[http][gate]") {
    Settings settings;
    settings.listen_address = "::1";
    Request own = request();
    own.address = ip::make_address("::1");
    own.is_secure = false;
    own.host = "[::1]:8080";
    own.origin = "http://[::1]:8080";
    REQUIRE(told(Gate(settings, port), own) == "passes");
    own.origin = "http://localhost:8080";
    REQUIRE(told(Gate(settings, port), own) == "passes");
    settings.trusted_proxies = {"::1"};
    settings.origins = {"https://mosty.example"};
    REQUIRE(told(Gate(settings, port), own) == "bad_origin");
    own.origin = "https://mosty.example";
    REQUIRE(told(Gate(settings, port), own) == "passes");
}

TEST_CASE("a server says where it is", "[http][gate]") {
    REQUIRE(http::address_of(public_settings(), 8443) == "https://192.0.2.1:8443");
    Settings settings;
    settings.listen_address = "::1";
    REQUIRE(http::address_of(settings, 80) == "http://[::1]:80");
}
