#include "tests/server/desk.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <limits>
#include <utility>

namespace mosty::test {

using namespace sequencing;

Wish wish_of(std::string_view stream, std::string_view name, std::string_view data, std::string_view id,
             std::string_view actor) {
    simdjson::dom::parser parser;
    auto command = codec::parse_command(name, parser.parse(data.data(), data.size()).value());
    INFO(name << " " << data);
    REQUIRE(command.has_value());
    const StreamId stream_id{std::string{stream}};
    return {.ticket = 0,
            .actor = ActorId{std::string{actor}},
            .as_service = actor.starts_with("service-"),
            .id = CommandId{std::string{id}},
            .stream = stream_id,
            .command = std::move(*command),
            .expected_revision = {},
            .hash = hash_of(stream_id, name, data),
            .at_ms = {}};
}

std::string town(std::string_view id, int population) {
    const bool ukrainian = id.starts_with("UA");
    return fmt::format(
        R"({{"name":"{}","country":"{}","scheme":"{}","code":"{}","population":{},"source":"a test"}})", id,
        ukrainian ? "UA" : "HU", ukrainian ? "katottg" : "gisco", id, population);
}

std::string shown(const Verdict& verdict) {
    return std::visit(
        Overloaded{
            [](const Done& done) {
                return done.count == 0 ? fmt::format("nothing r{}", done.revision)
                                       : fmt::format("done {}+{} r{}", done.from, done.count, done.revision);
            },
            [](const Rejection& rejection) { return "refused " + std::string(to_string(rejection.code)); },
            [](CommandIdReused) { return std::string{"reused"}; },
            [](UnknownActor) { return std::string{"unknown actor"}; },
            [](Unavailable) { return std::string{"unavailable"}; },
        },
        verdict);
}

namespace {

Entropy counting_entropy() {
    return [next = std::make_shared<std::uint64_t>(0)](std::span<std::byte> out) {
        ++*next;
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = static_cast<std::byte>(*next >> (8 * (i % 8)));
    };
}

} // namespace

Desk::Desk(std::shared_ptr<storage::MemoryDisk> the_disk, Sequencer::Options options, storage::Limits limits)
    : disk(std::move(the_disk)), log(std::make_unique<storage::MemoryEventLog>(disk, limits)),
      sequencer(std::make_unique<Sequencer>(
          *log, [this] { return now_ms; }, counting_entropy(), std::move(options))),
      first_(log->size()) {}

Ticket Desk::submit(Wish wish) {
    wish.ticket = ++last_ticket_;
    sequencer->submit(std::move(wish));
    keep(sequencer->take_answers());
    return last_ticket_;
}

Ticket Desk::say(std::string_view stream, std::string_view name, std::string_view data,
                 std::string_view actor) {
    return submit(wish_of(stream, name, data, fmt::format("c{}-{:06}", first_, last_ticket_ + 1), actor));
}

bool Desk::begin() {
    const auto* batch = sequencer->begin_append();
    if (!batch)
        return false;
    batch_ = *batch;
    under_way_ = true;
    keep(sequencer->take_answers());
    return true;
}

void Desk::finish() {
    under_way_ = false;
    const auto result = log->append(batch_, sequencer->expected_size());
    if (result) {
        take_in(sequencer->appended());
    } else {
        REQUIRE(result.error() == storage::AppendError::conflict);
        auto outcome = sequencer->conflicted();
        REQUIRE(outcome.has_value());
        take_in(std::move(*outcome));
    }
}

void Desk::load_all() {
    for (const StreamId& stream : sequencer->take_loads()) {
        auto state = load_stream(*log, stream, std::numeric_limits<std::size_t>::max());
        REQUIRE(state.has_value());
        sequencer->loaded(stream, std::move(**state));
    }
    keep(sequencer->take_answers());
}

void Desk::settle() {
    while (sequencer->waiting() > 0) {
        keep(sequencer->take_answers());
        load_all();
        if (under_way_ || begin())
            finish();
    }
    REQUIRE_FALSE(sequencer->fault().has_value());
}

std::string Desk::answer(Ticket ticket) {
    keep(sequencer->take_answers());
    const auto found = answers_.find(ticket);
    return found == answers_.end() ? std::string{} : found->second;
}

void Desk::write_as_another(Wish wish) {
    Desk other(disk, {.source = "urn:mosty:another"});
    other.now_ms = now_ms;
    other.submit(std::move(wish));
    other.settle();
}

std::vector<std::string> Desk::written() const {
    std::vector<std::string> lines;
    const auto entries = log->read(0, std::numeric_limits<std::size_t>::max());
    for (const auto& entry : *entries) {
        const auto envelope = codec::decode_envelope(entry.bytes);
        REQUIRE(envelope.has_value());
        lines.push_back(envelope->stream.text() + " " + envelope->type);
    }
    return lines;
}

void Desk::keep(const std::vector<Answer>& answers) {
    for (const Answer& answer : answers) {
        INFO("ticket " << answer.ticket << " is answered once");
        REQUIRE(answers_.emplace(answer.ticket, shown(answer.verdict)).second);
    }
}

void Desk::take_in(Outcome outcome) {
    for (auto& entry : outcome.entries) {
        REQUIRE(entry.position == first_ + committed.size());
        REQUIRE(entry.position < log->size());
        committed.push_back(std::move(entry));
    }
    std::ranges::move(outcome.texts, std::back_inserter(texts));
    keep(outcome.answers);
    keep(sequencer->take_answers());
}

} // namespace mosty::test
