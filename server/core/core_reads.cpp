// What the core answers without changing anything: who may read it, reads for workers, streams of events,
// people.
#include "server/core/core.hpp"
#include "server/core/post_core.hpp"
#include "server/core/problems.hpp"
#include "server/core/question_rights.hpp"
#include "server/projections/keys.hpp"
#include "server/sequencing/day.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace mosty::core {
namespace asio = boost::asio;
namespace {

constexpr std::size_t reads_waiting_max = 256;

const realtime::Problem too_many_streams{
    "overloaded",
    "Too many readers take events as they come. Come back in a moment, or ask for pages.",
    {},
    {}};

} // namespace

std::optional<Actor> Core::known_actor(const ActorId& id) const {
    return directory_.acting(id, sequencing::today());
}

std::optional<realtime::Problem> Core::refusal(const ActorId& reader, const Question& question) {
    auto refused = refusal_of(known_actor(reader), question, projector_);
    if (refused)
        return std::move(*refused);
    fail(refused.error());
    return stopping;
}

// Whose session ends with their taking part is told that it has ended.
std::optional<realtime::Problem> Core::refusal_of_events(const access::SignIn& reader,
                                                         const EventsQuestion& question) {
    auto refused = refusal(reader.actor, question);
    if (refused && reader.is_session && refused->code == not_signed_in.code)
        return realtime::problem_of(access::Ending::signed_out);
    return refused;
}

void Core::read(ActorId reader, Question question, ReadCallback callback) {
    post_core([this, reader = std::move(reader), question = std::move(question),
               callback = std::move(callback)]() mutable {
        if (auto problem = refusal(reader, question))
            return callback(std::unexpected(std::move(*problem)));
        if (reads_waiting_.load() >= reads_waiting_max)
            return callback(std::unexpected(overloaded));
        if (!commit_views())
            return callback(std::unexpected(stopping));
        ++reads_waiting_;
        asio::post(threads_.workers, [this, views = views_.snapshot(), question = std::move(question),
                                      callback = std::move(callback)]() mutable {
            auto result = answer(log_, log_.stored(), *views, question);
            --reads_waiting_;
            callback(std::move(result));
        });
    });
}

// A stream as its reader's connection has it. Its stream is gone when the core is.
class Core::EventSource final : public PieceSource {
public:
    EventSource(Core& core, EventStreamId id) : core_(core), id_(id) {}

    void next(std::move_only_function<void(Piece)> take) override {
        core_.post_core([&core = core_, id = id_, take = std::move(take)]() mutable {
            core.event_streams_.pull(id, std::move(take));
            core.advance();
        });
    }

    void stop() override {
        core_.post_core([&core = core_, id = id_] {
            core.event_streams_.close(id);
            core.metrics_.event_streams.Set(static_cast<double>(core.event_streams_.size()));
        });
    }

private:
    Core& core_;
    const EventStreamId id_;
};

void Core::stream_events(access::SignIn reader, EventsQuestion question, EventsCallback callback) {
    post_core([this, reader = std::move(reader), question = std::move(question),
               callback = std::move(callback)]() mutable {
        if (auto problem = refusal_of_events(reader, question))
            return callback(std::unexpected(std::move(*problem)));
        if (phase_ != Phase::running)
            return callback(std::unexpected(stopping));
        if (!event_streams_.has_room_for(reader.actor) || reads_waiting_.load() >= reads_waiting_max)
            return callback(std::unexpected(too_many_streams));
        ++reads_waiting_;
        asio::post(threads_.workers, [this, size = projector_.size(), reader = std::move(reader),
                                      question = std::move(question),
                                      callback = std::move(callback)]() mutable {
            auto unknown = unknown_name(log_, size, question.filter);
            const auto span = events::span_of(log_, size, question.start, question.filter);
            auto events = events::Reader::open(log_.stored(), log_, size, question.filter);
            --reads_waiting_;
            if (unknown)
                return callback(std::unexpected(std::move(*unknown)));
            if (!span)
                return callback(std::unexpected(span.error()));
            if (!events)
                return callback(std::unexpected(unreadable(events.error())));
            post_core([this, reader = std::move(reader), question = std::move(question), span = *span,
                       events = std::shared_ptr(std::move(*events)),
                       callback = std::move(callback)]() mutable {
                begin_events(std::move(reader), std::move(question), std::move(events), span, callback);
            });
        });
    });
}

