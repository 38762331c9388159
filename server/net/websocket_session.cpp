#include "server/net/websocket_session.hpp"

#include "server/realtime/client_message.hpp"
#include "server/realtime/frames.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

namespace mosty::net {
namespace websocket = beast::websocket;
namespace {

// What one system call takes: Asio hands at most 64 buffers to the kernel.
constexpr std::size_t frames_at_once_max = 30;
constexpr std::size_t bytes_at_once_max = 256 * 1024;

class WebSocketSession final : public core::Peer, public std::enable_shared_from_this<WebSocketSession> {
public:
    WebSocketSession(Stream stream, std::size_t io_thread, const Settings& settings, core::Core& core,
                     core::Metrics& metrics, const access::ClientIds& client_ids, access::SignIn sign_in)
        : socket_(std::move(stream)), wake_(socket_.get_executor()), room_(socket_.get_executor()),
          io_thread_(io_thread), settings_(settings), core_(core), metrics_(metrics),
          sign_in_(std::move(sign_in)), clients_(client_ids, sign_in_.actor) {
        wake_.expires_at(std::chrono::steady_clock::time_point::max());
        room_.expires_at(std::chrono::steady_clock::time_point::max());
    }

    Awaitable<void> run(beast::http::request<beast::http::string_body> upgrade) {
        beast::get_lowest_layer(socket_).expires_never();
        beast::error_code ignored;
        beast::get_lowest_layer(socket_).socket().set_option(asio::ip::tcp::no_delay{true}, ignored);
        websocket::stream_base::timeout timeout{};
        timeout.handshake_timeout = settings_.handshake_timeout;
        timeout.idle_timeout = settings_.idle_timeout;
        timeout.keep_alive_pings = true;
        socket_.set_option(timeout);
        socket_.set_option(websocket::stream_base::decorator([](websocket::response_type& response) {
            response.set(beast::http::field::sec_websocket_protocol, "mosty.v1");
        }));
        socket_.read_message_max(0); // ours to say
        socket_.auto_fragment(false);
        socket_.text(true);

        const auto [error] = co_await socket_.async_accept(upgrade, as_result);
        if (error)
            co_return;
        id_ = core_.open(shared_from_this(), sign_in_);
        asio::co_spawn(socket_.get_executor(), write_loop(shared_from_this()), asio::detached);
        co_await read_loop();
        ended_ = true;
        wake_.cancel();
        shut();
        core_.close(id_, io_thread_);
    }

    void send(std::vector<realtime::Frame> frames) override {
        if (ended_)
            return;
        std::ranges::move(frames, std::back_inserter(outbox_));
        wake_.cancel();
    }

    void finish(unsigned short close_code) override {
        if (close_code_ == 0)
            close_code_ = close_code;
        wake_.cancel();
    }

    std::size_t io_thread() const override { return io_thread_; }

private:
    Awaitable<void> read_loop() {
        beast::flat_buffer buffer;
        for (;;) {
            do {
                const auto [error, bytes] = co_await socket_.async_read_some(
                    buffer, settings_.message_bytes_max + 1 - buffer.size(), as_result);
                if (error)
                    co_return;
                if (buffer.size() > settings_.message_bytes_max)
                    co_return co_await refuse(
                        buffer, websocket::close_code::too_big,
                        {"too_big",
                         fmt::format("A message is at most {} bytes long.", settings_.message_bytes_max),
                         {},
                         {}});
            } while (!socket_.is_message_done());
            if (!socket_.got_text())
                co_return co_await refuse(buffer, websocket::close_code::unknown_data,
                                          {"not_text", "Only text messages are understood.", {}, {}});
            const std::string_view text{static_cast<const char*>(buffer.data().data()), buffer.size()};
            receive(realtime::parse_client_messages(parser_, text));
            buffer.consume(buffer.size());
            co_await wait_for_room();
        }
    }

    // Says why, and closes. The peer may still be sending; what it says no longer counts.
    Awaitable<void> refuse(beast::flat_buffer& buffer, unsigned short close_code, realtime::Problem problem) {
        say(problem);
        finish(close_code);
        for (;;) {
            buffer.consume(buffer.size());
            const auto [error, bytes] =
                co_await socket_.async_read_some(buffer, bytes_at_once_max, as_result);
            if (error)
                co_return;
        }
    }

    // Whoever asks without reading the answers is not listened to meanwhile. What the hub sends by itself
    // stays below half of this.
    Awaitable<void> wait_for_room() {
        while (meter->bytes.load() >= 2 * settings_.outbox_bytes_max && !writer_gone_)
            co_await room_.async_wait(as_result);
    }

