#pragma once

#include "domain/codec/entry.hpp"
#include "domain/domain.hpp"
#include "domain/person/principals.hpp"
#include "server/sequencing/entropy.hpp"
#include "server/sequencing/state_cache.hpp"
#include "server/sequencing/wish.hpp"
#include "storage/event_log.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace mosty::sequencing {

// An entry that is durable, as the projections see it.
struct Committed {
    Position position = 0;
    codec::DecodedEntry entry;
};

// A text's whole state as of a revision at which one is kept; its events up to there are durable.
struct TextState {
    StreamId text;
    std::shared_ptr<const text::State> state;
};

// Everything that one group commit made true.
struct Outcome {
    std::vector<Committed> entries; // in the log's order, without gaps
    std::vector<Answer> answers;    // of commands decided on what is durable now
    std::vector<TextState> texts;   // to be kept; another writer's entries bring none
};

// Puts commands in order: decides each on the tentative state of its streams and makes batches of entries.
//
// While one batch is being appended the next is decided, and no further. Every answer, rejections and
// repetitions too, waits until what it was decided on is durable. Only the sequencer sees tentative state.
//
//   submit(wish) … begin_append() → batch → append it elsewhere → appended() → outcome
//
// A command whose streams must be folded from a long history waits; take_loads() names them, loaded()
// brings them; commands of other streams pass, those of the same stream keep their order. A command on a text
// that needs what its state has forgotten waits for take_preparations() and prepared(); others' commands on
// the same text pass, those of the same person keep their order.
//
// An event that answers or follows from an earlier one names it (domain/cause.hpp) and carries on its
// correlation. Where that one is durable already, it is read on the core thread: one key of the index and one
// entry a command, after a fold that may read `load_inline_events_max` of them. An edit of a text never asks.
//
// Threads: one at a time, the core thread. The log may be appended to by the storage thread meanwhile.
class Sequencer {
public:
    struct Options {
        std::string source; // of every entry: "urn:mosty:<log id>"
        std::size_t stream_states_max = 20'000;
        std::size_t stream_states_bytes_max = 256 * 1024 * 1024;
        std::int64_t stream_states_idle_ms_max = 600'000; // a text that nobody writes leaves memory
        std::size_t load_inline_events_max = 64;          // longer histories are folded on a worker
        // Above some hundred entries a larger batch makes the log no faster, and folding one takes the core
        // thread longer than it may.
        std::size_t batch_entries_max = 128;
    };

    using Clock = std::function<std::int64_t()>; // UTC, milliseconds since 1970

    Sequencer(const storage::EventLog& log, Clock clock, Entropy entropy, Options options);

    void submit(Wish wish);

    // Who may be whose deputy by what the log says already. To be told before the first command.
    void know(person::Principals principals) { principals_ = std::move(principals); }

    // How many commands have been submitted and not yet answered.
    std::size_t waiting() const { return waiting_; }

    // Streams to fold on a worker; each is named once and must be brought back with loaded().
    std::vector<StreamId> take_loads();
    void loaded(const StreamId& stream, domain::State state);

    // What to prepare on a worker; each is to be brought back once with prepared().
    struct PreparationWanted {
        std::uint64_t id = 0;
        StreamId stream;
        text::Preparation preparation;
    };
    std::vector<PreparationWanted> take_preparations();
    void prepared(std::uint64_t id, text::Prepared result);

    // The next batch to append at expected_size(), or nothing: none is ready, or one is under way. The
    // batch stays valid until appended().
    const std::vector<storage::NewEntry>* begin_append();
    Size expected_size() const { return durable_size_; }

    // The batch under way is durable.
    Outcome appended();

    // Another writer came first: takes in its entries and decides everything undecided anew, in order.
    Result<Outcome, std::string> conflicted();

    // Answers that wait for no append: decided on durable state alone.
    std::vector<Answer> take_answers();

    // Set when the log could not be read: the process must stop.
    const std::optional<std::string>& fault() const { return fault_; }

private:
    struct Batch {
        std::vector<storage::NewEntry> entries;
        std::vector<Committed> committed;
        std::vector<Answer> answers;
        std::vector<TextState> texts;
        std::vector<Wish> wishes; // kept to be decided anew after a conflict
        std::unordered_map<std::string, std::pair<std::string, Done>> commands; // key → hash, answer
        std::size_t bytes = 0;
    };

    enum class Step { decided, parked, batch_full };

    // A command that waits for its preparation, and behind it those of the same person on the same text.
    struct Preparing {
        std::uint64_t id = 0;
        std::deque<Wish> wishes;
    };

    void pump();
    bool prepares(Wish& wish, const domain::State& own);
    Step decide_next(Wish& wish);
    bool names_another_revision(Wish& wish, const domain::State& own);
    Step decide_on(Wish& wish, const Context& context);
    bool follow_revision(codec::Envelope& envelope, Revision cause,
                         const std::vector<codec::Envelope>& of_command);
    bool is_surely_new(const Wish& wish);
    std::optional<Verdict> verdict_of_repetition(const Wish& wish);
    std::optional<StreamId> hold(const StreamId& stream);
    std::optional<Actor> actor_of(const Wish& wish, PartialDate today);
    void note_deputy(const StreamId& stream, const domain::Event& event);
    void answer(Wish& wish, Verdict verdict);
    void let_states_go();
    Size tentative_size() const { return durable_size_ + syncing_.entries.size() + open_.entries.size(); }

    const storage::EventLog& log_;
    const Clock clock_;
    const Entropy entropy_;
    const Options options_;
    const storage::Limits limits_;

    StateCache states_;
    person::Principals principals_;
    std::deque<Wish> queue_;
    std::unordered_map<StreamId, std::deque<Wish>> parked_;  // by the load they wait for
    std::unordered_map<StreamId, StreamId> waiting_streams_; // own stream of a parked command → load
    std::vector<StreamId> loads_;
    std::unordered_set<StreamId> stale_loads_; // changed by another writer while being folded

    std::unordered_map<std::string, Preparing> preparing_; // by stream and actor
    std::unordered_map<std::uint64_t, std::string> preparing_keys_;
    std::vector<PreparationWanted> preparations_;
    std::uint64_t next_preparation_ = 1;

    Batch open_;
    Batch syncing_;
    bool append_under_way_ = false;
    Size durable_size_ = 0;
    std::int64_t last_time_ms_ = 0;
    std::int64_t last_look_ms_ = 0; // when a command came last
    std::size_t waiting_ = 0;
    std::vector<Answer> ready_;
    std::optional<std::string> fault_;
};

} // namespace mosty::sequencing
