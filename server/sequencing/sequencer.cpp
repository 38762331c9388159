#include "server/sequencing/sequencer.hpp"

#include "domain/base/invariant.hpp"
#include "domain/cause.hpp"
#include "domain/codec/event_types.hpp"
#include "domain/codec/index_keys.hpp"
#include "domain/codec/sealed_form.hpp"
#include "server/sequencing/day.hpp"
#include "server/sequencing/origin.hpp"
#include "server/sequencing/sha256.hpp"
#include "server/sequencing/stream_loader.hpp"
#include "server/texts/history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace mosty::sequencing {
namespace {

storage::Limits limits_of(const storage::EventLog& log, const Sequencer::Options& options) {
    storage::Limits limits = log.limits();
    limits.batch_entries_max = std::min(limits.batch_entries_max, options.batch_entries_max);
    return limits;
}

// Whose turn it is among those who wait on one text.
std::string preparing_key(const Wish& wish) {
    return wish.stream.text() + ' ' + wish.actor.text();
}

constexpr Revision revisions_per_weighing = 64;

// The chain keeps the correlation with which it began.
void follow(codec::Envelope& envelope, const EventId& cause, const CommandId& correlation) {
    envelope.cause = cause;
    envelope.correlation = correlation;
}

} // namespace

Sequencer::Sequencer(const storage::EventLog& log, Clock clock, Entropy entropy, Options options)
    : log_(log), clock_(std::move(clock)), entropy_(std::move(entropy)), options_(std::move(options)),
      limits_(limits_of(log, options_)),
      states_(options_.stream_states_max, options_.stream_states_bytes_max), durable_size_(log.size()) {
    if (durable_size_ == 0)
        return;
    const auto last = log_.read(durable_size_ - 1, 1);
    const auto envelope =
        last && !last->empty()
            ? codec::decode_envelope(last->front().bytes)
            : Result<codec::Envelope, codec::DecodeError>{std::unexpected(codec::DecodeError{"absent"})};
    if (envelope)
        last_time_ms_ = envelope->time_ms;
    else
        fault_ = fmt::format("the last entry cannot be read: {}", envelope.error().what);
}

void Sequencer::submit(Wish wish) {
    last_look_ms_ = std::max(last_look_ms_, clock_());
    states_.set_time(last_look_ms_);
    ++waiting_;
    queue_.push_back(std::move(wish));
    pump();
}

void Sequencer::pump() {
    while (!queue_.empty() && !fault_) {
        const Step step = decide_next(queue_.front());
        if (step == Step::batch_full)
            return;
        queue_.pop_front();
        let_states_go();
    }
}

Sequencer::Step Sequencer::decide_next(Wish& wish) {
    const auto park_on = [&](const StreamId& load) {
        waiting_streams_.insert_or_assign(wish.stream, load);
        parked_[load].push_back(std::move(wish));
        return Step::parked;
    };

    if (!is_surely_new(wish))
        if (auto verdict = verdict_of_repetition(wish)) {
            answer(wish, std::move(*verdict));
            return Step::decided;
        }
    if (fault_)
        return Step::decided;

    // Behind earlier commands of the same person to the same text.
    if (const auto earlier = preparing_.empty() ? preparing_.end() : preparing_.find(preparing_key(wish));
        earlier != preparing_.end()) {
        earlier->second.wishes.push_back(std::move(wish));
        return Step::parked;
    }
    // Behind earlier commands to the same stream, whatever they wait for.
    if (const auto waits = waiting_streams_.find(wish.stream); waits != waiting_streams_.end())
        return park_on(StreamId{waits->second});
    if (!wish.as_service) {
        if (const auto load = hold(stream_of(wish.actor)))
            return park_on(*load);
        for (const ActorId& principal : principals_.of(wish.actor))
            if (const auto load = hold(stream_of(principal)))
                return park_on(*load);
    }
    if (const auto load = hold(wish.stream))
        return park_on(*load);
    if (fault_)
        return Step::decided;
    auto reads = domain::reads(*states_.find(wish.stream), wish.stream, wish.command);
    for (std::size_t i = 0; i < reads.size(); ++i) {
        if (const auto load = hold(reads[i]))
            return park_on(*load);
        if (fault_)
            return Step::decided;
        domain::read_on(reads, *states_.find(reads[i]), wish.command);
    }

    // The log's time never goes backwards, whatever the clock does.
    const std::int64_t now_ms = std::max(wish.at_ms.value_or(clock_()), last_time_ms_);
    const auto actor = actor_of(wish, day_of(now_ms));
    if (!actor) {
        answer(wish, UnknownActor{});
        return Step::decided;
    }

    std::vector<Context::Other> others;
    for (const StreamId& stream : reads)
        others.push_back({stream, states_.find(stream)});
    return decide_on(wish, {.now_ms = now_ms,
                            .today = day_of(now_ms),
                            .actor = *actor,
                            .others = others,
                            .sha256_hex = sha256_hex,
                            .prepared = wish.prepared.get()});
}

