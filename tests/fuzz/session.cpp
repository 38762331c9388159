#include "domain/base/result.hpp"
#include "domain/codec/index_keys.hpp"
#include "server/realtime/client_message.hpp"
#include "server/realtime/hub.hpp"
#include "server/sequencing/sequencer.hpp"
#include "server/sequencing/stream_loader.hpp"
#include "server/texts/history.hpp"
#include "tests/fuzz/begun_programme.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <array>
#include <limits>
#include <memory>
#include <string>

// What four people send over their connections, line by line, through sequencer, log, views and hub as
// server/core ties them together. Whatever they send, the house goes on, each command is answered once, and
// what they are told is JSON.
//
//   2 {"type":"follow","topic":"feed/all"}     connection 2 says this
//   d2                                         it has taken all that waited for it
//   c2                                         it hangs up and comes back
using namespace mosty;
using realtime::ConnectionId;

namespace {

constexpr std::size_t lines_max = 24;
constexpr std::size_t outbox_bytes_max = 20'000; // so that some are held back
constexpr std::array people{"officer-UA32140010000049369", "officer-HU_10719", "the-secretariat",
                            "the-expert"};

struct Begun {
    std::vector<storage::NewEntry> entries;
    storage::ViewBatch views;
    access::Directory directory;
};

const Begun& begun() {
    static const Begun all = [] {
        Begun made;
        const fuzz::FoldedProgramme folded(fuzz::begun_programme());
        for (const std::string& bytes : fuzz::begun_programme().entries())
            made.entries.push_back({bytes, codec::index_keys_of(bytes).value()});
        made.views = fuzz::contents(folded.views);
        made.directory = access::Directory::load(folded.log).value();
        return made;
    }();
    return all;
}

class House {
public:
    House() {
        MOSTY_PROMISE(log_.append(begun().entries, 0).has_value());
        MOSTY_PROMISE(views_.write(begun().views).has_value());
        projector_ = std::make_unique<projections::Projector>(views_);
        hub_ = std::make_unique<realtime::Hub>(
            *projector_, directory_, log_.log_id(),
            realtime::Hub::Limits{.subscriptions_max = 8, .outbox_bytes_max = outbox_bytes_max});
        sequencer_ = std::make_unique<sequencing::Sequencer>(
            log_, [this] { return now_ms_; }, counting_entropy(),
            sequencing::Sequencer::Options{.source = "urn:mosty:test", .batch_entries_max = 4});
        for (std::size_t i = 0; i < people.size(); ++i)
            open(i);
    }

    void open(std::size_t connection) {
        meters_[connection] = std::make_shared<realtime::OutboxMeter>();
        hub_->open(connection, ActorId(people[connection]), meters_[connection]);
    }

    void reopen(std::size_t connection) {
        hub_->close(connection);
        open(connection);
    }

    void drain(std::size_t connection) {
        meters_[connection]->bytes = 0;
        if (meters_[connection]->held_back.exchange(false))
            hub_->drained(connection);
    }

    void receive(std::size_t connection, std::string_view text) {
        static simdjson::dom::parser parser;
        for (auto& message : realtime::parse_client_messages(parser, text))
            std::visit([&](auto& one) { handle(connection, one); }, message);
    }

    // Does what is due, as core::Core::advance does; an append ends at the step after the one that began it.
    void step() {
        now_ms_ += 1'000;
        if (append_under_way_)
            finish_append();
        for (const StreamId& stream : sequencer_->take_loads()) {
            auto state = sequencing::load_stream(log_, stream, std::numeric_limits<std::size_t>::max());
            MOSTY_PROMISE(state && *state);
            sequencer_->loaded(stream, std::move(**state));
        }
        for (const auto& wanted : sequencer_->take_preparations()) {
            MOSTY_PROMISE(projector_->commit().has_value());
            auto result = texts::prepare(log_, *views_.snapshot(), wanted.stream, wanted.preparation);
            MOSTY_PROMISE(result.has_value());
            sequencer_->prepared(wanted.id, std::move(*result));
        }
        if (const auto* batch = sequencer_->begin_append()) {
            batch_ = *batch;
            append_under_way_ = true;
        }
        answer(sequencer_->take_answers());
        for (const auto& read : hub_->take_text_reads()) {
            MOSTY_PROMISE(projector_->commit().has_value());
            auto piece = texts::read_piece(log_, *views_.snapshot(), StreamId(read.topic), read.after);
            MOSTY_PROMISE(piece.has_value());
            hub_->text_piece(read, std::move(*piece));
        }
        hub_->tell_presences(Time(std::chrono::milliseconds(now_ms_)));
        for (const auto connection : hub_->take_unfinished())
            hub_->drained(connection);
        for (const auto& delivery : hub_->take_deliveries())
            MOSTY_PROMISE(fuzz::is_json("[" + *delivery.frame + "]"));
        MOSTY_PROMISE(!sequencer_->fault() && !hub_->fault());
    }

