#include "server/accounts/throttle.hpp"

#include <catch2/catch.hpp>

#include <array>

using namespace mosty::accounts;
using namespace std::chrono_literals;
using Pause = Throttle::Pause;

namespace {

const Throttle::Time noon{std::chrono::hours{100}};

Throttle::Time fail(Throttle& throttle, const std::string& key, int times, Throttle::Time now) {
    for (int i = 0; i < times; ++i) {
        now += throttle.pause(key, now);
        throttle.begin(key, now);
    }
    return now;
}

} // namespace

TEST_CASE("some attempts are free, then each failure doubles the pause, up to the longest",
          "[accounts][throttle]") {
    Throttle throttle({.free_attempts = 3, .pause_max = 10s});
    auto now = fail(throttle, "a", 2, noon);
    CHECK(now == noon);
    for (const Pause pause : {1s, 2s, 4s, 8s, 10s, 10s}) {
        now = fail(throttle, "a", 1, now);
        CHECK(throttle.pause("a", now) == pause);
    }
    CHECK(throttle.pause("b", now) == 0s);
    CHECK(throttle.pause("a", now + 9'001ms) == 1s);
    CHECK(throttle.pause("a", now + 10s) == 0s);
}

TEST_CASE("attempts at once count as attempts one after the other", "[accounts][throttle]") {
    Throttle throttle({.free_attempts = 3});
    throttle.begin("a", noon);
    throttle.begin("a", noon);
    throttle.begin("a", noon);
    CHECK(throttle.pause("a", noon) > 0s);
}

TEST_CASE("the right password makes up for all, one attempt that was none for itself",
          "[accounts][throttle]") {
    Throttle throttle({.free_attempts = 3});
    fail(throttle, "a", 3, noon);
    throttle.take_back("a");
    CHECK(throttle.pause("a", noon) == 0s);
    throttle.begin("a", noon);
    CHECK(throttle.pause("a", noon) == 1s);
    throttle.forget("a");
    CHECK(throttle.pause("a", noon) == 0s);
    CHECK(throttle.size() == 0);
    throttle.take_back("a");
    throttle.begin("a", noon);
    throttle.take_back("a");
    CHECK(throttle.size() == 0);
}

TEST_CASE("after an hour of quiet all is forgotten", "[accounts][throttle]") {
    Throttle throttle({.free_attempts = 1, .pause_max = 60s});
    const auto now = fail(throttle, "a", 8, noon);
    CHECK(throttle.pause("a", now) == 60s);
    const auto later = now + 1h + 60s;
    throttle.begin("a", later);
    CHECK(throttle.pause("a", later) == 1s);
}

TEST_CASE("the table is bounded, and who was asked for last stays", "[accounts][throttle]") {
    Throttle throttle({.free_attempts = 1, .entries_max = 100});
    fail(throttle, "victim", 5, noon);
    for (int i = 0; i < 1'000; ++i) {
        throttle.begin("flood" + std::to_string(i), noon);
        if (i % 50 == 0)
            throttle.begin("victim", noon);
        CHECK(throttle.size() <= 100);
    }
    CHECK(throttle.pause("victim", noon) > 0s);
    CHECK(throttle.pause("flood0", noon) == 0s);
}

TEST_CASE("an IPv4 address is a network of its own, an IPv6 address one of 64 bits", "[accounts][throttle]") {
    const std::array<unsigned char, 4> four{192, 0, 2, 7};
    std::array<unsigned char, 16> six{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 1, 9};
    CHECK(network_of(four.data(), four.size()) == "c0000207");
    const auto network = network_of(six.data(), six.size());
    CHECK(network == "20010db800000001");
    six[15] = 1;
    CHECK(network_of(six.data(), six.size()) == network);
    six[7] = 2;
    CHECK(network_of(six.data(), six.size()) != network);
}