// Whether the command named another revision than the stream has; if so, it is answered.
bool Sequencer::names_another_revision(Wish& wish, const domain::State& own) {
    if (!wish.expected_revision)
        return false;
    auto refusal = domain::refuse_revision(*wish.expected_revision, domain::revision_of(own));
    if (!refusal)
        return false;
    answer(wish, std::move(*refusal));
    return true;
}

Sequencer::Step Sequencer::decide_on(Wish& wish, const Context& context) {
    const domain::State& own = *states_.find(wish.stream);
    // Of what the actor may not read nothing is told, not even its revision: decide() refuses it.
    if (domain::is_seen(own, context, wish.stream)) {
        if (names_another_revision(wish, own))
            return Step::decided;
        if (prepares(wish, own))
            return Step::parked;
    }
    auto decision = domain::decide(own, context, wish.stream, wish.command);
    if (!decision) {
        answer(wish, std::move(decision.error()));
        return Step::decided;
    }
    if (names_another_revision(wish, own))
        return Step::decided;

    const std::int64_t now_ms = context.now_ms;
    const Revision revision_before = domain::revision_of(own);
    std::vector<storage::NewEntry> entries;
    std::vector<codec::Envelope> envelopes;
    std::size_t bytes = 0;
    std::optional<Revision> cause_before;
    for (std::size_t i = 0; i < decision->size(); ++i) {
        codec::Envelope envelope{
            .id = EventId{random_id("e-", entropy_)},
            .type = std::string{domain::type_of((*decision)[i])},
            .stream = wish.stream,
            .revision = revision_before + i + 1,
            .time_ms = now_ms,
            .actor = wish.actor,
            .command = wish.id,
            .command_hash = wish.hash,
            .command_index = static_cast<int>(i),
            .correlation = wish.id,
            .cause = {},
            .source = options_.source,
            .schema_version = codec::newest_version((*decision)[i]),
        };
        const auto cause =
            domain::cause_of(own, (*decision)[i], i > 0 ? std::optional{revision_before + 1} : std::nullopt);
        if (cause && cause == cause_before)
            follow(envelope, envelopes.back().cause, envelopes.back().correlation);
        else if (cause && !follow_revision(envelope, *cause, envelopes))
            return Step::decided;
        cause_before = cause;
        storage::NewEntry entry{codec::encode_entry(envelope, (*decision)[i]), codec::index_keys(envelope)};
        const std::size_t stored_bytes =
            codec::is_sealed_type(envelope.type) ? codec::sealed_bytes(entry.bytes) : entry.bytes.size();
        if (stored_bytes > storage::entry_bytes_max) {
            answer(wish, Rejection{RejectionCode::too_long,
                                   "This is more than one entry can hold (65,535 bytes). Say it in parts.",
                                   {},
                                   {}});
            return Step::decided;
        }
        bytes += stored_bytes;
        entries.push_back(std::move(entry));
        envelopes.push_back(std::move(envelope));
    }
    if (entries.size() > limits_.batch_entries_max || bytes > limits_.batch_bytes_max) {
        answer(wish, Rejection{RejectionCode::too_long,
                               "This changes more than can be recorded at once. Do it in parts.",
                               {},
                               {}});
        return Step::decided;
    }
    if (open_.entries.size() + entries.size() > limits_.batch_entries_max ||
        open_.bytes + bytes > limits_.batch_bytes_max)
        return Step::batch_full;

    Done done{.from = tentative_size(),
              .count = static_cast<std::uint32_t>(entries.size()),
              .size = tentative_size() + entries.size(),
              .revision = revision_before + entries.size()};
    domain::State& state = *states_.find(wish.stream);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        domain::apply(state, (*decision)[i], envelopes[i].recorded());
        note_deputy(wish.stream, (*decision)[i]);
        const auto* text = std::get_if<text::State>(&state);
        if (text && text->revision % texts::revisions_per_state == 0)
            open_.texts.push_back({wish.stream, std::make_shared<const text::State>(*text)});
        open_.committed.push_back(
            {done.from + i, codec::DecodedEntry{std::move(envelopes[i]), std::move((*decision)[i])}});
        open_.entries.push_back(std::move(entries[i]));
    }
    open_.bytes += bytes;
    if (!entries.empty()) {
        last_time_ms_ = now_ms;
        states_.pin(wish.stream, done.size - 1);
        if (done.revision / revisions_per_weighing != revision_before / revisions_per_weighing)
            states_.weigh(wish.stream);
        open_.commands.emplace(codec::command_key(wish.actor, wish.id), std::pair{wish.hash, done});
    }
    answer(wish, done);
    return Step::decided;
}

