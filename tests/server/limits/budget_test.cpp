#include "server/limits/account_allowances.hpp"
#include "server/limits/addresses.hpp"
#include "server/limits/budget.hpp"

#include <catch2/catch.hpp>

#include <thread>
#include <vector>

using namespace mosty;
using namespace mosty::limits;
using namespace std::chrono_literals;

namespace {

const Time start = Time{} + 1h;
constexpr Rate hundred_a_second{100, 2s};

} // namespace

TEST_CASE("what was saved up may be taken at once, and then the rate holds") {
    Budget budget;
    REQUIRE(budget.take(200, hundred_a_second, start) == 0ns);
    REQUIRE(budget.take(1, hundred_a_second, start) == 10ms);
    REQUIRE(budget.take(1, hundred_a_second, start + 10ms) == 10ms);
    REQUIRE(budget.take(1, hundred_a_second, start + 1s) == 0ns);
}

TEST_CASE("no more is saved up than the budget holds, however long nobody asks") {
    Budget budget;
    REQUIRE(budget.take(1, hundred_a_second, start) == 0ns);
    REQUIRE(budget.take(200, hundred_a_second, start + 24h) == 0ns);
    REQUIRE(budget.take(1, hundred_a_second, start + 24h) == 10ms);
}

TEST_CASE("what is taken beyond the budget is paid off before more may be taken") {
    Budget budget;
    REQUIRE(budget.take(1'200, hundred_a_second, start) == 10s);
    REQUIRE(budget.take(0, hundred_a_second, start + 4s) == 6s);
    REQUIRE(budget.take(0, hundred_a_second, start + 10s) == 0ns);
    REQUIRE_FALSE(budget.is_full(start + 11s));
    REQUIRE(budget.is_full(start + 12s));
}

TEST_CASE("a refusal takes nothing, and tells the pause after which the same is given") {
    Budget budget;
    REQUIRE_FALSE(budget.refuse(200, hundred_a_second, start));
    const auto pause = budget.refuse(5, hundred_a_second, start);
    REQUIRE(pause == 50ms);
    REQUIRE(budget.refuse(5, hundred_a_second, start) == pause);
    REQUIRE_FALSE(budget.refuse(5, hundred_a_second, start + *pause));
}

TEST_CASE("threads that share a budget take no more than it gives") {
    Budget budget;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int taken = 0; taken < 10'000; ++taken)
                budget.take(1, hundred_a_second, start);
        });
    for (auto& thread : threads)
        thread.join();
    REQUIRE(budget.take(0, hundred_a_second, start) == 398s);
}

TEST_CASE("an account has one allowance, whatever thread asks for it") {
    AccountAllowances accounts(Allowance::of_account({}));
    std::vector<std::vector<Allowance*>> found(4);
    std::vector<std::thread> threads;
    for (auto& mine : found)
        threads.emplace_back([&] {
            for (int i = 0; i < 2'000; ++i)
                mine.push_back(&accounts.of(ActorId{"u-" + std::to_string(i)}));
        });
    for (auto& thread : threads)
        thread.join();
    REQUIRE(found[1] == found[0]);
    REQUIRE(found[2] == found[0]);
    REQUIRE(found[3] == found[0]);
    REQUIRE(&accounts.of(ActorId{"u-1"}) != &accounts.of(ActorId{"u-2"}));
}

const Allowance::Rates rates{.commands = {10, 1s}, .bytes = {1'000, 1s}, .pings = {1, 1s}};

TEST_CASE("what slows most is what is told") {
    Allowance allowance(rates);
    REQUIRE(allowance.take({.commands = 10, .bytes = 1'000, .pings = 1}, start).time == 0ns);
    const auto pause = allowance.take({.commands = 1, .bytes = 2'000, .pings = 1}, start);
    REQUIRE(pause.time == 2s);
    REQUIRE(pause.because == Limit::bytes);
}

TEST_CASE("whoever asks nothing of a kind does not wait for what is owed of it") {
    Allowance allowance(rates);
    REQUIRE(allowance.take({.pings = 100}, start).time == 99s);
    REQUIRE(allowance.take({.commands = 1, .bytes = 100}, start).time == 0ns);
}

TEST_CASE("following a list costs by the rows that are asked, anything else one") {
    REQUIRE(commands_of(realtime::Ping{}) == 1);
    REQUIRE(commands_of(realtime::Follow{.topic = "towns", .cursor = {}, .limit = 100}) == 6);
    REQUIRE(commands_of(realtime::Follow{.topic = "feed/all", .cursor = {}, .limit = 500}) == 22);
}

TEST_CASE("an honest page is never slowed: two hundred topics at once, then 64 commands a message") {
    const auto by_default = Allowance::of_connection({});
    Allowance allowance(by_default);
    for (int i = 0; i < 200; ++i) {
        const auto asked = commands_of(realtime::Follow{.topic = "visits/all", .cursor = {}, .limit = 100});
        REQUIRE(allowance.take({.commands = asked, .bytes = 80}, start).time == 0ns);
    }
    for (int i = 0; i < 12; ++i)
        REQUIRE(allowance.take({.commands = 64, .bytes = 64 * 300}, start).time == 0ns);
}

TEST_CASE("an address has so many connections, and one more when one has left") {
    Addresses addresses(2);
    const AddressKey here{1, true}, there{1, false};
    const auto visitor = addresses.enter(here, start);
    REQUIRE(visitor);
    REQUIRE(addresses.enter(here, start) == visitor);
    REQUIRE_FALSE(addresses.enter(here, start));
    REQUIRE(addresses.enter(there, start) != visitor);
    addresses.leave(here, start);
    REQUIRE(addresses.enter(here, start) == visitor);
}

TEST_CASE("an address that left is forgotten when it owes nothing, and not before") {
    Addresses addresses(10);
    const AddressKey here{1, true};
    addresses.enter(here, start)->requests.take(1'000, hundred_a_second, start);
    addresses.leave(here, start);
    REQUIRE(addresses.size() == 1);
    REQUIRE(addresses.enter(here, start)->requests.take(1, hundred_a_second, start) > 8s);
    addresses.leave(here, start + 11s);
    REQUIRE(addresses.size() == 0);
}

TEST_CASE("addresses that owe are looked at again when many have come, so that memory stays bounded") {
    Addresses addresses(10);
    for (std::uint64_t i = 0; i < 100'000; ++i) {
        const Time now = start + i * 1ms;
        const AddressKey address{i, true};
        addresses.enter(address, now)->requests.take(1, hundred_a_second, now);
        addresses.leave(address, now);
    }
    REQUIRE(addresses.size() < 2'000);
}