    void receive(std::vector<realtime::ClientMessage> messages) {
        // A connection that sends without waiting for answers is slowed down by refusals, not by memory.
        for (auto& message : messages) {
            auto* command = std::get_if<realtime::SendCommand>(&message);
            if (!command)
                continue;
            if (commands_under_way.load(std::memory_order_relaxed) >= settings_.connection_commands_max ||
                !core_.has_room_for(1)) {
                message = realtime::BadMessage{command->id.text(), {}, overloaded()};
                continue;
            }
            if (auto foreign = clients_.refuse_foreign(command->stream, command->command)) {
                message = realtime::BadMessage{command->id.text(), {}, realtime::problem_of(*foreign)};
                continue;
            }
            commands_under_way.fetch_add(1, std::memory_order_relaxed);
        }
        core_.receive(id_, io_thread_, std::move(messages));
    }

    static realtime::Problem overloaded() {
        return {
            "overloaded", "Too many commands wait for an answer. Send the same again in a moment.", {}, {}};
    }

    // Tells the client something that did not come from the core.
    void say(const realtime::Problem& problem) {
        auto frame = std::make_shared<const std::string>(realtime::error_frame({}, problem));
        meter->bytes.fetch_add(frame->size());
        send({std::move(frame)});
    }

    // Sends all that is pending as one message: the system call, not the byte, is the cost.
    Awaitable<void> write_loop(std::shared_ptr<WebSocketSession> self) {
        static constexpr std::string_view open_array = "[", comma = ",", close_array = "]";
        std::vector<realtime::Frame> frames;
        std::vector<asio::const_buffer> buffers;
        while (!self->ended_) {
            if (outbox_.empty()) {
                if (close_code_ != 0)
                    break;
                co_await wake_.async_wait(as_result);
                wake_.expires_at(std::chrono::steady_clock::time_point::max());
                continue;
            }
            frames.clear();
            buffers.clear();
            std::size_t bytes = 0;
            while (!outbox_.empty() && frames.size() < frames_at_once_max && bytes < bytes_at_once_max) {
                bytes += outbox_.front()->size();
                frames.push_back(std::move(outbox_.front()));
                outbox_.pop_front();
                buffers.push_back(asio::buffer(frames.size() == 1 ? open_array : comma));
                buffers.push_back(asio::buffer(*frames.back()));
            }
            buffers.push_back(asio::buffer(close_array));
            const auto [error, written] = co_await socket_.async_write(buffers, as_result);
            if (error)
                break;
            metrics_.bytes_sent.Increment(static_cast<double>(written));
            const std::size_t left = meter->bytes.fetch_sub(bytes) - bytes;
            room_.cancel();
            if (left < settings_.outbox_bytes_max / 4 && meter->held_back.exchange(false))
                core_.drained(id_);
        }
        writer_gone_ = true;
        room_.cancel();
        co_await close();
    }

    Awaitable<void> close() {
        if (!ended_ && close_code_ != 0) {
            // Beast waits for the peer's answer; the deadline does not.
            Timer deadline(socket_.get_executor(), settings_.close_timeout);
            deadline.async_wait([self = shared_from_this()](beast::error_code error) {
                if (!error)
                    self->shut();
            });
            co_await socket_.async_close(websocket::close_reason{close_code_}, as_result);
            deadline.cancel();
        }
        shut();
    }

    void shut() {
        beast::error_code ignored;
        beast::get_lowest_layer(socket_).socket().close(ignored);
    }

    websocket::stream<Stream, false> socket_;
    Timer wake_; // there is something to write
    Timer room_; // something was written
    const std::size_t io_thread_;
    const Settings& settings_;
    core::Core& core_;
    core::Metrics& metrics_;
    const access::SignIn sign_in_;
    access::OwnClients clients_;
    simdjson::dom::parser parser_;
    std::deque<realtime::Frame> outbox_;
    realtime::ConnectionId id_ = 0;
    unsigned short close_code_ = 0;
    bool ended_ = false;
    bool writer_gone_ = false;
};

} // namespace

Awaitable<void> serve_websocket(Stream stream, beast::http::request<beast::http::string_body> upgrade,
                                Caller caller, std::size_t io_thread, const Settings& settings,
                                core::Core& core, core::Metrics& metrics,
                                const access::ClientIds& client_ids) {
    auto session = std::make_shared<WebSocketSession>(std::move(stream), io_thread, settings, core, metrics,
                                                      client_ids, std::move(caller.sign_in));
    co_await session->run(std::move(upgrade));
}

} // namespace mosty::net