    void settle() {
        for (std::size_t steps = 0; sequencer_->waiting() > 0 || append_under_way_; ++steps) {
            MOSTY_PROMISE(steps < 1'000);
            step();
        }
        MOSTY_PROMISE(answered_ == sent_);
        MOSTY_PROMISE(projector_->size() == log_.size() && projector_->commit().has_value());
    }

private:
    using Time = realtime::Presences::Time;

    static sequencing::Entropy counting_entropy() {
        return [next = std::make_shared<std::uint64_t>(0)](std::span<std::byte> out) {
            ++*next;
            for (std::size_t i = 0; i < out.size(); ++i)
                out[i] = static_cast<std::byte>(*next >> (8 * (i % 8)));
        };
    }

    void handle(std::size_t connection, realtime::Follow& follow) { hub_->follow(connection, follow); }
    void handle(std::size_t connection, realtime::Unfollow& unfollow) {
        hub_->unfollow(connection, unfollow.topic);
    }
    void handle(std::size_t connection, realtime::Presence& presence) {
        hub_->present(connection, presence, Time(std::chrono::milliseconds(now_ms_)));
    }
    void handle(std::size_t connection, realtime::Ping& ping) {
        hub_->tell(connection, realtime::pong_frame(ping.n, projector_->size()));
    }
    void handle(std::size_t connection, realtime::BadMessage& bad) {
        hub_->tell(connection, bad.id.empty() ? realtime::error_frame(bad.topic, bad.problem)
                                              : realtime::refused_frame(bad.id, bad.problem));
    }
    void handle(std::size_t connection, realtime::SendCommand& command) {
        sequencer_->submit({.ticket = sent_++,
                            .actor = ActorId(people[connection]),
                            .as_service = false,
                            .id = std::move(command.id),
                            .stream = std::move(command.stream),
                            .command = std::move(command.command),
                            .expected_revision = command.expected_revision,
                            .hash = std::move(command.hash),
                            .at_ms = {}});
    }

    void finish_append() {
        append_under_way_ = false;
        MOSTY_PROMISE(log_.append(batch_, sequencer_->expected_size()).has_value());
        auto outcome = sequencer_->appended();
        const Size before = projector_->size();
        std::vector<projections::Change> changes;
        access::RightsChange rights;
        for (const auto& committed : outcome.entries) {
            projector_->fold(committed.position, committed.entry, changes);
            directory_.fold(committed.entry);
            rights.note(committed.entry);
        }
        if (rights.is_any())
            hub_->check_rights(rights);
        hub_->publish(changes, before);
        answer(std::move(outcome.answers));
    }

    void answer(std::vector<sequencing::Answer> answers) {
        for (const auto& one : answers) {
            ++answered_;
            const auto* done = std::get_if<sequencing::Done>(&one.verdict);
            hub_->tell(0, done ? realtime::done_frame(one.id, *done)
                               : realtime::refused_frame(one.id.text(), realtime::problem_of(one.verdict)));
        }
    }

    storage::MemoryEventLog log_;
    storage::MemoryViewStore views_;
    access::Directory directory_ = begun().directory;
    std::unique_ptr<projections::Projector> projector_;
    std::unique_ptr<realtime::Hub> hub_;
    std::unique_ptr<sequencing::Sequencer> sequencer_;
    std::array<std::shared_ptr<realtime::OutboxMeter>, people.size()> meters_;
    std::vector<storage::NewEntry> batch_;
    std::int64_t now_ms_ = 1'795'341'700'000;
    std::uint64_t sent_ = 0;
    std::uint64_t answered_ = 0;
    bool append_under_way_ = false;
};

// The connection that a digit names; nothing when it is none.
std::optional<std::size_t> connection_of(char digit) {
    const auto connection = static_cast<std::size_t>(digit - '0');
    return digit >= '0' && connection < people.size() ? std::optional(connection) : std::nullopt;
}

void play(House& house, std::string_view line) {
    if (line.size() < 2)
        return;
    if (line[0] == 'd' || line[0] == 'c') {
        if (const auto connection = connection_of(line[1]))
            line[0] == 'd' ? house.drain(*connection) : house.reopen(*connection);
    } else if (const auto connection = connection_of(line[0])) {
        house.receive(*connection, line.substr(2));
    }
    house.step();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    House house;
    std::string_view rest = fuzz::text_of(data, size);
    for (std::size_t lines = 0; !rest.empty() && lines < lines_max; ++lines)
        play(house, fuzz::take_line(rest));
    house.settle();
    return 0;
}
