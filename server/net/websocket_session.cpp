#include "server/net/websocket_session.hpp"

#include "server/limits/allowance.hpp"
#include "server/net/frame_reader.hpp"
#include "server/net/outgoing.hpp"
#include "server/net/wire.hpp"
#include "server/realtime/client_message.hpp"

#include <boost/asio/defer.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <netinet/tcp.h>
#include <optional>
#include <sys/socket.h>
#include <utility>
#include <vector>

namespace mosty::net {
namespace {

using limits::Limit;

constexpr std::size_t control_bytes_max = 4 * 1024; // pongs that wait for the socket

enum CloseCode : unsigned short {
    protocol_error = 1002,
    unknown_data = 1003,
    bad_payload = 1007,
    policy_violation = 1008,
    message_too_big = 1009,
};

// How a connection ends whose frames are wrong, and what it is told before, in words.
struct Ending {
    CloseCode code;
    std::optional<realtime::Problem> problem;
    std::optional<Limit> limit;
};

Ending ending_of(FrameReader::Fault fault, const Settings& settings) {
    switch (fault) {
    case FrameReader::Fault::protocol:
        return {protocol_error, {}, {}};
    case FrameReader::Fault::not_utf8:
        return {bad_payload, {}, {}};
    case FrameReader::Fault::not_text:
        return {
            unknown_data, realtime::Problem{"not_text", "Only text messages are understood.", {}, {}}, {}};
    case FrameReader::Fault::too_big:
        return {
            message_too_big,
            realtime::Problem{"too_big",
                              fmt::format("A message is at most {} bytes long.", settings.message_bytes_max),
                              {},
                              {}},
            Limit::message_bytes};
    case FrameReader::Fault::too_many_fragments:
        break;
    }
    return {policy_violation,
            realtime::Problem{
                "too_many_fragments",
                fmt::format("A message comes in at most {} frames.", settings.message_fragments_max),
                {},
                {}},
            Limit::message_fragments};
}

// One for all connections of a thread: a parser keeps fourteen times the bytes of its largest message.
simdjson::dom::parser& parser_of_this_thread() {
    thread_local simdjson::dom::parser parser;
    return parser;
}

// Reads and writes by callbacks, each of which holds the session, instead of coroutines: ten thousand
// connections that do nothing are the common case, and a frame of a coroutine waits in full.
class WebSocketSession final : public core::Peer, public std::enable_shared_from_this<WebSocketSession> {
public:
    WebSocketSession(Upgrade upgrade, std::size_t io_thread, const Settings& settings, core::Core& core,
                     core::Metrics& metrics, const access::ClientIds& client_ids, Budgets budgets,
                     AtEnd at_end)
        : wire_(std::move(upgrade.stream)), watch_(wire_.get_executor()), io_thread_(io_thread),
          settings_(settings), core_(core), metrics_(metrics), client_ids_(client_ids),
          actor_(upgrade.sign_in.actor), account_(budgets.account), at_end_(std::move(at_end)),
          allowance_(budgets.own), frames_({settings.message_bytes_max, settings.message_fragments_max}) {
        outgoing_.add_acceptance(upgrade.acceptance);
    }

    void begin(access::SignIn sign_in) {
        heard_at_ = progressed_at_ = Clock::now();
        configure_socket();
        write_soon();
        id_ = core_.open(shared_from_this(), std::move(sign_in));
        keep_watch();
        listen();
    }

    void send(std::vector<realtime::Frame> frames) override {
        if (is_deaf_ || ended_)
            return;
        outgoing_.add(std::move(frames));
        write_soon();
    }

    void finish(unsigned short close_code) override { leave(close_code); }

    std::size_t io_thread() const override { return io_thread_; }

private:
    using Clock = std::chrono::steady_clock;

    void configure_socket() {
        beast::error_code ignored;
        wire_.socket().set_option(asio::ip::tcp::no_delay{true}, ignored);
        // The kernel gives up on a peer that acknowledges nothing, instead of trying for a quarter of an
        // hour.
        const auto patience = static_cast<int>(settings_.idle_timeout.count());
        ::setsockopt(wire_.socket().native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &patience,
                     sizeof patience);
    }

    // Calls it when the timer ends by itself, if the session still lives.
    template <class Then>
    void expect(Timer& timer, Then then) {
        timer.async_wait([weak = weak_from_this(), then](beast::error_code error) {
            if (const auto self = weak.lock(); self && !error && !self->ended_)
                then(*self);
        });
    }

    void listen() {
        wire_.read([self = shared_from_this()](beast::error_code error, std::span<char> bytes) {
            if (error)
                self->hang_up();
            else
                self->take(bytes);
        });
    }

    void take(std::span<char> bytes) {
        const auto now = heard_at_ = Clock::now();
        limits::Asked asked{.bytes = bytes.size()};
        while (!is_deaf_ && hear(frames_.take(bytes), asked)) {
        }
        if (!frames_.is_within_message())
            message_began_.reset();
        else if (!message_began_)
            message_began_ = now;
        // Whatever still comes of those who are not listened to any more is read and dropped, so that what
        // they were told arrives.
        if (is_deaf_)
            return listen();
        if (const auto owed = pause_for(asked, now); owed.time.count() > 0)
            return pause(owed, now);
        listen_when_there_is_room();
    }