// Has the event say from which one it follows, wherever that stands: in the same command, in a batch that is
// not durable yet, or in the log. False when the log could not be read.
bool Sequencer::follow_revision(codec::Envelope& envelope, Revision cause,
                                const std::vector<codec::Envelope>& of_command) {
    const auto is_cause = [&](const codec::Envelope& one) {
        return one.revision == cause && one.stream == envelope.stream;
    };
    if (const auto found = std::ranges::find_if(of_command, is_cause); found != of_command.end()) {
        follow(envelope, found->id, found->correlation);
        return true;
    }
    for (const Batch* batch : {&open_, &syncing_})
        for (const Committed& one : batch->committed)
            if (is_cause(one.entry.envelope)) {
                follow(envelope, one.entry.envelope.id, one.entry.envelope.correlation);
                return true;
            }
    const auto origin = read_origin(log_, envelope.stream, cause);
    if (!origin) {
        fault_ = origin.error();
        return false;
    }
    follow(envelope, origin->id, origin->correlation);
    return true;
}

// Whether the command must wait for what only the log knows.
bool Sequencer::prepares(Wish& wish, const domain::State& own) {
    auto wanted = domain::preparation_for(own, wish.command, wish.prepared.get());
    if (!wanted)
        return false;
    const std::uint64_t id = next_preparation_++;
    std::string key = preparing_key(wish);
    preparations_.push_back({id, wish.stream, std::move(*wanted)});
    preparing_keys_.emplace(id, key);
    Preparing preparing{id, {}};
    preparing.wishes.push_back(std::move(wish));
    preparing_.emplace(std::move(key), std::move(preparing));
    return true;
}

std::vector<Sequencer::PreparationWanted> Sequencer::take_preparations() {
    return std::exchange(preparations_, {});
}

void Sequencer::prepared(std::uint64_t id, text::Prepared result) {
    auto key = preparing_keys_.extract(id);
    if (key.empty())
        return; // a conflict had its command decided anew
    auto preparing = preparing_.extract(key.mapped());
    auto& wishes = preparing.mapped().wishes;
    wishes.front().prepared = std::make_shared<const text::Prepared>(std::move(result));
    queue_.insert(queue_.begin(), std::make_move_iterator(wishes.begin()),
                  std::make_move_iterator(wishes.end()));
    pump();
}

// Whether a look for an earlier answer is of no use: an edit whose number is the next that its writer may
// use.
bool Sequencer::is_surely_new(const Wish& wish) {
    const domain::State* held = states_.find(wish.stream);
    return held && domain::is_next(*held, wish.command);
}

