#pragma once

#include "server/net/tls_stream.hpp"
#include "server/net/types.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/beast/core/bind_handler.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <type_traits>
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

    explicit Stream(TcpStream plain) : layer_(std::move(plain)) {}

    // The handshake is still to be done.
    Stream(TcpStream tcp, TlsContext context)
        : layer_(std::make_unique<TlsStream>(std::move(tcp), std::move(context))) {}

    bool is_tls() const { return std::holds_alternative<UnderTls>(layer_); }

    TcpStream& next_layer() { return is_tls() ? tls().tcp() : std::get<TcpStream>(layer_); }
    const TcpStream& next_layer() const {
        return is_tls() ? std::get<UnderTls>(layer_)->tcp() : std::get<TcpStream>(layer_);
    }
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
                    return std::get<TcpStream>(layer_).async_read_some(into, std::move(handler));
                tls().read_some(first_of(into), erase(std::move(handler)));
            },
            token, buffers);
    }

    template <class Buffers, class Token>
    auto async_write_some(const Buffers& buffers, Token&& token) {
        return asio::async_initiate<Token, Signature>(
            [this](auto handler, const Buffers& from) {
                if (!is_tls())
                    return std::get<TcpStream>(layer_).async_write_some(from, std::move(handler));
                write_record(from, erase(std::move(handler)));
            },
            token, buffers);
    }

private:
    using Signature = void(beast::error_code, std::size_t);
    using UnderTls = std::unique_ptr<TlsStream>;

    // As much as goes into one record of TLS.
    static constexpr std::size_t record_bytes_max = 16 * 1024;

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

    template <class Buffers>
    static auto first_of(const Buffers& buffers) {
        auto buffer = asio::buffer_sequence_begin(buffers);
        const auto end = asio::buffer_sequence_end(buffers);
        while (buffer != end && asio::buffer_size(*buffer) == 0 && std::next(buffer) != end)
            ++buffer;
        using One = std::conditional_t<asio::is_mutable_buffer_sequence<Buffers>::value, asio::mutable_buffer,
                                       asio::const_buffer>;
        return buffer == end ? One{} : One{*buffer};
    }

    // Many small buffers become one record: each record is a system call and 22 bytes or more.
    template <class Buffers>
    void write_record(const Buffers& buffers, TlsStream::Done done) {
        const asio::const_buffer first = first_of(buffers);
        const std::size_t bytes = std::min(asio::buffer_size(buffers), record_bytes_max);
        if (first.size() >= bytes)
            return tls().write_some(first, std::move(done));
        auto gathered = std::make_unique_for_overwrite<char[]>(bytes);
        asio::buffer_copy(asio::buffer(gathered.get(), bytes), buffers);
        const asio::const_buffer record(gathered.get(), bytes);
        tls().write_some(record, [gathered = std::move(gathered), done = std::move(done)](
                                     beast::error_code error, std::size_t written) mutable {
            gathered.reset();
            done(error, written);
        });
    }

    std::variant<TcpStream, UnderTls> layer_;
};

} // namespace mosty::net
