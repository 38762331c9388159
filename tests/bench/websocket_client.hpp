#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mosty::bench {

// An open socket of the loopback interface; closed at the end of its life.
class Socket {
public:
    Socket() = default;
    explicit Socket(int descriptor) : descriptor_(descriptor) {}
    ~Socket();
    Socket(Socket&& other) noexcept;
    Socket& operator=(Socket&& other) noexcept;

    int descriptor() const { return descriptor_; }

private:
    int descriptor_ = -1;
};

// The only address a demo listens on is the loopback's.
Socket connect_to(std::uint16_t port);

struct HttpAnswer {
    int status = 0;
    std::string head;
    std::string body;
};

// Asks and waits, on a connection of its own.
HttpAnswer ask(std::uint16_t port, std::string_view method, std::string_view target,
               std::string_view cookie = {}, std::string_view body = {});

// A client of /v1/live that costs little: bytes in, bytes out, no more system calls than needed.
class WebSocketClient {
public:
    // Connects and upgrades, waiting; from then on nothing waits.
    WebSocketClient(std::uint16_t port, std::string_view cookie);

    int descriptor() const { return socket_.descriptor(); }

    // Queues one text message, masked. flush() sends it.
    void say(std::string_view text);

    // Sends what is queued, as far as the socket takes it. Answers whether all of it is gone.
    bool flush();

    // Reads what has arrived and calls `hear(text)` for each whole message.
    template <class Hear>
    void read(Hear&& hear) {
        receive();
        std::string_view text;
        while (take_message(text))
            hear(text);
        forget_taken();
    }

private:
    void frame(unsigned opcode, std::string_view payload);
    void receive();
    bool take_message(std::string_view& text);
    void forget_taken();

    Socket socket_;
    std::string outgoing_;
    std::size_t sent_ = 0;
    std::string incoming_;
    std::size_t filled_ = 0; // bytes of incoming_ that were read
    std::size_t taken_ = 0;  // bytes of incoming_ that were given out
    std::uint64_t mask_ = 0x9e3779b97f4a7c15;
};

} // namespace mosty::bench
