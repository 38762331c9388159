#pragma once

#include "domain/base/actor.hpp"
#include "server/access/directory.hpp"
#include "server/access/rights_change.hpp"
#include "server/access/sign_in.hpp"
#include "server/config/settings.hpp"
#include "server/core/event_streams.hpp"
#include "server/core/metrics.hpp"
#include "server/core/peer.hpp"
#include "server/core/reads.hpp"
#include "server/projections/projector.hpp"
#include "server/realtime/hub.hpp"
#include "server/sealing/sealing_log.hpp"
#include "server/sequencing/sequencer.hpp"
#include "storage/view_store.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace mosty::core {

using CommandCallback = std::move_only_function<void(sequencing::Answer)>;
using ReadCallback = std::move_only_function<void(ReadResult)>;
using EventsResult = Result<std::shared_ptr<PieceSource>, realtime::Problem>;
using EventsCallback = std::move_only_function<void(EventsResult)>;

// Somebody who takes part, as told to the browser.
struct Person {
    ActorId actor;
    person::Profile profile;
    Role acts_as = Role::auditor; // today: the own role, or a deputy's
};

using RefusalCallback = std::move_only_function<void(std::optional<realtime::Problem>)>;
using PersonCallback = std::move_only_function<void(std::optional<Person>)>;
using MunicipalityCallback = std::move_only_function<void(std::optional<std::string> row)>;
using PeopleCallback = std::move_only_function<void(std::vector<Person>)>;
using DemoCallback = std::move_only_function<void(std::vector<Person>, std::string towns_json)>;

// Ties the sequencer, the projections and the hub to the threads: state on the core thread, the log on
// the storage thread, long reads on workers, connections on I/O threads.
//
// Every public function may be called from any thread; it posts to the core thread. Callbacks run on the
// core thread and must only pass the answer on.
class Core {
public:
    // The threads that run the contexts belong to the caller, and outlive the core's work.
    struct Threads {
        boost::asio::io_context& core;
        boost::asio::io_context& storage;
        boost::asio::thread_pool& workers;
        std::vector<boost::asio::io_context*> io;
    };

    // Called once when the log or the views fail: the process must stop, and a restart recovers.
    using FaultHandler = std::function<void(const std::string& reason)>;

    Core(Threads threads, const Settings& settings, sealing::SealingLog& log, storage::ViewStore& views,
         projections::Projector& projector, access::Directory directory, Metrics& metrics,
         FaultHandler on_fault);

    // The connection's id, under which everything else names it. When its session is over by time, or ended
    // meanwhile, it is bidden farewell: nothing that it says afterwards counts.
    realtime::ConnectionId open(std::shared_ptr<Peer> peer, access::SignIn sign_in);
    // These two only on the connection's own I/O thread.
    void close(realtime::ConnectionId connection, std::size_t io_thread);
    void receive(realtime::ConnectionId connection, std::size_t io_thread,
                 std::vector<realtime::ClientMessage> messages);
    void drained(realtime::ConnectionId connection);

    // Whether there is room for `count` more commands. A full queue must be answered with `overloaded`.
    bool has_room_for(std::size_t count) const {
        return commands_waiting_.load(std::memory_order_relaxed) + count <= settings_.queue_commands_max;
    }

    // Decides commands that come without a connection; answers each once it is durable, in any order.
    void command(sequencing::Wish wish, CommandCallback callback);

    // Answers a question if the reader may ask it.
    void read(ActorId reader, Question question, ReadCallback callback);

    // Begins a stream of events if the reader may have it; the question must say how it is to be streamed. It
    // ends when the reader may no longer read it, and with the session or token. The source must be stopped,
    // and not be used after the core's life.
    void stream_events(access::SignIn reader, EventsQuestion question, EventsCallback callback);

    // Why the reader may not ask it; nothing when he may.
    void refuse(ActorId reader, Question question, RefusalCallback callback);

    // Keeps the hash of all views under the size that they stand for now, and tells the size. Not while
    // stopping: the last size of all is kept by itself.
    void note_views(std::move_only_function<void(Size)> noted);

    // Called on the core thread when something was erased: what was derived from it before must be made anew.
    // Told before the threads run.
    void on_erasure(std::function<void()> told) { on_erasure_ = std::move(told); }

    // Called on the core thread whenever more entries are durable. Told before the threads run.
    void on_growth(std::function<void(Size)> told) { on_growth_ = std::move(told); }

    // Asks how a session or token that was named by its key has ended; nothing while it is good. Told before
    // the threads run.
    void ask_credentials(std::function<std::optional<access::Ending>(const std::string& key)> ending) {
        ending_ = std::move(ending);
    }

    // Ends what goes on with these sessions and tokens, which must be good no more: connections are bidden
    // farewell, with the reason, and get nothing else; streams of events end.
    void end_credentials(std::vector<std::string> keys, access::Ending ending);

    // Called on the core thread with each event of a person that is durable. Told before the threads run.
    void on_person(std::function<void(const ActorId&, const person::Event&)> told) {
        on_person_ = std::move(told);
    }

    // Those who take part.
    void people(PeopleCallback callback);
    // Nothing for somebody who takes no part.
    void person(ActorId actor, PersonCallback callback);