// Whether the command was recorded before: its original positions, or that its id was used for another.
std::optional<Verdict> Sequencer::verdict_of_repetition(const Wish& wish) {
    const std::string key = codec::command_key(wish.actor, wish.id);
    for (const Batch* batch : {&open_, &syncing_})
        if (const auto found = batch->commands.find(key); found != batch->commands.end()) {
            const auto& [hash, done] = found->second;
            return hash == wish.hash ? Verdict{done} : Verdict{CommandIdReused{}};
        }

    const auto position = log_.find(key);
    if (!position) {
        fault_ = position.error().reason;
        return std::nullopt;
    }
    if (!*position)
        return std::nullopt;

    Done done{.from = **position};
    for (bool more = true; more;) {
        const auto entries = log_.read(done.from + done.count, 64);
        if (!entries) {
            fault_ = entries.error().reason;
            return std::nullopt;
        }
        more = entries->size() == 64;
        for (const auto& entry : *entries) {
            const auto envelope = codec::decode_envelope(entry.bytes);
            if (!envelope) {
                fault_ =
                    fmt::format("the entry at {} cannot be read: {}", entry.position, envelope.error().what);
                return std::nullopt;
            }
            if (envelope->actor != wish.actor || envelope->command != wish.id) {
                more = false;
                break;
            }
            if (envelope->command_hash != wish.hash)
                return CommandIdReused{};
            ++done.count;
            done.revision = envelope->revision;
        }
    }
    done.size = done.from + done.count;
    return done;
}

// Makes sure that the stream's state is held; otherwise names the load to wait for: the stream's own, or
// that of an earlier command to the stream, which must be decided first.
std::optional<StreamId> Sequencer::hold(const StreamId& stream) {
    if (const auto waits = waiting_streams_.find(stream); waits != waiting_streams_.end())
        return waits->second;
    if (states_.holds(stream))
        return std::nullopt;
    if (parked_.contains(stream))
        return stream;
    auto state = load_stream(log_, stream, options_.load_inline_events_max);
    if (!state) {
        fault_ = std::move(state.error());
        return std::nullopt;
    }
    if (!*state) {
        parked_.try_emplace(stream);
        loads_.push_back(stream);
        return stream;
    }
    states_.put(stream, std::move(**state));
    return std::nullopt;
}

std::optional<Actor> Sequencer::actor_of(const Wish& wish, PartialDate today) {
    if (wish.as_service)
        return Actor{wish.actor, {}, Role::service, wish.vouched};
    const auto person_of = [&](const ActorId& id) {
        return &std::get<person::State>(*states_.find(stream_of(id)));
    };
    const person::State& own = *person_of(wish.actor);
    if (!own.acts())
        return std::nullopt;
    std::vector<const person::State*> principals;
    for (const ActorId& principal : principals_.of(wish.actor))
        principals.push_back(person_of(principal));
    return Actor{wish.actor, own.profile.organisation,
                 person::acting_role(wish.actor, own, today, principals), wish.vouched};
}

void Sequencer::note_deputy(const StreamId& stream, const domain::Event& event) {
    if (const auto* one = std::get_if<person::Event>(&event))
        principals_.note(ActorId{std::string{domain::local_id(stream)}}, *one);
}

void Sequencer::answer(Wish& wish, Verdict verdict) {
    const bool rests_on_tentative = append_under_way_ || !open_.entries.empty();
    auto& answers = rests_on_tentative ? open_.answers : ready_;
    answers.push_back({wish.ticket, wish.id, std::move(verdict)});
    // Only what waits for durability can still be decided anew.
    if (rests_on_tentative)
        open_.wishes.push_back(std::move(wish));
}

// A command that waits for one more fold needs the states that it has: if each fold drove out the one before,
// it would wait for ever. So twice as many may be held meanwhile.
void Sequencer::let_states_go() {
    states_.trim(durable_size_, parked_.empty() ? 0 : options_.stream_states_max);
    if (parked_.empty() && last_look_ms_ - options_.stream_states_idle_ms_max > 0)
        states_.trim_idle(durable_size_, last_look_ms_ - options_.stream_states_idle_ms_max);
}

