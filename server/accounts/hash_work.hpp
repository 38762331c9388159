#pragma once

#include "server/accounts/accounts.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <utility>

namespace mosty::accounts {

constexpr std::size_t hashings_waiting_max = 64;

inline realtime::Problem try_later(std::int64_t seconds) {
    return {"try_later",
            fmt::format("Too many attempts. Try again in {} seconds.", seconds),
            {},
            {{"seconds", std::to_string(seconds)}}};
}

// Does on another thread what takes long, and comes back to this one; refuses when too many wait for that.
template <class Work>
auto Accounts::hash(Work work) -> Answer<decltype(work())> {
    using T = decltype(work());
    struct Counted {
        std::size_t& count;
        explicit Counted(std::size_t& c) : count(c) { ++count; }
        ~Counted() { --count; }
    };
    if (hashing_ >= hashings_waiting_max)
        co_return std::unexpected(try_later(2));
    const Counted counted(hashing_);
    auto task = [work = std::move(work)]() mutable -> boost::asio::awaitable<T> { co_return work(); };
    T result =
        co_await boost::asio::co_spawn(hashers_.get_executor(), std::move(task), boost::asio::use_awaitable);
    co_return result;
}

} // namespace mosty::accounts