    // A municipality's row of the registers, as JSON; nothing when they have none of that id.
    void municipality(MunicipalityId id, MunicipalityCallback callback);

    // Everybody and the towns they may act for: what a demo's sign-in page shows.
    void demo_people(DemoCallback callback);

    // Refuses what comes from now on, finishes what is under way, bids the connections farewell and calls
    // `done` on the core thread.
    void stop(std::function<void()> done);

    Size durable_size() const { return durable_size_.load(std::memory_order_relaxed); }
    const std::string& log_id() const { return log_.log_id(); }

private:
    struct Connection {
        std::shared_ptr<Peer> peer;
        access::SignIn sign_in;
        std::int64_t due_ms = 0; // when it is looked whether the session is over
    };
    struct Received {
        realtime::ConnectionId from;
        realtime::ClientMessage message;
    };
    using Waiter = std::variant<realtime::ConnectionId, CommandCallback>;

    // Runs it on the core thread when its turn comes.
    template <class Task>
    void post_core(Task task);

    // Does the most urgent thing there is, and notes the processor time it took. Whoever adds something to do
    // posts a turn for it.
    void take_turn();

    void hand_over(std::size_t io_thread);
    void handle(realtime::ConnectionId id, Connection& connection, realtime::ClientMessage message);
    void handle_command(realtime::ConnectionId id, Connection& connection, realtime::SendCommand command);
    void submit(sequencing::Wish wish, Waiter waiter);
    void advance();
    void start_loads();
    void start_preparations();
    void start_text_reads();
    void keep_states(std::vector<sequencing::TextState> texts);
    class EventSource;
    void sign_out(std::vector<realtime::ConnectionId> ids, access::Ending ending);
    void file_end(realtime::ConnectionId id, Connection& connection);
    void end_what_is_over();
    void await_ends();
    std::optional<realtime::Problem> refusal_of_events(const access::SignIn& reader,
                                                       const EventsQuestion& question);
    void begin_events(access::SignIn reader, EventsQuestion question, std::shared_ptr<events::Reader> events,
                      events::Span span, EventsCallback& callback);
    void start_event_readings();
    void await_heartbeat();
    void present(realtime::ConnectionId id, const realtime::Presence& presence);
    void await_presences();
    void start_append();
    void finish_append();
    void take_in(sequencing::Outcome outcome);
    bool is_new_day();
    void check_rights(const access::RightsChange& change);
    bool commit_views();
    void give_answers(std::vector<sequencing::Answer> answers);
    void flush_deliveries();
    std::optional<realtime::Problem> refusal(const ActorId& reader, const Question& question);
    std::optional<Actor> known_actor(const ActorId& id) const;
    std::vector<Person> everybody() const;
    void fail(const std::string& reason);
    void finish_stop_when_idle();

    const Threads threads_;
    const Settings settings_;
    sealing::SealingLog& log_;
    storage::ViewStore& views_;
    projections::Projector& projector_;
    access::Directory directory_;
    Metrics& metrics_;
    const FaultHandler on_fault_;

    sequencing::Sequencer sequencer_;
    realtime::Hub hub_;
    EventStreams event_streams_;
    boost::asio::steady_timer heartbeat_timer_;
    bool awaits_heartbeat_ = false;
    boost::asio::steady_timer presence_timer_;
    bool awaits_presences_ = false;
    std::unordered_map<realtime::ConnectionId, Connection> connections_;
    std::set<std::pair<std::int64_t, realtime::ConnectionId>> ends_; // by due_ms
    boost::asio::steady_timer ends_timer_;
    std::int64_t awaited_end_ms_ = access::Life::without_end;
    std::unordered_map<sequencing::Ticket, Waiter> waiters_;
    sequencing::Ticket next_ticket_ = 1;
    std::vector<projections::Change> changes_;
    std::deque<std::move_only_function<void()>> tasks_;
    std::deque<sequencing::Outcome> outcomes_; // durable, and still to be told
    std::size_t tasks_before_append_ = 0;      // since an append ended that nobody has looked at
    bool append_under_way_ = false;
    enum class Ended { no, appended, conflict, unknown };
    std::atomic<Ended> append_ended_ = Ended::no; // set by the storage thread, taken by the core thread
    enum class Phase { running, stopping, stopped, failed };
    Phase phase_ = Phase::running;
    std::function<void()> on_stopped_;
    std::function<void(Size)> on_growth_ = [](Size) {};
    std::function<void()> on_erasure_ = [] {};
    std::function<void(const ActorId&, const person::Event&)> on_person_ = [](const ActorId&,
                                                                              const person::Event&) {};
    std::function<std::optional<access::Ending>(const std::string&)> ending_ =
        [](const std::string&) -> std::optional<access::Ending> { return std::nullopt; };
    PartialDate rights_of_; // the day for which rights were looked at last: deputies begin and end with days

    std::atomic<realtime::ConnectionId> next_connection_ = 1;
    std::atomic<std::size_t> commands_waiting_ = 0;
    std::atomic<std::size_t> reads_waiting_ = 0;
    std::atomic<Size> durable_size_ = 0;

    // By I/O thread, touched by that thread only: what it has received and not yet handed over.
    std::vector<std::vector<Received>> received_;
};

} // namespace mosty::core
