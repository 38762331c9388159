#include "tests/bench/poll.hpp"

#include "tests/bench/measure.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <unistd.h>

namespace mosty::bench {

Poll::Poll() : descriptor_(::epoll_create1(EPOLL_CLOEXEC)) {}

Poll::~Poll() {
    ::close(descriptor_);
}

void Poll::add(int descriptor, std::size_t number) {
    epoll_event event{.events = EPOLLIN, .data = {.u64 = number}};
    if (::epoll_ctl(descriptor_, EPOLL_CTL_ADD, descriptor, &event) != 0)
        give_up("epoll takes no more: {}", std::strerror(errno));
}

void Poll::remove(int descriptor) {
    if (::epoll_ctl(descriptor_, EPOLL_CTL_DEL, descriptor, nullptr) != 0)
        give_up("epoll does not know this descriptor: {}", std::strerror(errno));
}

std::span<const epoll_event> Poll::wait(int milliseconds_max) {
    const int count =
        ::epoll_wait(descriptor_, events_.data(), static_cast<int>(events_.size()), milliseconds_max);
    return {events_.data(), static_cast<std::size_t>(std::max(count, 0))};
}

} // namespace mosty::bench
