#include "tests/bench/options.hpp"
#include "tests/bench/poll.hpp"
#include "tests/bench/websocket_client.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

// What writing the bytes alone costs: a loop that sends the same bytes to as many sockets, and does nothing
// else.
//   bench_raw_epoll --bytes N [--followers N] [--messages N] [--rate N] [--seconds S]
// --messages: so many in one send; --rate: rounds a second, 0: the next round when the last is sent and read.
namespace mosty::bench {
namespace {

constexpr std::int64_t second = 1'000'000'000;

Socket listen_on_free_port(std::uint16_t& port) {
    Socket listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener.descriptor(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(listener.descriptor(), SOMAXCONN) != 0 ||
        ::getsockname(listener.descriptor(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
        give_up("cannot listen: {}", std::strerror(errno));
    port = ntohs(address.sin_port);
    return listener;
}

// The readers, in a process of their own. Whenever another round has been read by all, `told` gets a byte.
[[noreturn]] void read_all(std::uint16_t port, std::size_t followers, std::size_t round_bytes, int told) {
    Poll poll;
    std::vector<Socket> sockets;
    for (std::size_t i = 0; i < followers; ++i) {
        sockets.push_back(connect_to(port));
        ::fcntl(sockets.back().descriptor(), F_SETFL, O_NONBLOCK);
        poll.add(sockets.back().descriptor(), i);
    }
    std::vector<char> buffer(64 * 1024);
    std::uint64_t unread = followers * round_bytes;
    for (;;) {
        for (const auto& event : poll.wait(1'000)) {
            const auto count = ::recv(sockets[event.data.u64].descriptor(), buffer.data(), buffer.size(), 0);
            if (count == 0)
                std::_Exit(0);
            auto bytes = static_cast<std::uint64_t>(std::max<ssize_t>(count, 0));
            while (bytes >= unread) { // several rounds may be under way
                bytes -= unread;
                unread = followers * round_bytes;
                if (::write(told, "r", 1) != 1)
                    std::_Exit(1);
            }
            unread -= bytes;
        }
    }
}

void send_all(int descriptor, const std::string& bytes) {
    for (std::size_t sent = 0; sent < bytes.size();) {
        const auto count = ::send(descriptor, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (count > 0)
            sent += static_cast<std::size_t>(count);
        else if (errno != EAGAIN)
            give_up("cannot send: {}", std::strerror(errno));
    }
}

void sleep_until(std::int64_t moment) {
    const timespec time{.tv_sec = moment / second, .tv_nsec = moment % second};
    ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nullptr);
}

void measure(const Options& options) {
    const auto followers = static_cast<std::size_t>(options.number("followers", 1'000));
    const auto messages = static_cast<std::size_t>(options.number("messages", 1));
    const std::int64_t rate = options.number("rate", 0);
    const std::string bytes(messages * static_cast<std::size_t>(options.number("bytes", 200)), 'x');
    std::uint16_t port = 0;
    const Socket listener = listen_on_free_port(port);
    int told[2] = {};
    if (::pipe(told) != 0)
        give_up("no pipe: {}", std::strerror(errno));
    const pid_t reader = ::fork();
    if (reader == 0)
        read_all(port, followers, bytes.size(), told[1]);

    // The same loop that a server has: descriptors in an epoll, sockets that do not wait.
    Poll poll;
    std::vector<Socket> sockets;
    for (std::size_t i = 0; i < followers; ++i) {
        sockets.emplace_back(
            ::accept4(listener.descriptor(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
        const int yes = 1;
        ::setsockopt(sockets.back().descriptor(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        poll.add(sockets.back().descriptor(), i);
    }
    const auto wait_for_round = [&] {
        char byte = 0;
        if (::read(told[0], &byte, 1) != 1)
            give_up("the reader has gone");
    };

    const double cpu_before = cpu_seconds();
    const std::int64_t begin = now_ns();
    const std::int64_t end = begin + static_cast<std::int64_t>(options.seconds(5) * second);
    std::int64_t rounds = 0;
    for (; now_ns() < end; ++rounds) {
        poll.wait(0);
        for (const Socket& socket : sockets)
            send_all(socket.descriptor(), bytes);
        if (rate != 0)
            sleep_until(begin + (rounds + 1) * second / rate);
        else
            wait_for_round();
    }
    for (std::int64_t round = rate != 0 ? 0 : rounds; round < rounds; ++round)
        wait_for_round();
    const double elapsed = static_cast<double>(now_ns() - begin) / second;
    const auto deliveries = static_cast<double>(rounds) * static_cast<double>(followers * messages);
    print_figure("deliveries_per_s", deliveries / elapsed);
    print_figure("cpu_us_a_delivery", 1e6 * (cpu_seconds() - cpu_before) / deliveries);
    sockets.clear();
    ::waitpid(reader, nullptr, 0);
}

} // namespace
} // namespace mosty::bench

int main(int argc, char** argv) {
    mosty::bench::measure(mosty::bench::Options(argc, argv, 1));
}
