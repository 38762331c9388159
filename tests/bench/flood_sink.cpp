#include "tests/bench/flood.hpp"
#include "tests/bench/poll.hpp"
#include "tests/bench/websocket_client.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <cstdio>
#include <cstring>
#include <netinet/in.h>
#include <string_view>
#include <sys/socket.h>
#include <unordered_map>

namespace mosty::bench {
namespace {

constexpr std::string_view acceptance =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";

} // namespace

void run_sink() {
    const Socket listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener.descriptor(), any, size) != 0 || ::listen(listener.descriptor(), 4'096) != 0 ||
        ::getsockname(listener.descriptor(), any, &size) != 0)
        give_up("the sink cannot listen: {}", std::strerror(errno));
    fmt::print("The sink is at http://127.0.0.1:{}\n", ntohs(address.sin_port));
    std::fflush(stdout);

    Poll poll;
    poll.add(listener.descriptor(), 0);
    struct Peer {
        Socket socket;
        bool is_accepted = false;
    };
    std::unordered_map<std::size_t, Peer> peers; // by descriptor
    static char dropped[64 * 1024];
    for (;;)
        for (const auto& event : poll.wait(-1)) {
            if (event.data.u64 == 0) {
                for (int descriptor = 0;
                     (descriptor = ::accept4(listener.descriptor(), nullptr, nullptr, SOCK_NONBLOCK)) >= 0;) {
                    peers[static_cast<std::size_t>(descriptor)] = {Socket(descriptor), false};
                    poll.add(descriptor, static_cast<std::size_t>(descriptor));
                }
                continue;
            }
            Peer& peer = peers[event.data.u64];
            const auto count = ::recv(peer.socket.descriptor(), dropped, sizeof dropped, 0);
            if (count == 0 || (count < 0 && errno != EAGAIN)) {
                peers.erase(event.data.u64);
                continue;
            }
            const std::string_view text(dropped, static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
            if (!peer.is_accepted && text.starts_with("GET /v1/live") && text.ends_with("\r\n\r\n")) {
                peer.is_accepted = true;
                if (::send(peer.socket.descriptor(), acceptance.data(), acceptance.size(), MSG_NOSIGNAL) < 0)
                    peers.erase(event.data.u64);
            }
        }
}

} // namespace mosty::bench
