#pragma once

#include "server/net/tls_stream.hpp"
#include "server/net/types.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/beast/core/bind_handler.hpp>

#include <cstddef>
#include <memory>
#include <utility>
#include <variant>

namespace mosty::net {

// A connection's bytes, plain or under TLS, as Beast reads and writes them. Sessions are written, and
// compiled, once for both. Plain bytes take no detour; TLS costs an allocation an operation beside its
// cryptography. The deadlines are those of the TCP stream below.
//
// Threads: the connection's I/O thread. One read and one write at a time. Not moved while one is under way.
class Stream {
public:
    using executor_type = Executor;
    using next_layer_type = TcpStream;

    explicit Stream(TcpStream plain) : layer_(std::make_unique<TcpStream>(std::move(plain))) {}

    // The handshake is still to be done.
    Stream(TcpStream tcp, TlsContext context)
        : layer_(std::make_unique<TlsStream>(std::move(tcp), std::move(context))) {}

    bool is_tls() const { return std::holds_alternative<UnderTls>(layer_); }

    TcpStream& next_layer() { return is_tls() ? tls().tcp() : plain(); }
    const TcpStream& next_layer() const {
        return is_tls() ? std::get<UnderTls>(layer_)->tcp() : *std::get<Plain>(layer_);
    }
    // Of a stream under TLS, which is none any more then.
    std::unique_ptr<TlsStream> release_tls() { return std::move(std::get<UnderTls>(layer_)); }
    executor_type get_executor() { return next_layer().get_executor(); }
    TcpStream::socket_type& socket() { return next_layer().socket(); }
    void expires_after(std::chrono::nanoseconds time) { next_layer().expires_after(time); }
    void expires_never() { next_layer().expires_never(); }

    // What TLS has to settle before the first byte; at once when the stream is plain.
    Awaitable<beast::error_code> shake_hands() {
        if (!is_tls())
            co_return beast::error_code{};
        const auto [error, nothing] = co_await asio::async_initiate<decltype(as_result), Signature>(
            [this](auto handler) { tls().shake_hands(erase(std::move(handler))); }, as_result);
        co_return error;
    }

    // Says that nothing more comes. Under TLS that waits for the peer's answer, as long as the deadline
    // allows.
    Awaitable<void> say_goodbye() {
        if (is_tls())
            co_await asio::async_initiate<decltype(as_result), Signature>(
                [this](auto handler) { tls().say_goodbye(erase(std::move(handler))); }, as_result);
        beast::error_code ignored;
        socket().shutdown(asio::socket_base::shutdown_send, ignored);
    }

    template <class Buffers, class Token>
    auto async_read_some(const Buffers& buffers, Token&& token) {
        return asio::async_initiate<Token, Signature>(
            [this](auto handler, const Buffers& into) {
                if (!is_tls())
                    return plain().async_read_some(into, std::move(handler));
                tls().read_some(first_buffer(into), erase(std::move(handler)));
            },
            token, buffers);
    }

    template <class Buffers, class Token>
    auto async_write_some(const Buffers& buffers, Token&& token) {
        return asio::async_initiate<Token, Signature>(
            [this](auto handler, const Buffers& from) {
                if (!is_tls())
                    return plain().async_write_some(from, std::move(handler));
                write_record(tls(), from, erase(std::move(handler)));
            },
            token, buffers);
    }

private:
    using Signature = void(beast::error_code, std::size_t);
    using Plain = std::unique_ptr<TcpStream>; // moved from place to place, it leaves nothing behind
    using UnderTls = std::unique_ptr<TlsStream>;

    TcpStream& plain() { return *std::get<Plain>(layer_); }
    TlsStream& tls() { return *std::get<UnderTls>(layer_); }

    // The handler runs where it belongs, which is this thread.
    template <class Handler>
    TlsStream::Done erase(Handler handler) {
        return [handler = std::move(handler), executor = get_executor()](beast::error_code error,
                                                                         std::size_t bytes) mutable {
            const auto its_own = asio::get_associated_executor(handler, executor);
            asio::dispatch(its_own, beast::bind_front_handler(std::move(handler), error, bytes));
        };
    }

    std::variant<Plain, UnderTls> layer_;
};

} // namespace mosty::net
