#include "server/net/piece_writer.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/buffers_prefix.hpp>
#include <boost/beast/core/buffers_suffix.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/write.hpp>
#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

namespace mosty::net {
namespace bhttp = beast::http;
namespace {

using core::Piece;

constexpr std::size_t read_and_dropped_max = 1024 * 1024;
constexpr std::size_t written_at_once_max = 64 * 1024;
constexpr unsigned http_1_1 = 11;

class PieceWriter : public std::enable_shared_from_this<PieceWriter> {
public:
    PieceWriter(Stream stream, std::shared_ptr<core::PieceSource> source, const Settings& settings)
        : stream_(std::move(stream)), source_(std::move(source)), settings_(settings) {}

    Awaitable<void> run(bhttp::response_header<> header) {
        beast::error_code ignored;
        stream_.socket().set_option(asio::ip::tcp::no_delay{true}, ignored);
        stream_.expires_never();
        asio::co_spawn(stream_.get_executor(), watch(shared_from_this()), asio::detached);

        chunked_ = header.version() >= http_1_1;
        bhttp::response<bhttp::empty_body> message{std::move(header)};
        message.chunked(chunked_);
        message.keep_alive(false);
        bhttp::response_serializer<bhttp::empty_body> serializer{message};
        stream_.expires_after(settings_.event_stall);
        const auto [error, bytes] = co_await bhttp::async_write_header(stream_, serializer, as_result);
        bool is_whole = false;
        while (!error && !gone_) {
            const Piece piece = co_await next_piece();
            if (gone_ || !co_await write(piece.bytes))
                break;
            if (piece.then == Piece::Then::more)
                continue;
            is_whole = piece.then == Piece::Then::end && (!chunked_ || co_await write_all(last_chunk));
            break;
        }
        source_->stop();
        if (!is_whole || gone_) {
            close();
        } else {
            // The peer closes when it has the last chunk; one that does not is not waited for.
            asio::co_spawn(stream_.get_executor(), say_goodbye(shared_from_this()), asio::detached);
            Timer deadline(stream_.get_executor(), settings_.close_timeout);
            farewell_ = &deadline;
            if (!gone_)
                co_await deadline.async_wait(as_result);
            farewell_ = nullptr;
            close();
        }
    }

private:
    static constexpr std::string_view line_end = "\r\n";
    static constexpr std::string_view last_chunk = "0\r\n\r\n";

    // Notices at once when the peer hangs up, so that nothing is kept for it. What it still says is dropped.
    Awaitable<void> watch(std::shared_ptr<PieceWriter> self) {
        std::array<char, 4'096> dropped;
        for (std::size_t taken = 0; taken < read_and_dropped_max;) {
            const auto [error, bytes] = co_await stream_.async_read_some(asio::buffer(dropped), as_result);
            if (error)
                break;
            taken += bytes;
            stream_.expires_never();
        }
        gone_ = true;
        source_->stop(); // whoever waits for a piece goes on
        if (farewell_)
            farewell_->cancel();
    }

    Awaitable<void> say_goodbye(std::shared_ptr<PieceWriter> self) { co_await self->stream_.say_goodbye(); }

    // The source answers on any thread, and always.
    Awaitable<Piece> next_piece() {
        co_return co_await asio::async_initiate<const UseAwaitable, void(Piece)>(
            [this](auto handler) {
                source_->next([handler = std::move(handler),
                               executor = stream_.get_executor()](Piece piece) mutable {
                    asio::post(executor, [handler = std::move(handler), piece = std::move(piece)]() mutable {
                        std::move(handler)(std::move(piece));
                    });
                });
            },
            UseAwaitable{});
    }

    Awaitable<bool> write(std::string_view bytes) {
        if (bytes.empty())
            co_return true;
        if (!chunked_)
            co_return co_await write_all(bytes);
        const std::string head = fmt::format("{:x}\r\n", bytes.size());
        co_return co_await write_all(std::array<asio::const_buffer, 3>{
            asio::buffer(head), asio::buffer(bytes), asio::buffer(line_end)});
    }

    Awaitable<bool> write_all(std::string_view bytes) {
        co_return co_await write_all(std::array<asio::const_buffer, 1>{asio::buffer(bytes)});
    }

    // The deadline is for some of it to be taken, not for all.
    template <std::size_t Count>
    Awaitable<bool> write_all(std::array<asio::const_buffer, Count> buffers) {
        beast::buffers_suffix<std::array<asio::const_buffer, Count>> left{buffers};
        while (asio::buffer_size(left) > 0) {
            stream_.expires_after(settings_.event_stall);
            const auto [error, bytes] = co_await stream_.async_write_some(
                beast::buffers_prefix(written_at_once_max, left), as_result);
            if (error)
                co_return false;
            left.consume(bytes);
        }
        co_return true;
    }

    void close() {
        beast::error_code ignored;
        stream_.socket().close(ignored);
    }

    Stream stream_;
    const std::shared_ptr<core::PieceSource> source_;
    const Settings& settings_;
    Timer* farewell_ = nullptr;
    bool chunked_ = true;
    bool gone_ = false;
};

} // namespace

Awaitable<void> write_pieces(Stream stream, bhttp::response_header<> header,
                             std::shared_ptr<core::PieceSource> source, const Settings& settings) {
    const auto writer = std::make_shared<PieceWriter>(std::move(stream), std::move(source), settings);
    co_await writer->run(std::move(header));
}

} // namespace mosty::net