void Core::begin_events(access::SignIn reader, EventsQuestion question,
                        std::shared_ptr<events::Reader> events, events::Span span, EventsCallback& callback) {
    // Much may have changed while the worker looked for the beginning.
    if (auto problem = refusal_of_events(reader, question))
        return callback(std::unexpected(std::move(*problem)));
    if (const auto ending = ending_(reader.key))
        return callback(std::unexpected(reader.is_session ? realtime::problem_of(*ending) : not_signed_in));
    if (phase_ != Phase::running)
        return callback(std::unexpected(stopping));
    if (!event_streams_.has_room_for(reader.actor))
        return callback(std::unexpected(too_many_streams));
    const auto id = event_streams_.open(std::move(reader), std::move(question), std::move(events), span);
    await_ends();
    metrics_.event_streams.Set(static_cast<double>(event_streams_.size()));
    if (!awaits_heartbeat_)
        await_heartbeat();
    callback(std::make_shared<EventSource>(*this, id));
}

void Core::start_event_readings() {
    for (auto& reading : event_streams_.take_readings())
        asio::post(threads_.workers, [this, reading = std::move(reading)] {
            auto read = read_events(reading, log_.log_id());
            post_core([this, id = reading.stream, read = std::move(read)]() mutable {
                event_streams_.read_done(id, std::move(read));
                advance();
            });
        });
}

// Whoever hears nothing cannot tell a quiet log from a dead server.
void Core::await_heartbeat() {
    awaits_heartbeat_ = true;
    // Twice as often as promised: the first look after a piece finds that there was one.
    heartbeat_timer_.expires_after(settings_.event_heartbeat / 2);
    heartbeat_timer_.async_wait([this](boost::system::error_code error) {
        if (error || phase_ != Phase::running)
            return;
        event_streams_.tick();
        awaits_heartbeat_ = false;
        metrics_.event_streams.Set(static_cast<double>(event_streams_.size()));
        if (event_streams_.size() > 0)
            await_heartbeat();
    });
}

void Core::refuse(ActorId reader, Question question, RefusalCallback callback) {
    post_core([this, reader = std::move(reader), question = std::move(question),
               callback = std::move(callback)]() mutable { callback(refusal(reader, question)); });
}

void Core::note_views(std::move_only_function<void(Size)> noted) {
    post_core([this, noted = std::move(noted)]() mutable {
        if (phase_ != Phase::running)
            return;
        const auto hash = projector_.note_views_hash();
        if (!hash)
            return fail(hash.error().reason);
        noted(hash->size);
    });
}

std::vector<Person> Core::everybody() const {
    std::vector<Person> people;
    for (const ActorId& id : directory_.everybody())
        if (const auto actor = known_actor(id))
            people.push_back({id, directory_.find(id)->profile, actor->role});
    return people;
}

void Core::people(PeopleCallback callback) {
    post_core([this, callback = std::move(callback)]() mutable { callback(everybody()); });
}

void Core::person(ActorId id, PersonCallback callback) {
    post_core([this, id = std::move(id), callback = std::move(callback)]() mutable {
        const auto actor = known_actor(id);
        if (!actor)
            return callback(std::nullopt);
        callback(Person{id, directory_.find(id)->profile, actor->role});
    });
}

void Core::municipality(MunicipalityId id, MunicipalityCallback callback) {
    post_core([this, id = std::move(id), callback = std::move(callback)]() mutable {
        auto row = views_.snapshot()->get(projections::keys::row("municipalities", id.text()));
        if (!row)
            return fail(row.error().reason);
        callback(std::move(*row));
    });
}

void Core::demo_people(DemoCallback callback) {
    post_core([this, callback = std::move(callback)]() mutable {
        const auto towns = projector_.view("towns");
        if (!towns)
            return fail(towns.error().reason);
        auto people = everybody();
        std::erase_if(people, [](const Person& person) { return person.profile.role == Role::service; });
        callback(std::move(people), *towns);
    });
}

} // namespace mosty::core
