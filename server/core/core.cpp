#include "server/core/core.hpp"

#include "domain/codec/event_types.hpp"
#include "domain/codec/text_state.hpp"
#include "server/core/post_core.hpp"
#include "server/core/problems.hpp"
#include "server/sequencing/day.hpp"
#include "server/sequencing/entropy.hpp"
#include "server/sequencing/stream_loader.hpp"
#include "server/texts/history.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <limits>
#include <utility>

namespace mosty::core {
namespace asio = boost::asio;
namespace {

constexpr std::size_t messages_a_task_max = 64;
constexpr std::size_t tasks_before_append_max = 4;
constexpr Size views_behind_max = 256; // entries; writing so many takes a millisecond or two
constexpr std::chrono::milliseconds presence_pause{100};
constexpr unsigned reconnect_after_ms = 1'000;
constexpr unsigned short close_restarting = 1012;

// The processor time that this thread has used.
double thread_seconds() {
    timespec used{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) + 1e-9 * static_cast<double>(used.tv_nsec);
}

std::int64_t system_now_ms() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

// Folds a stream however long its history is; a text from the newest state that is kept of it.
Result<domain::State, std::string> load_whole_stream(const storage::LogReader& log,
                                                     const storage::ViewStore::Snapshot& views,
                                                     const StreamId& stream) {
    if (domain::kind_of(stream) == domain::Kind::text) {
        auto text = texts::state_at(log, views, stream, std::numeric_limits<Revision>::max());
        if (!text)
            return std::unexpected(text.error());
        return domain::State(std::move(*text));
    }
    auto state = sequencing::load_stream(log, stream, std::numeric_limits<std::size_t>::max());
    if (!state)
        return std::unexpected(state.error());
    return std::move(**state);
}

// What clients hold that was derived before an erasure is of another form, so that they let it go.
int view_format_of(const sealing::SealingLog& log) {
    return realtime::view_format + 100 * static_cast<int>(log.keys()->destroyed_of_streams());
}

bool erases(const sequencing::Committed& committed) {
    return codec::is_erasing_type(committed.entry.envelope.type);
}

} // namespace

Core::Core(Threads threads, const Settings& settings, sealing::SealingLog& log, storage::ViewStore& views,
           projections::Projector& projector, access::Directory directory, Metrics& metrics,
           FaultHandler on_fault)
    : threads_(std::move(threads)), settings_(settings), log_(log), views_(views), projector_(projector),
      directory_(std::move(directory)), metrics_(metrics), on_fault_(std::move(on_fault)),
      sequencer_(log, system_now_ms, sequencing::system_entropy(),
                 {.source = "urn:mosty:" + log.log_id(), .stream_states_max = settings.stream_states_max}),
      hub_(projector, directory_, log.log_id(),
           {.subscriptions_max = settings.connection_subscriptions_max,
            .account_subscriptions_max = settings.account_subscriptions_max,
            .outbox_bytes_max = settings.outbox_bytes_max},
           view_format_of(log)),
      event_streams_({.streams_max = settings.event_streams_max,
                      .readings_max = std::max<std::size_t>(1, settings.workers - 1)},
                     log.log_id(), log.size()),
      heartbeat_timer_(threads_.core), presence_timer_(threads_.core), ends_timer_(threads_.core),
      rights_of_(sequencing::today()), durable_size_(log.size()), received_(threads_.io.size()) {
    sequencer_.know(directory_.principals());
    metrics_.log_size.Set(static_cast<double>(log.size()));
}

realtime::ConnectionId Core::open(std::shared_ptr<Peer> peer, access::SignIn sign_in) {
    const realtime::ConnectionId id = next_connection_++;
    post_core([this, id, peer = std::move(peer), sign_in = std::move(sign_in)]() mutable {
        hub_.open(id, sign_in.actor, peer->meter);
        auto& connection =
            connections_.emplace(id, Connection{std::move(peer), std::move(sign_in)}).first->second;
        // Ended before it was known here: end_credentials() found nothing.
        if (const auto ending = ending_(connection.sign_in.key))
            sign_out({id}, *ending);
        else
            file_end(id, connection);
        metrics_.connections.Set(static_cast<double>(connections_.size()));
        advance();
    });
    return id;
}

void Core::close(realtime::ConnectionId id, std::size_t io_thread) {
    hand_over(io_thread); // what it said before counts
    post_core([this, id] {
        hub_.close(id);
        if (const auto gone = connections_.extract(id))
            ends_.erase({gone.mapped().due_ms, id});
        metrics_.connections.Set(static_cast<double>(connections_.size()));
        metrics_.subscriptions.Set(static_cast<double>(hub_.subscriptions()));
    });
}

void Core::receive(realtime::ConnectionId id, std::size_t io_thread,
                   std::vector<realtime::ClientMessage> messages) {
    auto& received = received_[io_thread];
    if (received.empty())
        asio::post(*threads_.io[io_thread], [this, io_thread] { hand_over(io_thread); });
    for (auto& message : messages) {
        received.push_back({id, std::move(message)});
        if (received.size() == messages_a_task_max)
            hand_over(io_thread);
    }
}

// One task for all that came in one round of polling, instead of one for each message.
void Core::hand_over(std::size_t io_thread) {
    auto received = std::exchange(received_[io_thread], {});
    if (received.empty())
        return;
    post_core([this, received = std::move(received)]() mutable {
        for (auto& [id, message] : received)
            if (const auto found = connections_.find(id); found != connections_.end())
                handle(id, found->second, std::move(message));
        advance();
    });
}

void Core::drained(realtime::ConnectionId id) {
    post_core([this, id] {
        metrics_.readers_held_back.Increment();
        hub_.drained(id);
        advance();
    });
}

void Core::handle(realtime::ConnectionId id, Connection& connection, realtime::ClientMessage message) {
    access::Life& life = *connection.sign_in.life;
    const bool is_use = !std::holds_alternative<realtime::Ping>(message);
    if (is_use ? !life.use(system_now_ms()) : life.is_over(system_now_ms()))
        return sign_out({id}, access::Ending::session_over);
    std::visit(
        Overloaded{
            [&](realtime::Follow& follow) {
                if (const auto limit = hub_.follow(id, follow))
                    metrics_.reached(*limit);
                metrics_.subscriptions.Set(static_cast<double>(hub_.subscriptions()));
            },
            [&](realtime::Unfollow& unfollow) { hub_.unfollow(id, unfollow.topic); },
            [&](realtime::SendCommand& command) { handle_command(id, connection, std::move(command)); },
            [&](realtime::Presence& presence) { present(id, presence); },
            [&](realtime::Ping& ping) { hub_.tell(id, realtime::pong_frame(ping.n, projector_.size())); },
            [&](realtime::BadMessage& bad) {
                hub_.tell(id, bad.id.empty() ? realtime::error_frame(bad.topic, bad.problem)
                                             : realtime::refused_frame(bad.id, bad.problem));
            },
        },
        message);
}

void Core::present(realtime::ConnectionId id, const realtime::Presence& presence) {
    hub_.present(id, presence, std::chrono::steady_clock::now());
    if (!awaits_presences_)
        await_presences();
}

// Whatever was said of places since is told at once, ten times a second at most.
void Core::await_presences() {
    awaits_presences_ = true;
    presence_timer_.expires_after(presence_pause);
    presence_timer_.async_wait([this](boost::system::error_code error) {
        if (error || phase_ != Phase::running)
            return;
        if (is_new_day())
            check_rights({.of_people = true, .of_what = {}});
        hub_.tell_presences(std::chrono::steady_clock::now());
        advance();
        awaits_presences_ = false;
        if (hub_.has_presences())
            await_presences();
    });
}

void Core::handle_command(realtime::ConnectionId id, Connection& connection, realtime::SendCommand command) {
    const auto refuse = [&](const realtime::Problem& problem) {
        connection.peer->commands_under_way.fetch_sub(1, std::memory_order_relaxed);
        hub_.tell(id, realtime::refused_frame(command.id.text(), problem));
    };
    if (phase_ != Phase::running)
        return refuse(stopping);
    if (!has_room_for(1))
        return refuse(overloaded);
    submit({.ticket = 0,
            .actor = connection.sign_in.actor,
            .as_service = false,
            .id = std::move(command.id),
            .stream = std::move(command.stream),
            .command = std::move(command.command),
            .expected_revision = command.expected_revision,
            .hash = std::move(command.hash),
            .at_ms = {}},
           id);
}

void Core::submit(sequencing::Wish wish, Waiter waiter) {
    wish.ticket = next_ticket_++;
    waiters_.emplace(wish.ticket, std::move(waiter));
    sequencer_.submit(std::move(wish));
    commands_waiting_.store(sequencer_.waiting(), std::memory_order_relaxed);
}

void Core::command(sequencing::Wish wish, CommandCallback callback) {
    post_core([this, wish = std::move(wish), callback = std::move(callback)]() mutable {
        if (phase_ != Phase::running)
            return callback({0, wish.id, sequencing::Unavailable{}});
        submit(std::move(wish), std::move(callback));
        advance();
    });
}

void Core::advance() {
    if (phase_ == Phase::stopped || phase_ == Phase::failed)
        return;
    if (sequencer_.fault())
        return fail(*sequencer_.fault());
    start_loads();
    start_preparations();
    start_append();
    give_answers(sequencer_.take_answers());
    if (hub_.fault())
        return fail(*hub_.fault());
    start_text_reads();
    start_event_readings();
    flush_deliveries();
    for (const auto id : hub_.take_unfinished())
        post_core([this, id] {
            hub_.drained(id);
            advance();
        });
    commands_waiting_.store(sequencer_.waiting(), std::memory_order_relaxed);
    metrics_.commands_waiting.Set(static_cast<double>(sequencer_.waiting()));
    finish_stop_when_idle();
}

void Core::start_loads() {
    for (StreamId& stream : sequencer_.take_loads())
        asio::post(threads_.workers, [this, views = views_.snapshot(), stream = std::move(stream)] {
            auto state = load_whole_stream(log_, *views, stream);
            post_core([this, stream, state = std::move(state)]() mutable {
                if (!state)
                    return fail(state.error());
                sequencer_.loaded(stream, std::move(*state));
                advance();
            });
        });
}

void Core::start_preparations() {
    for (auto& wanted : sequencer_.take_preparations())
        asio::post(threads_.workers, [this, views = views_.snapshot(), wanted = std::move(wanted)] {
            auto result = texts::prepare(log_, *views, wanted.stream, wanted.preparation);
            post_core([this, id = wanted.id, result = std::move(result)]() mutable {
                if (!result)
                    return fail(result.error());
                sequencer_.prepared(id, std::move(*result));
                advance();
            });
        });
}

void Core::start_text_reads() {
    for (auto& read : hub_.take_text_reads())
        asio::post(threads_.workers, [this, views = views_.snapshot(), read = std::move(read)] {
            auto piece = texts::read_piece(log_, *views, StreamId{read.topic}, read.after);
            post_core([this, read, piece = std::move(piece)]() mutable {
                if (!piece)
                    return fail(piece.error());
                hub_.text_piece(read, std::move(*piece));
                advance();
            });
        });
}

void Core::keep_states(std::vector<sequencing::TextState> texts) {
    for (auto& one : texts)
        asio::post(threads_.workers, [this, one = std::move(one)] {
            post_core([this, one, bytes = codec::encode_text_state(*one.state)]() mutable {
                projector_.keep_text_state(one.text.text(), one.state->revision, std::move(bytes));
            });
        });
}

void Core::start_append() {
    if (append_under_way_)
        return;
    const auto* batch = sequencer_.begin_append();
    if (!batch)
        return;
    append_under_way_ = true;
    asio::post(threads_.storage, [this, batch, size = sequencer_.expected_size()] {
        const auto started = std::chrono::steady_clock::now();
        auto result = log_.append(*batch, size);
        metrics_.append_seconds.Observe(
            std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count());
        const auto ended = result                                             ? Ended::appended
                           : result.error() == storage::AppendError::conflict ? Ended::conflict
                                                                              : Ended::unknown;
        append_ended_.store(ended, std::memory_order_release);
        asio::post(threads_.core, [this] { take_turn(); });
    });
}

// What became durable is told first. Then a few of the tasks that wait have their turn, since what they bring
// goes with the next batch, and then that batch is decided while they wait on, however many they are.
void Core::take_turn() {
    const double started = thread_seconds();
    const bool append_ended = append_ended_.load(std::memory_order_acquire) != Ended::no;
    if (!outcomes_.empty()) {
        auto outcome = std::move(outcomes_.front());
        outcomes_.pop_front();
        take_in(std::move(outcome));
        advance();
    } else if (append_ended && (tasks_.empty() || tasks_before_append_ == tasks_before_append_max)) {
        tasks_before_append_ = 0;
        finish_append();
    } else if (!tasks_.empty()) {
        tasks_before_append_ += append_ended ? 1 : 0;
        auto task = std::move(tasks_.front());
        tasks_.pop_front();
        task();
    } else {
        return;
    }
    metrics_.core_task_seconds.Observe(thread_seconds() - started);
}

void Core::finish_append() {
    append_under_way_ = false;
    switch (append_ended_.exchange(Ended::no, std::memory_order_acquire)) {
    case Ended::no:
        return;
    case Ended::appended:
        outcomes_.push_back(sequencer_.appended());
        metrics_.batches_appended.Increment();
        break;
    case Ended::conflict: {
        auto after_conflict = sequencer_.conflicted();
        if (!after_conflict)
            return fail(after_conflict.error());
        outcomes_.push_back(std::move(*after_conflict));
        break;
    }
    case Ended::unknown:
        return fail("the log does not know whether the last batch was written");
    }
    // The disk is kept busy while the views are folded.
    start_append();
    asio::post(threads_.core, [this] { take_turn(); });
}

void Core::take_in(sequencing::Outcome outcome) {
    end_what_is_over();
    const Size before = projector_.size();
    changes_.clear();
    access::RightsChange rights;
    for (const auto& committed : outcome.entries) {
        projector_.fold(committed.position, committed.entry, changes_);
        directory_.fold(committed.entry);
        rights.note(committed.entry);
    }
    for (const auto& committed : outcome.entries)
        if (const auto* event = std::get_if<person::Event>(&committed.entry.event))
            on_person_(ActorId{std::string{domain::local_id(committed.entry.envelope.stream)}}, *event);
    rights.of_people = rights.of_people || is_new_day();
    check_rights(rights);
    keep_states(std::move(outcome.texts));
    if (projector_.size() - views_.applied() >= views_behind_max && !commit_views())
        return;
    durable_size_.store(projector_.size(), std::memory_order_relaxed);
    on_growth_(projector_.size());
    metrics_.entries_appended.Increment(static_cast<double>(outcome.entries.size()));
    metrics_.log_size.Set(static_cast<double>(projector_.size()));
    hub_.publish(changes_, before);
    event_streams_.committed(projector_.size());
    give_answers(std::move(outcome.answers));
    if (std::ranges::any_of(outcome.entries, erases))
        on_erasure_();
}

// Deputies begin and end with days, and no event says so.
bool Core::is_new_day() {
    const PartialDate today = sequencing::today();
    return std::exchange(rights_of_, today) != today;
}

// Whoever may no longer read something gets nothing more of it, from the very entries on that took the right.
void Core::check_rights(const access::RightsChange& change) {
    if (!change.is_any())
        return;
    hub_.check_rights(change);
    event_streams_.end([this](const access::SignIn& reader, const EventsQuestion& question) {
        return refusal_of_events(reader, question);
    });
}

// Views are only derived: what the store lacks after a crash is folded again. So they are written in
// larger steps than the log, and whenever somebody is about to read the store.
bool Core::commit_views() {
    const auto written = projector_.commit();
    if (!written)
        fail(written.error().reason);
    return written.has_value();
}

void Core::give_answers(std::vector<sequencing::Answer> answers) {
    for (auto& answer : answers) {
        const bool done = std::holds_alternative<sequencing::Done>(answer.verdict);
        (done ? metrics_.commands_done : metrics_.commands_refused).Increment();
        auto waiter = waiters_.extract(answer.ticket);
        if (auto* callback = std::get_if<CommandCallback>(&waiter.mapped())) {
            (*callback)(std::move(answer));
            continue;
        }
        const auto id = std::get<realtime::ConnectionId>(waiter.mapped());
        const auto found = connections_.find(id);
        if (found == connections_.end())
            continue;
        found->second.peer->commands_under_way.fetch_sub(1, std::memory_order_relaxed);
        hub_.tell(id, done ? realtime::done_frame(answer.id, std::get<sequencing::Done>(answer.verdict))
                           : realtime::refused_frame(answer.id.text(), realtime::problem_of(answer.verdict)));
    }
}

// One post per I/O thread, whatever the number of connections and frames.
void Core::flush_deliveries() {
    auto deliveries = hub_.take_deliveries();
    if (deliveries.empty())
        return;
    metrics_.frames_delivered.Increment(static_cast<double>(deliveries.size()));

    std::unordered_map<realtime::ConnectionId, std::vector<realtime::Frame>> by_connection;
    for (auto& delivery : deliveries)
        by_connection[delivery.to].push_back(std::move(delivery.frame));
    using Parcel = std::pair<std::shared_ptr<Peer>, std::vector<realtime::Frame>>;
    std::vector<std::vector<Parcel>> by_thread(threads_.io.size());
    for (auto& [id, frames] : by_connection) {
        const auto found = connections_.find(id);
        if (found == connections_.end())
            continue;
        by_thread[found->second.peer->io_thread()].emplace_back(found->second.peer, std::move(frames));
    }
    for (std::size_t i = 0; i < by_thread.size(); ++i)
        if (!by_thread[i].empty())
            asio::post(*threads_.io[i], [parcels = std::move(by_thread[i])]() mutable {
                for (auto& [peer, frames] : parcels)
                    peer->send(std::move(frames));
            });
}

void Core::stop(std::function<void()> done) {
    post_core([this, done = std::move(done)]() mutable {
        if (phase_ != Phase::running)
            return;
        phase_ = Phase::stopping;
        on_stopped_ = std::move(done);
        advance();
    });
}

void Core::finish_stop_when_idle() {
    if (phase_ != Phase::stopping || sequencer_.waiting() != 0 || append_under_way_ || !outcomes_.empty())
        return;
    if (const auto noted = projector_.note_views_hash(); !noted)
        return fail(noted.error().reason);
    event_streams_.stop();
    heartbeat_timer_.cancel();
    ends_timer_.cancel();
    hub_.tell_all(realtime::bye_frame("restarting", reconnect_after_ms));
    flush_deliveries();
    for (const auto& [id, connection] : connections_)
        asio::post(*threads_.io[connection.peer->io_thread()],
                   [peer = connection.peer] { peer->finish(close_restarting); });
    phase_ = Phase::stopped;
    on_stopped_();
}

void Core::fail(const std::string& reason) {
    if (std::exchange(phase_, Phase::failed) == Phase::failed)
        return;
    on_fault_(reason);
}

} // namespace mosty::core
