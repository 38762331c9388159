#include "server/access/life.hpp"

#include <catch2/catch.hpp>

#include <thread>
#include <vector>

using mosty::access::Life;

TEST_CASE("a life ends when it is long unused, or at its end however much it is used", "[accounts]") {
    Life life(100, 10, 0);
    CHECK(life.end_ms() == 10);
    CHECK(life.use(9));
    CHECK(life.end_ms() == 19);
    CHECK_FALSE(life.is_over(18));
    for (std::int64_t now = 18; now < 100; now += 9)
        CHECK(life.use(now));
    CHECK(life.used_ms() == 99);
    CHECK(life.end_ms() == 100);
    CHECK(life.is_over(100));
    CHECK(life.end_ms() == 0);
}

TEST_CASE("what was found over lives no more, whatever the clock says", "[accounts]") {
    Life asked(100, 10, 0), used(100, 10, 0);
    CHECK(asked.is_over(10));
    CHECK_FALSE(used.use(10));
    for (Life* life : {&asked, &used}) {
        CHECK(life->is_over(5));
        CHECK_FALSE(life->use(5));
        CHECK(life->used_ms() == 0);
    }
}

TEST_CASE("a clock that is set back takes no use away, and what is never unused too long has its end alone",
          "[accounts]") {
    Life life(100, 10, 0);
    CHECK(life.use(8));
    CHECK(life.use(3));
    CHECK(life.end_ms() == 18);
    Life token(100, Life::without_end, 50);
    CHECK(token.end_ms() == 100);
    CHECK_FALSE(token.is_over(99));
    CHECK(token.is_over(100));
}

TEST_CASE("whoever uses a life after anybody found it over may not", "[accounts]") {
    for (int round = 0; round < 200; ++round) {
        Life life(1'000, 10, 0);
        std::atomic<bool> found_over = false;
        std::atomic<int> used_after = 0;
        std::vector<std::jthread> threads;
        for (std::int64_t i = 0; i < 4; ++i)
            threads.emplace_back([&, i] {
                for (std::int64_t now = i; now < 60; now += 4) {
                    const bool was_over = found_over;
                    if (now % 20 > 9 ? life.use(now + 20) : !life.is_over(now + 20))
                        used_after += was_over ? 1 : 0;
                    else
                        found_over = true;
                }
            });
        threads.clear();
        CHECK(used_after == 0);
    }
}
