#include "server/accounts/lives.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <set>
#include <thread>
#include <vector>

using namespace mosty;
using accounts::Lives;

TEST_CASE("whoever asks for one session gets one life, on however many threads", "[accounts]") {
    Lives lives;
    constexpr int threads_count = 4, keys_count = 2'000;
    std::vector<std::vector<std::shared_ptr<access::Life>>> got(threads_count);
    {
        std::vector<std::jthread> threads;
        for (auto& mine : got)
            threads.emplace_back([&lives, &mine] {
                for (int i = 0; i < keys_count; ++i)
                    mine.push_back(
                        lives.keep("s/" + std::to_string(i), std::make_shared<access::Life>(100, 10, 0)));
            });
    }
    for (const auto& mine : got)
        CHECK(mine == got[0]);
    CHECK(std::set(got[0].begin(), got[0].end()).size() == keys_count);
    CHECK(lives.all().size() == keys_count);
    CHECK(lives.find("s/7") == got[0][7]);
}

TEST_CASE("a life that is forgotten is none, and the others stay", "[accounts]") {
    Lives lives;
    for (int i = 0; i < 1'000; ++i)
        lives.keep("s/" + std::to_string(i), std::make_shared<access::Life>(100, 10, i));
    for (int i = 0; i < 1'000; i += 2)
        lives.forget("s/" + std::to_string(i));
    lives.forget("s/none");
    CHECK(lives.all().size() == 500);
    CHECK_FALSE(lives.find("s/8"));
    CHECK(lives.find("s/9")->used_ms() == 9);
}
