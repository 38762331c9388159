#include "domain/cause.hpp"
#include "domain/codec/index_keys.hpp"
#include "server/sequencing/sequencer.hpp"
#include "server/sequencing/sha256.hpp"
#include "tests/domain/seed.hpp"
#include "tests/server/desk.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

using namespace mosty;
using namespace mosty::test;
using sequencing::Done;
using sequencing::Sequencer;
using sequencing::Wish;

namespace {

// A server so slow that it cannot be wrong: folds the log anew for every size and decides on that.
class Model {
public:
    explicit Model(const storage::LogReader& log) : log_(log) { states_.emplace_back(); }

    // What the command comes to when exactly the first `size` entries have happened.
    Result<domain::Events, std::string> decide(Size size, const Wish& wish, std::int64_t now_ms) {
        if (size > log_.size())
            return std::unexpected("the log is shorter than that");
        fold_up_to(size);
        Actor actor{wish.actor, {}, Role::service};
        if (!wish.as_service) {
            const auto person = state_of(size, StreamId{"person/" + wish.actor.text()});
            const auto& known = std::get<person::State>(person);
            if (!known.exists())
                return std::unexpected("unknown actor");
            actor = {wish.actor, known.profile.organisation, known.profile.role};
        }
        const domain::State own = state_of(size, wish.stream);
        const bool is_other_revision =
            wish.expected_revision && *wish.expected_revision != domain::revision_of(own);
        std::vector<domain::State> others;
        const auto streams = domain::reads(own, wish.stream, wish.command);
        others.reserve(streams.size());
        std::vector<Context::Other> named;
        for (const StreamId& stream : streams) {
            others.push_back(state_of(size, stream));
            named.push_back({stream, &others.back()});
        }
        const Context context{.now_ms = now_ms,
                              .today = {2026, 11, 22},
                              .actor = actor,
                              .others = named,
                              .sha256_hex = sequencing::sha256_hex};
        if (is_other_revision && domain::is_seen(own, context, wish.stream))
            return std::unexpected("refused revision_mismatch");
        auto events = domain::decide(own, context, wish.stream, wish.command);
        if (!events)
            return std::unexpected("refused " + std::string(to_string(events.error().code)));
        if (is_other_revision)
            return std::unexpected("refused revision_mismatch");
        return *events;
    }

    Revision revision(Size size, const StreamId& stream) {
        fold_up_to(size);
        return domain::revision_of(state_of(size, stream));
    }

private:
    using States = std::map<StreamId, domain::State>;

    domain::State state_of(Size size, const StreamId& stream) const {
        const auto found = states_[size].find(stream);
        return found == states_[size].end() ? domain::initial_state(stream) : found->second;
    }

    void fold_up_to(Size size) {
        while (states_.size() <= size) {
            const auto entry = codec::decode_entry(log_.read(states_.size() - 1, 1)->front().bytes);
            REQUIRE(entry.has_value());
            States next = states_.back();
            const StreamId& stream = entry->envelope.stream;
            auto& state = next.try_emplace(stream, domain::initial_state(stream)).first->second;
            domain::apply(state, entry->event, entry->envelope.recorded());
            states_.push_back(std::move(next));
        }
    }

    const storage::LogReader& log_;
    std::vector<States> states_; // after 0, 1, 2 … entries
};

// Drives a sequencer at random: commands, appends, folds that come back late, another writer, crashes.
class Life {
public:
    explicit Life(std::mt19937_64& random) : random_(random) {
        {
            Desk before(disk_);
            for (const auto id : {"UA1", "UA2", "HU1", "HU2"})
                for (int i = 0; i < (id == std::string_view{"HU2"} ? 9 : 1); ++i)
                    before.say(fmt::format("municipality/{}", id), "register_municipality",
                               town(id, 100 + i));
            before.say("person/u-ua", "register_person",
                       R"({"name":"Olha","organisation":"UA1","role":"officer","language":"uk"})");
            before.say("person/u-hu", "register_person",
                       R"({"name":"Bela","organisation":"HU1","role":"officer","language":"en"})");
            before.settle();
        }
        start();
    }

