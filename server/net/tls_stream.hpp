#pragma once

#include "server/net/tls_context.hpp"
#include "server/net/types.hpp"

#include <boost/asio/buffer.hpp>

#include <cstddef>
#include <functional>
#include <memory>

namespace mosty::net {

// The TLS side of Stream, compiled once: its operations end in a function instead of in a type of their own.
//
// Threads: the connection's I/O thread. One read and one write at a time; both may be under way together.
class TlsStream {
public:
    using Done = std::move_only_function<void(beast::error_code, std::size_t)>;

    TlsStream(TcpStream tcp, TlsContext context);
    ~TlsStream();

    TcpStream& tcp();

    // Never calls `done` before it returns. The bytes must stay until then.
    void shake_hands(Done done);
    void read_some(asio::mutable_buffer buffer, Done done);
    void write_some(asio::const_buffer buffer, Done done);

    // Says that nothing more comes, and waits for the peer to say the same or to hang up.
    void say_goodbye(Done done);

private:
    struct Implementation;
    const std::unique_ptr<Implementation> implementation_;
};

} // namespace mosty::net
