#include "tests/bench/websocket_client.hpp"

#include "tests/bench/measure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace mosty::bench {
namespace {

constexpr std::size_t read_bytes = 64 * 1024;
constexpr unsigned opcode_text = 1, opcode_close = 8, opcode_ping = 9, opcode_pong = 10;

void send_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto count = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0)
            give_up("cannot send: {}", std::strerror(errno));
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

// Appends what arrives next; false at the end of the stream.
bool receive_some(int descriptor, std::string& bytes) {
    char buffer[4096];
    const auto count = ::recv(descriptor, buffer, sizeof buffer, 0);
    if (count < 0)
        give_up("cannot receive: {}", std::strerror(errno));
    bytes.append(buffer, static_cast<std::size_t>(count));
    return count > 0;
}

std::string receive_head(int descriptor) {
    std::string bytes;
    while (bytes.find("\r\n\r\n") == std::string::npos)
        if (!receive_some(descriptor, bytes))
            give_up("the server closed the connection");
    return bytes;
}

std::string request_head(std::uint16_t port, std::string_view method, std::string_view target,
                         std::string_view cookie) {
    return fmt::format(
        "{} {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nOrigin: http://127.0.0.1:{}\r\nCookie: {}\r\n", method,
        target, port, port, cookie);
}

} // namespace

Socket::~Socket() {
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

Socket::Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

Socket& Socket::operator=(Socket&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

Socket connect_to(std::uint16_t port) {
    Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket.descriptor(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        give_up("cannot connect to port {}: {}", port, std::strerror(errno));
    const int yes = 1;
    ::setsockopt(socket.descriptor(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return socket;
}

HttpAnswer ask(std::uint16_t port, std::string_view method, std::string_view target, std::string_view cookie,
               std::string_view body) {
    const Socket socket = connect_to(port);
    send_all(
        socket.descriptor(),
        request_head(port, method, target, cookie) +
            fmt::format("Connection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                        body.size(), body));
    std::string bytes = receive_head(socket.descriptor());
    while (receive_some(socket.descriptor(), bytes)) {
    }
    const std::size_t end = bytes.find("\r\n\r\n");
    return {std::atoi(bytes.c_str() + bytes.find(' ')), bytes.substr(0, end), bytes.substr(end + 4)};
}

WebSocketClient::WebSocketClient(std::uint16_t port, std::string_view cookie) : socket_(connect_to(port)) {
    send_all(descriptor(), request_head(port, "GET", "/v1/live", cookie) +
                               "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                               "Sec-WebSocket-Protocol: mosty.v1\r\n\r\n");
    const std::string answer = receive_head(descriptor());
    if (!answer.starts_with("HTTP/1.1 101"))
        give_up("no upgrade: {}", answer);
    incoming_ = answer.substr(answer.find("\r\n\r\n") + 4); // the first message may have come along
    filled_ = incoming_.size();
    ::fcntl(descriptor(), F_SETFL, O_NONBLOCK);
}

void WebSocketClient::say(std::string_view text) {
    frame(opcode_text, text);
}

void WebSocketClient::frame(unsigned opcode, std::string_view payload) {
    outgoing_ += static_cast<char>(0x80U | opcode);
    const std::size_t size = payload.size();
    if (size < 126) {
        outgoing_ += static_cast<char>(0x80U | size);
    } else if (size < 65'536) {
        outgoing_ += static_cast<char>(0x80U | 126U);
        outgoing_ += static_cast<char>(size >> 8U);
        outgoing_ += static_cast<char>(size & 0xffU);
    } else {
        give_up("a message of {} bytes is more than the server takes", size);
    }
    // The four bytes of the key twice, so that eight bytes are masked at once.
    mask_ = mask_ * 6364136223846793005U + 1442695040888963407U;
    const std::uint64_t key = (mask_ >> 32U) * 0x1'0000'0001U;
    outgoing_.append(reinterpret_cast<const char*>(&key), 4);
    const std::size_t begin = outgoing_.size();
    outgoing_ += payload;
    char* const bytes = outgoing_.data() + begin;
    std::size_t at = 0;
    for (; at + sizeof key <= size; at += sizeof key) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, bytes + at, sizeof eight);
        eight ^= key;
        std::memcpy(bytes + at, &eight, sizeof eight);
    }
    for (; at < size; ++at)
        bytes[at] = static_cast<char>(bytes[at] ^ reinterpret_cast<const char*>(&key)[at % 4]);
}

bool WebSocketClient::flush() {
    while (sent_ < outgoing_.size()) {
        const auto count =
            ::send(descriptor(), outgoing_.data() + sent_, outgoing_.size() - sent_, MSG_NOSIGNAL);
        if (count < 0 && (errno == EAGAIN || errno == EINTR))
            return false;
        if (count < 0)
            give_up("cannot send: {}", std::strerror(errno));
        sent_ += static_cast<std::size_t>(count);
    }
    outgoing_.clear();
    sent_ = 0;
    return true;
}

void WebSocketClient::receive() {
    if (incoming_.size() < filled_ + read_bytes)
        incoming_.resize(filled_ + read_bytes);
    const auto count = ::recv(descriptor(), incoming_.data() + filled_, incoming_.size() - filled_, 0);
    if (count == 0)
        give_up("the server closed the connection");
    if (count < 0 && errno != EAGAIN && errno != EINTR)
        give_up("cannot receive: {}", std::strerror(errno));
    filled_ += static_cast<std::size_t>(std::max<ssize_t>(count, 0));
}

bool WebSocketClient::take_message(std::string_view& text) {
    for (;;) {
        const auto* const bytes = reinterpret_cast<const unsigned char*>(incoming_.data()) + taken_;
        const std::size_t held = filled_ - taken_;
        if (held < 2)
            return false;
        const unsigned opcode = bytes[0] & 0x0fU;
        std::size_t size = bytes[1] & 0x7fU;
        const std::size_t extra = size == 126 ? 2 : size == 127 ? 8 : 0;
        if (held < 2 + extra)
            return false;
        if (extra != 0) {
            size = 0;
            for (std::size_t i = 0; i < extra; ++i)
                size = size << 8U | bytes[2 + i];
        }
        if (held < 2 + extra + size)
            return false;
        const std::string_view payload(incoming_.data() + taken_ + 2 + extra, size);
        taken_ += 2 + extra + size;
        if (opcode == opcode_ping) {
            frame(opcode_pong, payload);
            flush();
        } else if (opcode == opcode_close) {
            give_up("the server closes the connection");
        } else if ((bytes[0] & 0x80U) == 0 || opcode != opcode_text) {
            give_up("a message in parts was not expected");
        } else {
            text = payload;
            return true;
        }
    }
}

void WebSocketClient::forget_taken() {
    if (taken_ != filled_)
        std::memmove(incoming_.data(), incoming_.data() + taken_, filled_ - taken_);
    filled_ -= taken_;
    taken_ = 0;
}

} // namespace mosty::bench
