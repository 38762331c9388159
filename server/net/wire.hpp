#pragma once

#include "server/net/read_buffer.hpp"
#include "server/net/stream.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <variant>

namespace mosty::net {

// A connection's bytes for a session that stays, and keeps its deadlines itself. While nothing comes, a plain
// one holds neither buffer nor timer: it waits until something can be read, and reads that into a buffer of
// the thread. Under TLS it reads into a kilobyte of its own, and TLS into another one.
//
// Threads: the connection's I/O thread. One read and one write at a time. Not moved while one is under way.
class Wire {
public:
    explicit Wire(Stream stream) : layer_(bare(std::move(stream))) {
        beast::error_code ignored;
        socket().non_blocking(true, ignored);
    }

    Executor get_executor() { return socket().get_executor(); }
    Socket& socket() { return is_plain() ? plain() : under_tls().stream->tcp().socket(); }

    // Calls `done(error, bytes)` when something came; the bytes are valid until it returns. Never before
    // this returns.
    template <class Done>
    void read(Done done) {
        if (is_plain())
            return read_plain(std::move(done));
        auto& [stream, buffer] = under_tls();
        stream->read_some(buffer->room(), [&into = *buffer, done = std::move(done)](
                                              beast::error_code error, std::size_t count) mutable {
            done(error, into.taken(count));
        });
    }

    // Calls `done(error, count)` when some of the bytes are gone; never before this returns. The buffers must
    // stay until then.
    template <class Done>
    void write(std::span<asio::const_buffer> buffers, Done done) {
        if (is_plain())
            plain().async_write_some(buffers, std::move(done));
        else
            write_record(*under_tls().stream, buffers, std::move(done));
    }

private:
    struct UnderTls {
        std::unique_ptr<TlsStream> stream;
        std::unique_ptr<ReadBuffer> buffer;
    };

    static std::variant<Socket, UnderTls> bare(Stream stream) {
        stream.expires_never();
        if (stream.is_tls())
            return UnderTls{stream.release_tls(), std::make_unique<ReadBuffer>()};
        return stream.next_layer().release_socket();
    }

    bool is_plain() const { return std::holds_alternative<Socket>(layer_); }
    Socket& plain() { return std::get<Socket>(layer_); }
    UnderTls& under_tls() { return std::get<UnderTls>(layer_); }

    template <class Done>
    void read_plain(Done done) {
        plain().async_wait(Socket::wait_read,
                           [this, done = std::move(done)](beast::error_code error) mutable {
                               if (error)
                                   return done(error, std::span<char>{});
                               static thread_local std::array<char, 16 * 1024> buffer;
                               const std::size_t count = plain().read_some(asio::buffer(buffer), error);
                               if (error == asio::error::would_block)
                                   return read_plain(std::move(done));
                               done(error, std::span<char>(buffer).first(count));
                           });
    }

    std::variant<Socket, UnderTls> layer_;
};

} // namespace mosty::net