std::vector<StreamId> Sequencer::take_loads() {
    return std::exchange(loads_, {});
}

void Sequencer::loaded(const StreamId& stream, domain::State state) {
    const auto parked = parked_.find(stream);
    MOSTY_INVARIANT(parked != parked_.end(), "a load that was asked for comes back once");
    if (stale_loads_.erase(stream) != 0) {
        loads_.push_back(stream);
        return;
    }
    states_.put(stream, std::move(state));
    auto wishes = std::move(parked->second);
    parked_.erase(parked);
    std::erase_if(waiting_streams_, [&](const auto& waits) { return waits.second == stream; });
    // Those who waited go before those who came later.
    queue_.insert(queue_.begin(), std::make_move_iterator(wishes.begin()),
                  std::make_move_iterator(wishes.end()));
    pump();
}

const std::vector<storage::NewEntry>* Sequencer::begin_append() {
    if (append_under_way_ || open_.entries.empty())
        return nullptr;
    syncing_ = std::exchange(open_, {});
    append_under_way_ = true;
    pump();
    return &syncing_.entries;
}

Outcome Sequencer::appended() {
    MOSTY_INVARIANT(append_under_way_, "an append ends once");
    append_under_way_ = false;
    durable_size_ += syncing_.entries.size();
    Outcome outcome{std::move(syncing_.committed), std::move(syncing_.answers), std::move(syncing_.texts)};
    syncing_ = {};
    // What was decided meanwhile without writing rested on this batch alone.
    if (open_.entries.empty()) {
        std::ranges::move(open_.answers, std::back_inserter(outcome.answers));
        open_ = {};
    }
    let_states_go();
    waiting_ -= outcome.answers.size();
    pump();
    return outcome;
}

Result<Outcome, std::string> Sequencer::conflicted() {
    MOSTY_INVARIANT(append_under_way_, "an append ends once");
    append_under_way_ = false;

    std::vector<Wish> undecided = std::move(syncing_.wishes);
    std::ranges::move(open_.wishes, std::back_inserter(undecided));
    for (const Batch* batch : {&syncing_, &open_})
        for (const Committed& tentative : batch->committed)
            states_.drop(tentative.entry.envelope.stream);
    syncing_ = {};
    open_ = {};
    // What waits for a fold came later: it must not be decided first now.
    for (auto& [load, wishes] : parked_)
        std::ranges::move(std::exchange(wishes, {}), std::back_inserter(undecided));
    waiting_streams_.clear();
    for (auto& [key, preparing] : preparing_)
        std::ranges::move(preparing.wishes, std::back_inserter(undecided));
    preparing_.clear();
    preparing_keys_.clear();
    preparations_.clear();

    Outcome outcome;
    while (true) {
        auto entries = log_.read(durable_size_, 256);
        if (!entries)
            return std::unexpected(entries.error().reason);
        if (entries->empty())
            break;
        for (const auto& entry : *entries) {
            auto decoded = codec::decode_entry(entry.bytes);
            if (!decoded)
                return std::unexpected(
                    fmt::format("the entry at {} cannot be read: {}", entry.position, decoded.error().what));
            states_.drop(decoded->envelope.stream);
            if (parked_.contains(decoded->envelope.stream))
                stale_loads_.insert(decoded->envelope.stream);
            last_time_ms_ = std::max(last_time_ms_, decoded->envelope.time_ms);
            note_deputy(decoded->envelope.stream, decoded->event);
            outcome.entries.push_back({entry.position, std::move(*decoded)});
        }
        durable_size_ += entries->size();
    }

    queue_.insert(queue_.begin(), std::make_move_iterator(undecided.begin()),
                  std::make_move_iterator(undecided.end()));
    pump();
    return outcome;
}

std::vector<Answer> Sequencer::take_answers() {
    waiting_ -= ready_.size();
    return std::exchange(ready_, {});
}

} // namespace mosty::sequencing
