#include "server/core/event_streams.hpp"

#include "domain/base/invariant.hpp"

#include <algorithm>
#include <utility>

namespace mosty::core {

using events::Form;

EventStreams::EventStreams(Limits limits, std::string log_id, Size size)
    : limits_(limits), log_id_(std::move(log_id)), size_(size) {}

bool EventStreams::has_room_for(const ActorId& reader) const {
    const auto of_reader = static_cast<std::size_t>(std::ranges::count_if(
        streams_, [&](const auto& each) { return each.second.reader.actor == reader; }));
    return streams_.size() < limits_.streams_max &&
           of_reader < std::max<std::size_t>(1, limits_.streams_max / 4);
}

EventStreamId EventStreams::open(access::SignIn reader, EventsQuestion question,
                                 std::shared_ptr<events::Reader> events, events::Span span) {
    MOSTY_INVARIANT(has_room_for(reader.actor), "who begins a stream has asked whether there is room");
    MOSTY_INVARIANT(question.streamed, "a page is no stream");
    const Form form = *question.streamed;
    const EventStreamId id = next_id_++;
    streams_.emplace(id, Stream{.reader = std::move(reader),
                                .question = std::move(question),
                                .events = std::move(events),
                                .next = span.from,
                                .end = span.to,
                                .form = form,
                                .take = {},
                                .last = {}});
    return id;
}

void EventStreams::pull(EventStreamId id, Take take) {
    const auto found = streams_.find(id);
    if (found == streams_.end())
        return take({.bytes = {}, .then = Piece::Then::cut});
    Stream& stream = found->second;
    MOSTY_INVARIANT(!stream.take, "a reader asks for one piece at a time");
    stream.take = std::move(take);
    if (stream.last)
        return finish(id, stream, std::move(*stream.last));
    if (is_live(stream) && !std::exchange(stream.greeted, true))
        return give(stream, {.bytes = "retry: 1000\n" + events::heartbeat(log_id_, stream.next)});
    go_on(id, stream);
}

void EventStreams::close(EventStreamId id) {
    auto stream = streams_.extract(id);
    if (stream && stream.mapped().take)
        stream.mapped().take({.bytes = {}, .then = Piece::Then::cut});
}

void EventStreams::read_done(EventStreamId id, Result<Read, std::string> read) {
    --readings_under_way_;
    const auto found = streams_.find(id);
    if (found == streams_.end())
        return;
    Stream& stream = found->second;
    stream.reading = false;
    if (stream.last) // ended meanwhile; what was read is not given any more
        return finish(id, stream, std::move(*stream.last));
    if (!read) {
        return finish(id, stream,
                      is_live(stream) ? Piece{events::farewell(unreadable(read.error())), Piece::Then::end}
                                      : Piece{{}, Piece::Then::cut});
    }
    stream.next = read->next;
    if (!read->bytes.empty())
        return give(stream, {.bytes = std::move(read->bytes)});
    if (stream.pulse_due)
        return tell_pulse(stream);
    go_on(id, stream);
}

// Somebody waits for the next piece: it is read, or there is none yet, or no more.
void EventStreams::go_on(EventStreamId id, Stream& stream) {
    if (stream.reading || !stream.take)
        return;
    if (stream.next < end_of(stream)) {
        stream.reading = true;
        readings_.push_back({id, stream.events, stream.form, stream.next, end_of(stream)});
    } else if (!is_live(stream)) {
        finish(id, stream, {.bytes = {}, .then = Piece::Then::end});
    }
}

void EventStreams::give(Stream& stream, Piece piece) {
    stream.told = true;
    stream.pulse_due = false;
    std::exchange(stream.take, {})(std::move(piece));
}

// The last piece goes to the reader as soon as it waits for one; then the stream is forgotten.
void EventStreams::finish(EventStreamId id, Stream& stream, Piece last) {
    if (stream.take && !stream.reading) {
        give(stream, std::move(last));
        streams_.erase(id);
    } else {
        stream.last = std::move(last);
    }
}

void EventStreams::committed(Size size) {
    size_ = size;
    for (auto& [id, stream] : streams_)
        if (is_live(stream) && !stream.last)
            go_on(id, stream); // forgets none that is live
}

void EventStreams::tell_pulse(Stream& stream) {
    give(stream, {.bytes = events::heartbeat(log_id_, stream.next)});
}

void EventStreams::tick() {
    for (auto& [id, stream] : streams_) {
        const bool told = std::exchange(stream.told, false);
        if (told || !stream.take || stream.last || !is_live(stream))
            continue;
        if (stream.reading)
            stream.pulse_due = true;
        else
            tell_pulse(stream);
    }
}

void EventStreams::end(const Why& why) {
    for (auto next = streams_.begin(); next != streams_.end();) {
        auto& [id, stream] = *next++; // finish() may forget it
        if (stream.last)
            continue;
        if (const auto problem = why(stream.reader, stream.question))
            end_because(id, stream, *problem);
    }
}

std::int64_t EventStreams::first_end_ms() const {
    std::int64_t first = access::Life::without_end;
    for (const auto& [id, stream] : streams_)
        if (!stream.last)
            first = std::min(first, stream.reader.life->end_ms());
    return first;
}

void EventStreams::end_because(EventStreamId id, Stream& stream, const realtime::Problem& problem) {
    if (is_live(stream))
        finish(id, stream, {.bytes = events::farewell(problem), .then = Piece::Then::end});
    else
        finish(id, stream, {.bytes = {}, .then = Piece::Then::cut});
}

void EventStreams::stop() {
    for (auto next = streams_.begin(); next != streams_.end();) {
        auto& [id, stream] = *next++;
        if (!stream.last)
            finish(id, stream, {.bytes = {}, .then = is_live(stream) ? Piece::Then::end : Piece::Then::cut});
    }
}

std::vector<EventStreams::Reading> EventStreams::take_readings() {
    std::vector<Reading> begun;
    for (; readings_under_way_ < limits_.readings_max && !readings_.empty(); readings_.pop_front()) {
        if (!streams_.contains(readings_.front().stream))
            continue; // its reader hung up before it was begun
        ++readings_under_way_;
        begun.push_back(std::move(readings_.front()));
    }
    return begun;
}

Result<EventStreams::Read, std::string> read_events(const EventStreams::Reading& reading,
                                                    const std::string& log_id) {
    const auto chunk = reading.reader->read(reading.from, reading.to);
    if (!chunk)
        return std::unexpected(chunk.error());
    EventStreams::Read read{.bytes = {}, .next = chunk->next};
    events::append_chunk(read.bytes, reading.form, log_id, *chunk);
    return read;
}

} // namespace mosty::core