    // Answers whether there may be more in the bytes that came.
    bool hear(FrameReader::Heard heard, limits::Asked& asked) {
        return std::visit(
            Overloaded{
                [](FrameReader::Nothing) { return false; },
                [&](FrameReader::Message message) {
                    receive(realtime::parse_client_messages(parser_of_this_thread(), message.text), asked);
                    return true;
                },
                [&](FrameReader::Ping ping) {
                    ++asked.pings;
                    outgoing_.add_control(FrameKind::pong, ping.payload);
                    write_soon();
                    return true;
                },
                [&](FrameReader::Pong) {
                    ++asked.pings;
                    return true;
                },
                [&](FrameReader::Close close) {
                    outgoing_.forget_frames(); // whoever leaves reads no more
                    leave(close.code);
                    be_deaf();
                    return false;
                },
                [&](FrameReader::Fault fault) {
                    auto ending = ending_of(fault, settings_);
                    if (ending.limit)
                        metrics_.reached(*ending.limit);
                    if (ending.problem)
                        say(*ending.problem);
                    leave(ending.code);
                    be_deaf();
                    return false;
                },
            },
            heard);
    }

    void receive(std::vector<realtime::ClientMessage> messages, limits::Asked& asked) {
        // A connection that sends without waiting for answers is slowed down by refusals, not by memory.
        for (auto& message : messages) {
            asked.commands += limits::commands_of(message);
            auto* command = std::get_if<realtime::SendCommand>(&message);
            if (!command)
                continue;
            if (commands_under_way.load(std::memory_order_relaxed) >= settings_.connection_commands_max ||
                !core_.has_room_for(1)) {
                metrics_.reached(Limit::commands_waiting);
                message = realtime::BadMessage{command->id.text(), {}, overloaded()};
                continue;
            }
            if (!clients_)
                clients_ = std::make_unique<access::OwnClients>(client_ids_, actor_);
            if (auto foreign = clients_->refuse_foreign(command->stream, command->command)) {
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

    // Whoever asks for more than its share is not listened to until that is paid off.
    limits::Allowance::Pause pause_for(const limits::Asked& asked, limits::Time now) {
        const auto own = allowance_.take(asked, now);
        const auto shared = account_.take(asked, now);
        return own.time >= shared.time ? own : shared;
    }

    void pause(limits::Allowance::Pause pause, limits::Time now) {
        metrics_.reached(pause.because);
        pause_ = std::make_unique<Timer>(wire_.get_executor(), now + pause.time);
        pause_->async_wait([self = shared_from_this()](beast::error_code) {
            self->pause_.reset();
            self->heard_at_ = Clock::now();
            self->listen_when_there_is_room();
        });
    }

    // Whoever asks without reading the answers is not listened to meanwhile. What the hub sends by itself
    // stays below half of this.
    bool has_room() const {
        return meter->bytes.load() < 2 * settings_.outbox_bytes_max &&
               outgoing_.control_bytes() < control_bytes_max;
    }

    void listen_when_there_is_room() {
        waits_for_room_ = !has_room() && !ended_ && !writer_gone_;
        if (ended_)
            hang_up();
        else if (!waits_for_room_)
            listen();
    }

    // Something was written, or nothing will be any more.
    void look_for_room() {
        if (!waits_for_room_)
            return;
        heard_at_ = Clock::now();
        listen_when_there_is_room();
    }

    bool is_paused() const { return pause_ || waits_for_room_; }

    // Tells the client something that did not come from the core.
    void say(const realtime::Problem& problem) {
        auto frame = std::make_shared<const std::string>(realtime::error_frame({}, problem));
        meter->bytes.fetch_add(frame->size());
        send({std::move(frame)});
    }

    // All that is said within this turn of the thread goes at once.
    void write_soon() {
        if (is_writing_ || writer_gone_ || ended_)
            return;
        is_writing_ = true;
        progressed_at_ = Clock::now();
        asio::defer(wire_.get_executor(), [self = shared_from_this()] { self->write(); });
    }

    void write() {
        if (outgoing_.empty() && close_code_ != 0) {
            outgoing_.add_control(FrameKind::close, close_payload());
            close_said_ = true;
        }
        if (outgoing_.empty() || ended_)
            is_writing_ = false;
        else
            write_rest(outgoing_.begin());
    }

    void write_rest(std::span<asio::const_buffer> left) {
        progressed_at_ = Clock::now();
        wire_.write(left, [self = shared_from_this(), left](beast::error_code error, std::size_t count) {
            self->wrote(left, error, count);
        });
    }

    void wrote(std::span<asio::const_buffer> left, beast::error_code error, std::size_t count) {
        if (error)
            return writer_ends();
        metrics_.bytes_sent.Increment(static_cast<double>(count));
        left = Outgoing::without(left, count);
        if (!left.empty())
            return write_rest(left);
        const std::size_t bytes = outgoing_.sent();
        const std::size_t waiting = meter->bytes.fetch_sub(bytes) - bytes;
        if (waiting < settings_.outbox_bytes_max / 4 && meter->held_back.exchange(false))
            core_.drained(id_);
        if (close_said_)
            return writer_ends(); // nothing follows a close
        look_for_room();
        write();
    }

    void writer_ends() {
        is_writing_ = false;
        writer_gone_ = true;
        if (!close_said_)
            return shut(); // a write failed
        look_for_room();
        if (is_deaf_)
            say_no_more();
    }

    std::string close_payload() const {
        return {static_cast<char>(close_code_ >> 8U), static_cast<char>(close_code_ & 0xffU)};
    }

    // Closes once what is queued is sent. The peer has `close_timeout` to take it and to answer.
    void leave(unsigned short close_code) {
        if (ended_ || close_code_ != 0)
            return;
        close_code_ = close_code;
        write_soon();
        if (pause_)
            pause_->cancel();
        watch_.expires_after(settings_.close_timeout);
        expect(watch_, [](WebSocketSession& session) {
            session.metrics_.reached(Limit::close_time);
            session.shut();
        });
    }

    // From now on what comes is dropped. The connection ends with the peer's end of it.
    void be_deaf() {
        is_deaf_ = true;
        message_began_.reset();
        if (writer_gone_)
            say_no_more();
    }

    void say_no_more() {
        beast::error_code ignored;
        wire_.socket().shutdown(asio::socket_base::shutdown_send, ignored);
    }

    // Looks thrice in `idle_timeout` whether anybody is there: whoever is silent has been pinged before its
    // end.
    void keep_watch() {
        watch_.expires_after(settings_.idle_timeout / 3);
        expect(watch_, [](WebSocketSession& session) { session.look(Clock::now()); });
    }

    void look(Clock::time_point now) {
        if (close_code_ != 0)
            return; // the deadline of leaving has taken the timer
        const auto silence = now - heard_at_;
        // Whoever slowly takes what is written lives, even if its answers wait behind it.
        const bool is_idle = is_writing_   ? now - progressed_at_ >= settings_.idle_timeout
                             : is_paused() ? false
                                           : silence >= settings_.idle_timeout;
        if (is_idle) {
            metrics_.reached(Limit::idle);
            return shut();
        }
        if (message_began_ && !is_paused() && now - *message_began_ >= settings_.message_timeout) {
            metrics_.reached(Limit::message_time);
            leave(policy_violation);
            return be_deaf();
        }
        if (heard_at_ < looked_at_ && !is_writing_) {
            outgoing_.add_control(FrameKind::ping, {});
            write_soon();
        }
        looked_at_ = now;
        keep_watch();
    }

    // Whatever waits goes on, and finds the end.
    void shut() {
        ended_ = true;
        beast::error_code ignored;
        wire_.socket().close(ignored);
        watch_.cancel();
        if (pause_)
            pause_->cancel();
        look_for_room();
    }

    // Nothing more is heard.
    void hang_up() {
        shut();
        core_.close(id_, io_thread_);
        at_end_();
    }

    Wire wire_;
    Timer watch_;                  // whether anybody is there; the deadline of leaving
    std::unique_ptr<Timer> pause_; // nothing is read meanwhile
    const std::size_t io_thread_;
    const Settings& settings_;
    core::Core& core_;
    core::Metrics& metrics_;
    const access::ClientIds& client_ids_;
    const ActorId actor_;
    std::unique_ptr<access::OwnClients> clients_; // of whoever commands something
    limits::Allowance& account_;
    AtEnd at_end_;
    limits::Allowance allowance_;
    FrameReader frames_;
    Outgoing outgoing_;
    realtime::ConnectionId id_ = 0;
    Clock::time_point heard_at_;
    Clock::time_point looked_at_;
    Clock::time_point progressed_at_; // of the write under way
    std::optional<Clock::time_point> message_began_;
    unsigned short close_code_ = 0;
    bool close_said_ = false;
    bool is_deaf_ = false; // nothing that comes counts any more
    bool waits_for_room_ = false;
    bool is_writing_ = false;
    bool writer_gone_ = false;
    bool ended_ = false;
};

// With what a shared pointer counts by, 512 bytes of the allocator's: ten thousand of them do nothing.
static_assert(sizeof(WebSocketSession) <= 496);

} // namespace

void serve_websocket(Upgrade upgrade, std::size_t io_thread, const Settings& settings, core::Core& core,
                     core::Metrics& metrics, const access::ClientIds& client_ids, Budgets budgets,
                     AtEnd at_end) {
    access::SignIn sign_in = upgrade.sign_in;
    std::make_shared<WebSocketSession>(std::move(upgrade), io_thread, settings, core, metrics, client_ids,
                                       budgets, std::move(at_end))
        ->begin(std::move(sign_in));
}

} // namespace mosty::net
