#pragma once

#include "domain/base/actor.hpp"
#include "domain/base/result.hpp"
#include "server/access/sign_in.hpp"
#include "server/core/piece_source.hpp"
#include "server/core/reads.hpp"
#include "server/events/reader.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mosty::core {

using EventStreamId = std::uint64_t;

// Those who take events as they come: how far each has got, who waits for new ones, and what is to be read
// for whom. A stream has at most one piece under way, so what it holds in memory is bounded by that.
//
// Threads: the core thread's.
class EventStreams {
public:
    using Take = std::move_only_function<void(Piece)>;

    // What a worker is to read; it hands the outcome to read_done().
    struct Reading {
        EventStreamId stream = 0;
        std::shared_ptr<events::Reader> reader;
        events::Form form = events::Form::lines;
        Position from = 0;
        Size to = 0;
    };

    // What a worker has read, as bytes to be sent.
    struct Read {
        std::string bytes;
        Position next = 0;
    };

    struct Limits {
        std::size_t streams_max = 64;
        std::size_t readings_max = 1; // under way at once, so that workers have time for others
    };

    // `size`: of the log, whose id is `log_id`.
    EventStreams(Limits limits, std::string log_id, Size size);

    // Whether one more may begin for this reader. Nobody gets more than a quarter of all.
    bool has_room_for(const ActorId& reader) const;

    // Begins one. Server-sent events have no end; lines end at `span.to`. has_room_for() must be true.
    EventStreamId open(access::SignIn reader, EventsQuestion question, std::shared_ptr<events::Reader> events,
                       events::Span span);

    // Its reader wants the next piece.
    void pull(EventStreamId id, Take take);

    // The reader is gone. A piece that is waited for is `cut`.
    void close(EventStreamId id);

    void read_done(EventStreamId id, Result<Read, std::string> read);

    // The log has grown.
    void committed(Size size);

    // Time has passed: whoever has been told nothing since the last call is told that the connection lives.
    void tick();

    // Ends the streams for which `why` has a problem.
    using Why =
        std::function<std::optional<realtime::Problem>(const access::SignIn& reader, const EventsQuestion&)>;
    void end(const Why& why);

    // When the first of their sessions and tokens is over, should none be used before; Life::without_end
    // when there is none.
    std::int64_t first_end_ms() const;

    // Ends all, as far as they have come: the reader comes back with its cursor.
    void stop();

    // What is to be read now, in the order in which it was asked for; each must come back to read_done().
    std::vector<Reading> take_readings();

    std::size_t size() const { return streams_.size(); }

private:
    struct Stream {
        access::SignIn reader;
        EventsQuestion question;
        std::shared_ptr<events::Reader> events;
        Position next = 0;
        Size end = 0; // of lines
        events::Form form = events::Form::lines;
        bool reading = false;
        bool greeted = false;
        bool told = true;       // something since the last tick
        bool pulse_due = false; // to be told after what is being read, should that find nothing
        Take take;
        std::optional<Piece> last; // what the reader is to get next, and then nothing more
    };

    void end_because(EventStreamId id, Stream& stream, const realtime::Problem& problem);
    void go_on(EventStreamId id, Stream& stream);
    void give(Stream& stream, Piece piece);
    void finish(EventStreamId id, Stream& stream, Piece last);
    void tell_pulse(Stream& stream);
    static bool is_live(const Stream& stream) { return stream.form == events::Form::server_sent; }
    Size end_of(const Stream& stream) const { return is_live(stream) ? size_ : stream.end; }

    const Limits limits_;
    const std::string log_id_;
    Size size_;
    EventStreamId next_id_ = 1;
    std::map<EventStreamId, Stream> streams_;
    std::deque<Reading> readings_; // that nobody has begun
    std::size_t readings_under_way_ = 0;
};

// What a worker does for a stream: reads, and writes what was found as the stream's form has it.
Result<EventStreams::Read, std::string> read_events(const EventStreams::Reading& reading,
                                                    const std::string& log_id);

} // namespace mosty::core