    void step() {
        const auto what = random_() % 100;
        if (what < 50)
            submit_any();
        else if (what < 65)
            begin();
        else if (what < 80)
            finish(true);
        else if (what < 90)
            bring_one_load();
        else if (what < 95)
            another_writes();
        else if (what < 97)
            crash();
        else
            clock_ms_ += static_cast<std::int64_t>(random_() % 5'000) - 2'000;
    }

    void settle() {
        for (int rounds = 0; sequencer_->waiting() > 0; ++rounds) {
            INFO(sequencer_->waiting() << " commands are never answered");
            REQUIRE(rounds < 10'000);
            bring_one_load();
            begin();
            finish(true);
        }
        REQUIRE_FALSE(sequencer_->fault().has_value());
        REQUIRE(open_.empty());
        std::int64_t last = 0;
        for (const auto& entry : *log_->read(0, 10'000)) {
            const auto envelope = codec::decode_envelope(entry.bytes);
            REQUIRE(envelope->time_ms >= last);
            last = envelope->time_ms;
        }
        REQUIRE(committed_ == sequencer_->expected_size());
        check_causes();
    }

    std::map<std::string, int> answers_seen;
    int causes_seen = 0;

private:
    // Whatever happened meanwhile, an entry names what the history of its stream says led to it.
    void check_causes() {
        std::map<StreamId, domain::State> states;
        std::map<std::pair<StreamId, Revision>, codec::Envelope> known;
        for (const auto& entry : *log_->read(0, 10'000)) {
            const auto decoded = codec::decode_entry(entry.bytes);
            const codec::Envelope& envelope = decoded->envelope;
            auto& state =
                states.try_emplace(envelope.stream, domain::initial_state(envelope.stream)).first->second;
            REQUIRE(envelope.command_index == 0); // each of these commands makes one event
            const auto cause = domain::cause_of(state, decoded->event, {});
            REQUIRE(cause.has_value() != envelope.cause.empty());
            if (cause) {
                const codec::Envelope& origin = known.at({envelope.stream, *cause});
                REQUIRE(envelope.cause == origin.id);
                REQUIRE(envelope.correlation == origin.correlation);
                ++causes_seen;
            } else {
                REQUIRE(envelope.correlation == envelope.command);
            }
            domain::apply(state, decoded->event, envelope.recorded());
            known.emplace(std::pair{envelope.stream, envelope.revision}, envelope);
        }
    }

    struct Open {
        Wish wish;
        Size submitted_at = 0; // how much was durable then
        bool is_repetition = false;
    };

    void start() {
        log_ = std::make_unique<storage::MemoryEventLog>(
            disk_, storage::Limits{.batch_entries_max = 8, .batch_bytes_max = 1u << 20});
        model_ = std::make_unique<Model>(*log_);
        sequencer_ = std::make_unique<Sequencer>(
            *log_, [this] { return clock_ms_; },
            [this](std::span<std::byte> out) {
                for (auto& byte : out)
                    byte = static_cast<std::byte>(random_());
            },
            Sequencer::Options{
                .source = "urn:mosty:test", .stream_states_max = 8, .load_inline_events_max = 4});
        committed_ = log_->size();
        newest_.clear();
    }

    Wish any_wish() {
        const auto number = random_() % 3;
        const std::string partnership = fmt::format("partnership/p-{}", number);
        const std::string proposal = fmt::format("proposal/p-{}_x", number);
        const std::string ua = any({"UA1", "UA2", "UA9"}), eu = any({"HU1", "HU2", "HU9"});
        const std::string actor = any({"service-test", "service-test", "u-ua", "u-hu", "u-new"});
        const std::string id = fmt::format("c-{:08}", ++last_id_);
        struct Choice {
            std::string stream, name, data;
        };
        const std::vector<Choice> choices{
            {"municipality/" + ua, "register_municipality", town(ua, static_cast<int>(random_() % 3))},
            {"municipality/" + eu, "register_municipality", town(eu, static_cast<int>(random_() % 3))},
            {"person/u-new", "register_person",
             R"({"name":"Nina","organisation":"HU2","role":"officer","language":"en"})"},
            {partnership, "propose_partnership", fmt::format(R"({{"ua":"{}","eu":"{}"}})", ua, eu)},
            {partnership, "accept_partnership", "{}"},
            {partnership, "accept_partnership", R"({"side":"eu"})"},
            {partnership, "accept_partnership", R"({"side":"ua"})"},
            {partnership, "withdraw_partnership", R"({"reason":"changed our mind"})"},
            {partnership, "end_partnership", R"({"on":"2026-11","reason":"all done"})"},
            {proposal, "draft_proposal",
             fmt::format(R"({{"partnership":"p-{}","title":"Water","lead":"ua"}})", number)},
            {proposal, "edit_proposal", fmt::format(R"({{"title":"Water {}"}})", random_() % 3)},
            {proposal, "add_partner", fmt::format(R"({{"municipality":"{}"}})", eu)},
            {proposal, "remove_partner", fmt::format(R"({{"municipality":"{}"}})", eu)},
        };
        const Choice& choice = choices[random_() % choices.size()];
        Wish wish = wish_of(choice.stream, choice.name, choice.data, id, actor);
        if (random_() % 6 == 0)
            wish.expected_revision = random_() % 4;
        return wish;
    }

    void submit_any() {
        Wish wish = any_wish();
        const auto how = random_() % 10;
        if (how < 2 && !sent_.empty())
            wish = sent_[random_() % sent_.size()]; // again
        else if (how == 2 && !sent_.empty())
            wish.id = sent_[random_() % sent_.size()].id; // the id of another
        submit(std::move(wish));
    }

    void submit(Wish wish) {
        wish.ticket = ++last_ticket_;
        const bool again = std::ranges::any_of(
            sent_, [&](const Wish& sent) { return sent.actor == wish.actor && sent.id == wish.id; });
        sent_.push_back(wish);
        open_.emplace(wish.ticket, Open{wish, sequencer_->expected_size(), again});
        sequencer_->submit(std::move(wish));
        check(sequencer_->take_answers());
    }

    void begin() {
        const auto* batch = sequencer_->begin_append();
        if (batch)
            batch_ = *batch;
        under_way_ = under_way_ || batch != nullptr;
        check(sequencer_->take_answers());
    }

    void finish(bool tell) {
        if (!under_way_)
            return;
        const auto result = log_->append(batch_, sequencer_->expected_size());
        under_way_ = false;
        if (!tell)
            return; // crashed before anybody knew
        auto outcome = result ? Result<sequencing::Outcome, std::string>{sequencer_->appended()}
                              : sequencer_->conflicted();
        REQUIRE(outcome.has_value());
        for (const auto& committed : outcome->entries) {
            REQUIRE(committed.position == committed_++);
            REQUIRE(codec::encode_entry(committed.entry.envelope, committed.entry.event) ==
                    log_->read(committed.position, 1)->front().bytes);
        }
        check(outcome->answers);
        check(sequencer_->take_answers());
    }

    void bring_one_load() {
        for (const StreamId& stream : sequencer_->take_loads())
            loads_.push_back({stream, fold(stream)}); // as of now, though it may come back later
        if (loads_.empty())
            return;
        const auto chosen = loads_.begin() + static_cast<std::ptrdiff_t>(random_() % loads_.size());
        auto [stream, state] = std::move(*chosen);
        loads_.erase(chosen);
        sequencer_->loaded(stream, std::move(state));
        check(sequencer_->take_answers());
    }

    domain::State fold(const StreamId& stream) { return **sequencing::load_stream(*log_, stream, 10'000); }

    void another_writes() {
        Desk other(disk_, {.source = "urn:mosty:another"});
        other.now_ms = clock_ms_;
        Wish wish = any_wish();
        if (random_() % 3 == 0 && !sent_.empty())
            wish = sent_[random_() % sent_.size()]; // a client that went to the other one with its retry
        sent_elsewhere_.insert(wish.id);
        other.submit(std::move(wish));
        other.settle();
    }

    // Nobody who waits is answered; all send the same again to whoever comes up next.
    void crash() {
        if (random_() % 2)
            finish(false);
        under_way_ = false;
        loads_.clear();
        auto unanswered = std::exchange(open_, {});
        start();
        for (auto& [ticket, open] : unanswered)
            submit(std::move(open.wish));
    }

    void check(const std::vector<sequencing::Answer>& answers) {
        for (const auto& answer : answers) {
            const auto found = open_.find(answer.ticket);
            REQUIRE(found != open_.end()); // answered once
            check(found->second, answer.verdict);
            open_.erase(found);
        }
    }

    void check(const Open& open, const sequencing::Verdict& verdict) {
        const std::string told = shown(verdict);
        INFO(open.wish.stream.text() << " " << domain::name_of(open.wish.command) << " by "
                                     << open.wish.actor.text() << ": " << told << ", sent at "
                                     << open.submitted_at << ", log " << log_->size());
        answers_seen[told.substr(0, told.find(' '))] += 1;
        const auto recorded = log_->find(codec::command_key(open.wish.actor, open.wish.id));
        if (const auto* done = std::get_if<Done>(&verdict); done && done->count > 0)
            return check_recorded(open, *done);
        if (std::holds_alternative<sequencing::CommandIdReused>(verdict)) {
            REQUIRE(recorded->has_value());
            REQUIRE(codec::decode_envelope(log_->read(**recorded, 1)->front().bytes)->command_hash !=
                    open.wish.hash);
            return;
        }
        // It must be the right answer for some moment between question and answer.
        for (Size size = open.submitted_at; size <= log_->size(); ++size) {
            const auto events = model_->decide(size, open.wish, clock_ms_);
            if (!events && events.error() == told)
                return;
            if (events && events->empty() &&
                told == fmt::format("nothing r{}", model_->revision(size, open.wish.stream)))
                return;
        }
        FAIL("no size of the log explains this answer");
    }

    void check_recorded(const Open& open, const Done& done) {
        REQUIRE(done.size == done.from + done.count);
        REQUIRE(done.size <= log_->size()); // durable
        Wish wish = open.wish;
        if (open.is_repetition)
            wish.expected_revision.reset(); // the first may have expected another
        const auto events = model_->decide(done.from, wish, clock_ms_);
        REQUIRE(events.has_value());
        REQUIRE(events->size() == done.count);
        for (std::size_t i = 0; i < done.count; ++i) {
            const auto bytes = log_->read(done.from + i, 1)->front().bytes;
            const auto entry = codec::decode_entry(bytes);
            REQUIRE(entry->envelope.command == open.wish.id);
            REQUIRE(entry->envelope.actor == open.wish.actor);
            REQUIRE(entry->envelope.command_hash == open.wish.hash);
            REQUIRE(codec::encode_entry(entry->envelope, (*events)[i]) == bytes);
        }
        REQUIRE(done.revision == model_->revision(done.size, open.wish.stream));
        if (open.is_repetition || sent_elsewhere_.contains(open.wish.id))
            return;
        // Commands to one stream take effect in the order in which they were sent.
        auto& newest = newest_[open.wish.stream];
        if (open.wish.ticket > newest.first) {
            REQUIRE(done.from >= newest.second);
            newest = {open.wish.ticket, done.from};
        } else {
            REQUIRE(done.from < newest.second);
        }
    }

    std::string any(std::vector<std::string> choices) { return choices[random_() % choices.size()]; }

    std::mt19937_64& random_;
    std::shared_ptr<storage::MemoryDisk> disk_ = std::make_shared<storage::MemoryDisk>();
    std::int64_t clock_ms_ = 1'795'341'600'000;
    std::unique_ptr<storage::MemoryEventLog> log_;
    std::unique_ptr<Model> model_;
    std::unique_ptr<Sequencer> sequencer_;
    std::vector<storage::NewEntry> batch_;
    bool under_way_ = false;
    std::vector<std::pair<StreamId, domain::State>> loads_;
    std::map<sequencing::Ticket, Open> open_;
    std::vector<Wish> sent_;
    std::set<CommandId> sent_elsewhere_;
    std::map<StreamId, std::pair<sequencing::Ticket, Position>> newest_;
    sequencing::Ticket last_ticket_ = 0;
    int last_id_ = 0;
    Size committed_ = 0;
};

} // namespace

TEST_CASE("whatever happens around it, the sequencer answers as a server would that folds the whole log "
          "for each command",
          "[sequencer][property]") {
    std::map<std::string, int> answers;
    int causes = 0;
    for_each_seed(std::getenv("MOSTY_LONG") ? 1'000 : 60, [&](std::mt19937_64& random) {
        Life life(random);
        for (int i = 0; i < 300; ++i)
            life.step();
        life.settle();
        for (const auto& [answer, count] : life.answers_seen)
            answers[answer] += count;
        causes += life.causes_seen;
    });
    if (std::getenv("MOSTY_SEED"))
        return;
    for (const auto kind : {"done", "nothing", "refused", "reused", "unknown"})
        REQUIRE(answers[kind] > 20);
    REQUIRE(causes > 20);
}
