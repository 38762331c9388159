#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <sys/epoll.h>

namespace mosty::bench {

// Tells which of many descriptors have something to read. The caller names each by a number.
class Poll {
public:
    Poll();
    ~Poll();
    Poll(const Poll&) = delete;
    Poll& operator=(const Poll&) = delete;

    void add(int descriptor, std::size_t number);
    void remove(int descriptor);

    // The events are valid until the next call; `data.u64` is the number.
    std::span<const epoll_event> wait(int milliseconds_max);

private:
    int descriptor_;
    std::array<epoll_event, 256> events_;
};

} // namespace mosty::bench
