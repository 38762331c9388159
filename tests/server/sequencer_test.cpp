#include "server/sequencing/sequencer.hpp"
#include "tests/server/desk.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>

using namespace mosty;
using namespace mosty::test;
using sequencing::Sequencer;
using sequencing::Ticket;
using sequencing::Wish;

namespace {

using Strings = std::vector<std::string>;

Wish register_town(std::string_view id, int population, std::string_view command_id) {
    return wish_of(fmt::format("municipality/{}", id), "register_municipality", town(id, population),
                   command_id);
}

// A desk whose log holds two towns, an active partnership between them, and an officer of each.
std::unique_ptr<Desk> desk_with_partnership(Sequencer::Options options = {.source = "urn:mosty:test"}) {
    auto desk = std::make_unique<Desk>(std::make_shared<storage::MemoryDisk>(), std::move(options));
    desk->say("municipality/UA1", "register_municipality", town("UA1", 1));
    desk->say("municipality/HU1", "register_municipality", town("HU1", 1));
    desk->say("person/u-ua", "register_person",
              R"({"name":"Olha","organisation":"UA1","role":"officer","language":"uk"})");
    desk->say("person/u-hu", "register_person",
              R"({"name":"Bela","organisation":"HU1","role":"officer","language":"en"})");
    desk->settle();
    desk->say("partnership/p-1", "propose_partnership", R"({"ua":"UA1","eu":"HU1","sectors":["youth"]})",
              "u-ua");
    const Ticket accepted = desk->say("partnership/p-1", "accept_partnership", "{}", "u-hu");
    desk->settle();
    REQUIRE(desk->answer(accepted) == "done 5+1 r2");
    return desk;
}

// Gives a town so many rows that its stream is too long to be folded in passing.
void give_long_history(Desk& desk, std::string_view id, int rows) {
    for (int i = 0; i < rows; ++i)
        desk.say(fmt::format("municipality/{}", id), "register_municipality", town(id, 1'000 + i));
    desk.settle();
}

// What the stream's entries say beside their data, in order.
std::vector<codec::Envelope> envelopes_of(const Desk& desk, std::string_view stream) {
    std::vector<codec::Envelope> envelopes;
    const auto entries = desk.log->read(0, 1'000);
    for (const auto& entry : *entries)
        if (auto envelope = codec::decode_envelope(entry.bytes); envelope->stream.text() == stream)
            envelopes.push_back(std::move(*envelope));
    return envelopes;
}

const Sequencer::Options impatient{
    .source = "urn:mosty:test", .stream_states_max = 20'000, .load_inline_events_max = 4};

} // namespace

TEST_CASE("a command is answered only when its events are durable", "[sequencer]") {
    Desk desk;
    const Ticket ticket = desk.submit(register_town("HU1", 1, "c-000001"));
    REQUIRE(desk.answer(ticket).empty());

    REQUIRE(desk.begin());
    REQUIRE(desk.answer(ticket).empty());

    desk.finish();
    REQUIRE(desk.answer(ticket) == "done 0+1 r1");
    REQUIRE(desk.written() == Strings{"municipality/HU1 municipality.registered"});
    REQUIRE(desk.sequencer->waiting() == 0);
}

TEST_CASE("a rejection that rests on tentative state waits until that is durable", "[sequencer]") {
    Desk desk;
    desk.submit(register_town("HU1", 1, "c-000001"));
    const Ticket refused = desk.say("municipality/HU1", "correct_municipality",
                                    R"({"corrects":"e-none","reason":"a slip","name":"x"})");
    REQUIRE(desk.answer(refused).empty());
    desk.begin();
    REQUIRE(desk.answer(refused).empty());
    desk.finish();
    REQUIRE(desk.answer(refused) == "refused unknown_event");
}

TEST_CASE("a rejection on durable state is answered at once", "[sequencer]") {
    Desk desk;
    const Ticket refused = desk.say("municipality/HU1", "correct_municipality",
                                    R"({"corrects":"e-none","reason":"a slip","name":"x"})");
    REQUIRE(desk.answer(refused) == "refused not_found");
    REQUIRE_FALSE(desk.begin());
}

TEST_CASE("a command that changes nothing waits like every other answer", "[sequencer]") {
    Desk desk;
    desk.submit(register_town("HU1", 1, "c-000001"));
    desk.begin();
    const Ticket again = desk.submit(register_town("HU1", 1, "c-000002"));
    REQUIRE(desk.answer(again).empty());
    desk.finish();
    REQUIRE(desk.answer(again) == "nothing r1");
    REQUIRE(desk.written().size() == 1);
}

TEST_CASE("a refused command leaves no trace", "[sequencer]") {
    const auto desk = desk_with_partnership();
    const auto before = desk->written();
    const Ticket refused =
        desk->say("partnership/p-1", "decline_partnership", R"({"reason":"too late"})", "u-hu");
    desk->settle();
    REQUIRE(desk->answer(refused) == "refused wrong_status");
    REQUIRE(desk->written() == before);
}

TEST_CASE("the next batch is decided while one is being written, and no further", "[sequencer]") {
    Desk desk;
    const Ticket first = desk.submit(register_town("HU1", 1, "c-000001"));
    REQUIRE(desk.begin());
    const Ticket second = desk.submit(register_town("HU1", 2, "c-000002"));
    const Ticket third = desk.submit(register_town("HU2", 1, "c-000003"));
    REQUIRE_FALSE(desk.begin());

    desk.finish();
    REQUIRE(desk.answer(first) == "done 0+1 r1");
    REQUIRE(desk.answer(second).empty());
    REQUIRE(desk.answer(third).empty());

    REQUIRE(desk.begin());
    desk.finish();
    REQUIRE(desk.answer(second) == "done 1+1 r2");
    REQUIRE(desk.answer(third) == "done 2+1 r1");
}

TEST_CASE("everything queued becomes one batch", "[sequencer]") {
    Desk desk;
    for (int i = 0; i < 100; ++i)
        desk.submit(register_town("HU1", i, fmt::format("c-{:06}", i)));
    REQUIRE(desk.begin());
    desk.finish();
    REQUIRE(desk.log->size() == 100);
    REQUIRE_FALSE(desk.begin());
}

TEST_CASE("a batch never holds more entries or bytes than the log takes, and what is left goes next",
          "[sequencer]") {
    const auto limits = GENERATE(storage::Limits{3, 1u << 20}, storage::Limits{100, 1'500});
    Desk desk(std::make_shared<storage::MemoryDisk>(), {.source = "urn:mosty:test"}, limits);
    std::vector<Ticket> tickets;
    for (int i = 0; i < 10; ++i)
        tickets.push_back(desk.submit(register_town("HU1", i, fmt::format("c-{:06}", i))));

    int batches = 0;
    for (; desk.begin(); ++batches)
        desk.finish(); // the log aborts on a batch over its limits
    REQUIRE(batches > 2);
    for (std::size_t i = 0; i < tickets.size(); ++i)
        REQUIRE(desk.answer(tickets[i]) == fmt::format("done {}+1 r{}", i, i + 1));
}

TEST_CASE("the same command again is answered with its original positions", "[sequencer]") {
    Desk desk;
    const auto wish = register_town("HU1", 1, "c-000001");
    const Ticket first = desk.submit(wish);

    SECTION("while it waits to be written") {}
    SECTION("while it is being written") {
        desk.begin();
    }
    SECTION("when it is durable") {
        desk.settle();
    }
    SECTION("when the stream has moved on") {
        desk.settle();
        desk.submit(register_town("HU1", 2, "c-000002"));
        desk.settle();
    }
    const Ticket again = desk.submit(wish);
    REQUIRE(desk.answer(again).empty() == desk.answer(first).empty());
    desk.settle();

    REQUIRE(desk.answer(first) == "done 0+1 r1");
    REQUIRE(desk.answer(again) == "done 0+1 r1");
    REQUIRE(std::ranges::count(desk.written(), "municipality/HU1 municipality.registered") == 1);
}

TEST_CASE("the same command after a restart is answered with its original positions", "[sequencer]") {
    const auto disk = std::make_shared<storage::MemoryDisk>();
    {
        Desk desk(disk);
        desk.submit(register_town("HU1", 1, "c-000001"));
        desk.submit(register_town("HU1", 2, "c-000002"));
        desk.settle();
    }
    Desk restarted(disk);
    const Ticket again = restarted.submit(register_town("HU1", 1, "c-000001"));
    REQUIRE(restarted.answer(again) == "done 0+1 r1");
    REQUIRE(restarted.written().size() == 2);
}

TEST_CASE("a command id used for something else is refused, whenever it was used", "[sequencer]") {
    Desk desk;
    desk.submit(register_town("HU1", 1, "c-000001"));
    SECTION("in the open batch") {}
    SECTION("in the batch being written") {
        desk.begin();
    }
    SECTION("in the log") {
        desk.settle();
    }
    const Ticket other = desk.submit(register_town("HU1", 2, "c-000001"));
    desk.settle();
    REQUIRE(desk.answer(other) == "reused");
    REQUIRE(desk.written().size() == 1);
}

TEST_CASE("two actors may use the same command id", "[sequencer]") {
    Desk desk;
    desk.submit(register_town("HU1", 1, "c-000001"));
    auto wish = register_town("HU1", 2, "c-000001");
    wish.actor = ActorId{"service-other"};
    const Ticket ticket = desk.submit(std::move(wish));
    desk.settle();
    REQUIRE(desk.answer(ticket) == "done 1+1 r2");
}

TEST_CASE("a refused command may be sent again and is decided anew", "[sequencer]") {
    Desk desk;
    auto wish = register_town("HU1", 2, "c-000002");
    wish.expected_revision = 1;
    const Ticket early = desk.submit(wish);
    REQUIRE(desk.answer(early) == "refused revision_mismatch");
    desk.submit(register_town("HU1", 1, "c-000001"));
    const Ticket again = desk.submit(wish);
    desk.settle();
    REQUIRE(desk.answer(again) == "done 1+1 r2");
}

TEST_CASE("an expected revision is compared with the tentative state", "[sequencer]") {
    Desk desk;
    desk.submit(register_town("HU1", 1, "c-000001"));
    auto right = register_town("HU1", 2, "c-000002");
    right.expected_revision = 1;
    auto wrong = register_town("HU1", 3, "c-000003");
    wrong.expected_revision = 1;
    const Ticket first = desk.submit(right);
    const Ticket second = desk.submit(wrong);
    desk.settle();
    REQUIRE(desk.answer(first) == "done 1+1 r2");
    REQUIRE(desk.answer(second) == "refused revision_mismatch");
}

TEST_CASE("nobody acts without being registered", "[sequencer]") {
    Desk desk;
    const Ticket ticket =
        desk.say("partnership/p-1", "propose_partnership", R"({"ua":"UA1","eu":"HU1"})", "u-nobody");
    REQUIRE(desk.answer(ticket) == "unknown actor");
}

TEST_CASE("an entry too long for the log is refused whole", "[sequencer]") {
    Desk desk;
    municipality::Row row;
    row.name = "Long";
    row.country = "HU";
    row.scheme = municipality::Scheme::gisco;
    row.code = MunicipalityId{"HU1"};
    auto wish = register_town("HU1", 1, "c-000001");

    row.source = std::string(65'000, 'x');
    wish.command = domain::Command{municipality::Command{municipality::Register{row}}};
    const Ticket fits = desk.submit(wish);
    row.source = std::string(65'535, 'x');
    wish.id = CommandId{"c-000002"};
    wish.command = domain::Command{municipality::Command{municipality::Register{row}}};
    const Ticket refused = desk.submit(wish);
    desk.settle();

    REQUIRE(desk.answer(fits) == "done 0+1 r1");
    REQUIRE(desk.answer(refused) == "refused too_long");
    REQUIRE(desk.written().size() == 1);
    // What was refused is not in the tentative state either.
    const Ticket next = desk.submit(register_town("HU1", 5, "c-000003"));
    desk.settle();
    REQUIRE(desk.answer(next) == "done 1+1 r2");
}

TEST_CASE("recorded time never goes backwards", "[sequencer]") {
    const auto disk = std::make_shared<storage::MemoryDisk>();
    Desk desk(disk);
    const std::int64_t noon = desk.now_ms;
    desk.submit(register_town("HU1", 1, "c-000001"));
    desk.now_ms = noon - 3'600'000;
    desk.submit(register_town("HU1", 2, "c-000002"));
    desk.settle();

    Desk restarted(disk);
    restarted.now_ms = noon - 7'200'000;
    restarted.submit(register_town("HU1", 3, "c-000003"));
    restarted.now_ms = noon + 1;
    restarted.submit(register_town("HU1", 4, "c-000004"));
    restarted.settle();

    std::vector<std::int64_t> times;
    const auto entries = restarted.log->read(0, 10);
    for (const auto& entry : *entries)
        times.push_back(codec::decode_envelope(entry.bytes)->time_ms - noon);
    REQUIRE(times == std::vector<std::int64_t>{0, 0, 0, 1});
}

TEST_CASE("an entry carries its command, its hash, its actor and its place in the stream", "[sequencer]") {
    const auto desk = desk_with_partnership();
    const auto entry = codec::decode_entry(desk->log->read(5, 1)->front().bytes);
    REQUIRE(entry.has_value());
    const codec::Envelope& envelope = entry->envelope;
    REQUIRE(envelope.type == "partnership.accepted");
    REQUIRE(envelope.stream.text() == "partnership/p-1");
    REQUIRE(envelope.revision == 2);
    REQUIRE(envelope.actor.text() == "u-hu");
    REQUIRE(envelope.command.text() == "c0-000006");
    REQUIRE(envelope.command_hash ==
            sequencing::hash_of(StreamId{"partnership/p-1"}, "accept_partnership", "{}"));
    REQUIRE(envelope.command_index == 0);
    REQUIRE(envelope.source == "urn:mosty:test");
    REQUIRE(envelope.id.text().starts_with("e-"));
    REQUIRE(envelope.id.text().size() == 28);
}

TEST_CASE("an event names the one it answers, whether that is decided, being written or durable",
          "[sequencer]") {
    const auto desk = desk_with_partnership();
    desk->say("partnership/p-2", "propose_partnership", R"({"ua":"UA1","eu":"HU1","sectors":["youth"]})",
              "u-ua");
    REQUIRE(desk->begin());
    desk->say("partnership/p-2", "accept_partnership", "{}", "u-hu");
    desk->say("partnership/p-2", "end_partnership", R"({"on":"2026-11-20","reason":"over"})", "u-hu");
    desk->finish();
    desk->settle();

    Desk restarted(desk->disk);
    restarted.say("partnership/p-2", "correct_partnership",
                  fmt::format(R"({{"corrects":"{}","reason":"a slip","on":"2026-11-19"}})",
                              desk->committed.back().entry.envelope.id.text()),
                  "u-hu");
    restarted.settle();

    const std::vector<codec::Envelope> told = envelopes_of(restarted, "partnership/p-2");
    REQUIRE(told.size() == 4);
    CHECK(told[0].cause.empty());
    CHECK(told[0].correlation == told[0].command);
    for (std::size_t i = 1; i < told.size(); ++i) {
        CHECK(told[i].cause == told[i - 1].id);
        CHECK(told[i].correlation == told[0].command);
    }
}

TEST_CASE("what several people say of a text names what it answers, and an edit nothing", "[sequencer]") {
    const auto desk = desk_with_partnership();
    desk->say("proposal/p-1_x1", "draft_proposal",
              R"({"partnership":"p-1","title":"Water","sectors":["youth"]})", "u-ua");
    const std::string needs = "text/proposal/p-1_x1/needs";
    desk->say(needs, "edit_text", R"({"client":"k-1","sequence":1,"base":0,"change":[{"insert":"Water"}]})",
              "u-ua");
    desk->say(needs, "comment_text",
              R"({"thread":"t-1","kind":"comment","base":1,"from":0,"to":5,"body":"Why?"})", "u-hu");
    desk->say(needs, "edit_text", R"({"client":"k-1","sequence":2,"base":1,"change":[{"insert":"Clean "}]})",
              "u-ua");
    desk->settle();

    Desk restarted(desk->disk);
    restarted.say(needs, "reply_in_text", R"({"thread":"t-1","body":"Look."})", "u-ua");
    restarted.say(needs, "resolve_thread", R"({"thread":"t-1"})", "u-hu");
    restarted.settle();

    const std::vector<codec::Envelope> told = envelopes_of(restarted, needs);
    REQUIRE(told.size() == 5);
    CHECK(told[0].cause.empty());
    CHECK(told[1].cause.empty());
    CHECK(told[2].cause.empty());
    CHECK(told[3].cause == told[1].id);
    CHECK(told[4].cause == told[1].id);
    CHECK(told[4].correlation == told[1].command);
}

TEST_CASE("an answer that was decided anew after a conflict names what the other writer recorded",
          "[sequencer]") {
    const auto desk = desk_with_partnership();
    const std::string visit =
        R"({"partnership":"p-1","title":"Pumps","host":"eu","kind":"meeting","from":"2026-11-20"})";
    desk->say("visit/p-1_v1", "plan_visit", visit, "u-ua");
    desk->settle();
    const Ticket held = desk->say("visit/p-1_v1", "hold_visit", R"({"from":"2026-11-20"})", "u-ua");
    REQUIRE(desk->begin());
    desk->write_as_another(wish_of("visit/p-1_v1", "postpone_visit",
                                   R"({"from":"2026-11-21","reason":"rain"})", "c-another", "u-hu"));
    desk->write_as_another(wish_of("visit/p-1_v1", "confirm_visit", "{}", "c-another-2", "u-ua"));
    desk->write_as_another(wish_of("visit/p-1_v1", "confirm_visit", "{}", "c-another-3", "u-hu"));
    desk->finish();
    desk->settle();
    REQUIRE(desk->answer(held).starts_with("done"));

    const std::vector<codec::Envelope> told = envelopes_of(*desk, "visit/p-1_v1");
    REQUIRE(told.size() == 5);
    REQUIRE(told[1].type == "visit.postponed");
    CHECK(told[4].type == "visit.held");
    CHECK(told[4].cause == told[1].id);
}

TEST_CASE("after a conflict the other writer's entries come first and all waiting commands are decided anew",
          "[sequencer]") {
    Desk desk;
    desk.submit(register_town("HU1", 1, "c-000001"));
    desk.settle();

    auto second = register_town("HU1", 2, "c-000002");
    second.expected_revision = 1;
    const Ticket overtaken = desk.submit(second);
    const Ticket still_good = desk.submit(register_town("HU2", 7, "c-000003"));
    REQUIRE(desk.begin());
    const Ticket after = desk.submit(register_town("HU1", 3, "c-000004"));
    desk.write_as_another(register_town("HU1", 9, "c-other1"));
    desk.write_as_another(register_town("UA1", 9, "c-other2"));
    desk.finish();

    REQUIRE(desk.committed.size() == 3);
    REQUIRE(desk.committed[1].entry.envelope.command.text() == "c-other1");
    REQUIRE(desk.answer(overtaken) == "refused revision_mismatch"); // rests on what is durable
    REQUIRE(desk.answer(still_good).empty());
    REQUIRE(desk.answer(after).empty());
    desk.settle();
    REQUIRE(desk.answer(still_good) == "done 3+1 r1");
    REQUIRE(desk.answer(after) == "done 4+1 r3");
    REQUIRE(desk.written() ==
            Strings{"municipality/HU1 municipality.registered", "municipality/HU1 municipality.updated",
                    "municipality/UA1 municipality.registered", "municipality/HU2 municipality.registered",
                    "municipality/HU1 municipality.updated"});
}

TEST_CASE("a repetition that waits behind a conflict still finds the first of its kind", "[sequencer]") {
    Desk desk;
    const auto wish = register_town("HU1", 1, "c-000001");
    const Ticket first = desk.submit(wish);
    desk.begin();
    const Ticket again = desk.submit(wish);
    desk.write_as_another(register_town("HU2", 9, "c-other1"));
    desk.finish();
    desk.settle();
    REQUIRE(desk.answer(first) == "done 1+1 r1");
    REQUIRE(desk.answer(again) == "done 1+1 r1");
}

TEST_CASE("a command that another writer has recorded meanwhile is not recorded twice", "[sequencer]") {
    Desk desk;
    const auto wish = register_town("HU1", 1, "c-000001");
    const Ticket ticket = desk.submit(wish);
    desk.begin();
    desk.write_as_another(wish);
    desk.finish();
    desk.settle();
    REQUIRE(desk.answer(ticket) == "done 0+1 r1");
    REQUIRE(desk.written().size() == 1);
}

TEST_CASE("when it is unknown whether a batch was written, a restart and a retry settle it", "[sequencer]") {
    using Fate = storage::MemoryEventLog::Fate;
    const auto fate = GENERATE(Fate::lost, Fate::written);
    const auto disk = std::make_shared<storage::MemoryDisk>();
    const auto wish = register_town("HU1", 1, "c-000001");
    {
        Desk desk(disk);
        desk.log->make_next_append_unknown(fate);
        const Ticket ticket = desk.submit(wish);
        const auto* batch = desk.sequencer->begin_append();
        REQUIRE(desk.log->append(*batch, 0).error() == storage::AppendError::unknown);
        REQUIRE(desk.answer(ticket).empty()); // the process stops without an answer
    }
    Desk restarted(disk);
    const Ticket again = restarted.submit(wish);
    restarted.settle();
    REQUIRE(restarted.answer(again) == "done 0+1 r1");
    REQUIRE(restarted.written().size() == 1);
}

TEST_CASE("a stream with a long history is folded aside while other streams pass", "[sequencer]") {
    const auto disk = std::make_shared<storage::MemoryDisk>();
    {
        Desk desk(disk);
        give_long_history(desk, "HU1", 10);
    }
    Desk desk(disk, impatient);
    const Ticket slow = desk.submit(register_town("HU1", 1, "c-slow01"));
    const Ticket slower = desk.submit(register_town("HU1", 2, "c-slow02"));
    const Ticket quick = desk.submit(register_town("HU2", 1, "c-quick1"));
    REQUIRE(desk.begin());
    desk.finish();
    REQUIRE(desk.answer(quick) == "done 10+1 r1");
    REQUIRE(desk.answer(slow).empty());
    REQUIRE(desk.sequencer->waiting() == 2);

    const auto loads = desk.sequencer->take_loads();
    REQUIRE(loads == std::vector{StreamId{"municipality/HU1"}});
    REQUIRE(desk.sequencer->take_loads().empty()); // named once
    auto state = sequencing::load_stream(*desk.log, loads.front(), 1'000);
    desk.sequencer->loaded(loads.front(), std::move(**state));
    desk.settle();
    REQUIRE(desk.answer(slow) == "done 11+1 r11");
    REQUIRE(desk.answer(slower) == "done 12+1 r12");
}

TEST_CASE("a command that reads a stream being folded waits, and so do later ones to its own stream",
          "[sequencer]") {
    const auto disk = std::make_shared<storage::MemoryDisk>();
    {
        Desk desk(disk);
        give_long_history(desk, "HU1", 10);
        give_long_history(desk, "UA1", 1);
    }
    Desk desk(disk, impatient);
    const Ticket proposed = desk.say("partnership/p-1", "propose_partnership", R"({"ua":"UA1","eu":"HU1"})");
    const Ticket accepted = desk.say("partnership/p-1", "accept_partnership", R"({"side":"ua"})");
    REQUIRE_FALSE(desk.begin());
    desk.settle();
    REQUIRE(desk.answer(proposed) == "done 11+1 r1");
    REQUIRE(desk.answer(accepted) == "done 12+1 r2");
}

TEST_CASE("commands to one stream keep their order, whoever sends them and whatever has to be folded",
          "[sequencer]") {
    // The first waits for the fold of a town, the second for that of its own actor, who comes sooner.
    const auto disk = std::make_shared<storage::MemoryDisk>();
    {
        Desk desk(disk);
        give_long_history(desk, "HU1", 10);
        desk.say("municipality/UA1", "register_municipality", town("UA1", 1));
        desk.say("person/u-hu", "register_person",
                 R"({"name":"Bela","organisation":"HU1","role":"officer","language":"en"})");
        desk.settle();
        const std::string registered =
            codec::decode_envelope(desk.log->read(11, 1)->front().bytes)->id.text();
        for (int i = 0; i < 10; ++i)
            desk.say("person/u-hu", "correct_person",
                     fmt::format(R"({{"corrects":"{}","reason":"a slip","name":"Bela {}"}})", registered, i));
        desk.settle();
    }
    Desk desk(disk, impatient);
    const Ticket proposed = desk.say("partnership/p-1", "propose_partnership", R"({"ua":"UA1","eu":"HU1"})");
    const Ticket accepted = desk.say("partnership/p-1", "accept_partnership", "{}", "u-hu");
    const Ticket declined =
        desk.say("partnership/p-1", "decline_partnership", R"({"reason":"after all"})", "u-hu");

    auto loads = desk.sequencer->take_loads();
    std::ranges::sort(loads, std::greater{}); // the person before the municipality
    for (const StreamId& stream : loads) {
        auto state = sequencing::load_stream(*desk.log, stream, 1'000);
        desk.sequencer->loaded(stream, std::move(**state));
    }
    desk.settle();
    REQUIRE(desk.answer(proposed) == "done 22+1 r1");
    REQUIRE(desk.answer(accepted) == "done 23+1 r2");
    REQUIRE(desk.answer(declined) == "refused already_done");
}

TEST_CASE("a conflict keeps the order between what was decided and what waits for a fold", "[sequencer]") {
    const auto disk = std::make_shared<storage::MemoryDisk>();
    {
        Desk desk(disk);
        give_long_history(desk, "HU2", 10);
        for (const auto id : {"UA1", "HU1"})
            desk.say(fmt::format("municipality/{}", id), "register_municipality", town(id, 1));
        desk.say("person/u-ua", "register_person",
                 R"({"name":"Olha","organisation":"UA1","role":"officer","language":"uk"})");
        desk.say("partnership/p-1", "propose_partnership", R"({"ua":"UA1","eu":"HU1"})", "u-ua");
        desk.say("partnership/p-1", "accept_partnership", R"({"side":"eu"})");
        desk.say("proposal/p-1_x1", "draft_proposal", R"({"partnership":"p-1","title":"one"})", "u-ua");
        desk.settle();
    }
    Desk desk(disk, impatient);
    const Ticket edited = desk.say("proposal/p-1_x1", "edit_proposal", R"({"title":"two"})");
    REQUIRE(desk.begin());
    // The partner's town has to be folded first.
    const Ticket added = desk.say("proposal/p-1_x1", "add_partner", R"({"municipality":"HU2"})", "u-ua");
    desk.write_as_another(register_town("HU3", 9, "c-other1"));
    desk.finish();
    desk.settle();
    REQUIRE(desk.answer(edited) == "done 17+1 r2");
    REQUIRE(desk.answer(added) == "done 18+1 r3");
}

TEST_CASE("a fold that another writer's entry has overtaken is done again", "[sequencer]") {
    const auto disk = std::make_shared<storage::MemoryDisk>();
    {
        Desk desk(disk);
        give_long_history(desk, "HU1", 10);
    }
    Desk desk(disk, impatient);
    const Ticket slow = desk.submit(register_town("HU1", 1, "c-slow01"));
    const auto loads = desk.sequencer->take_loads();
    auto stale = sequencing::load_stream(*desk.log, loads.front(), 1'000);

    desk.write_as_another(register_town("HU1", 77, "c-other1"));
    desk.submit(register_town("HU2", 1, "c-quick1"));
    desk.begin();
    desk.finish(); // the conflict, at which the other's entry is seen

    desk.sequencer->loaded(loads.front(), std::move(**stale));
    REQUIRE(desk.answer(slow).empty());
    desk.settle();
    REQUIRE(desk.answer(slow) == "done 12+1 r12");
}

TEST_CASE("a state with events that are not durable is never let go", "[sequencer]") {
    Desk desk(std::make_shared<storage::MemoryDisk>(),
              {.source = "urn:mosty:test", .stream_states_max = 1, .load_inline_events_max = 64});
    for (int round = 1; round <= 3; ++round) {
        std::vector<Ticket> tickets;
        for (int i = 0; i < 20; ++i)
            tickets.push_back(desk.say(fmt::format("municipality/HU{}", i), "register_municipality",
                                       town(fmt::format("HU{}", i), round)));
        desk.begin();
        // All twenty are being written; each is changed once more on top of that.
        for (int i = 0; i < 20; ++i)
            desk.say(fmt::format("municipality/HU{}", i), "register_municipality",
                     town(fmt::format("HU{}", i), 100 + round));
        desk.finish();
        desk.settle();
        for (const Ticket ticket : tickets)
            REQUIRE(desk.answer(ticket).ends_with(fmt::format(" r{}", 2 * round - 1)));
    }
}

TEST_CASE("refused commands leave no states behind, however many streams they name", "[sequencer]") {
    const auto disk = std::make_shared<storage::MemoryDisk>();
    {
        Desk desk(disk);
        give_long_history(desk, "HU1", 10);
    }
    Desk desk(disk, {.source = "urn:mosty:test", .stream_states_max = 2, .load_inline_events_max = 4});
    desk.submit(register_town("HU1", 1, "c-first1"));
    desk.settle();
    for (int i = 0; i < 10; ++i)
        REQUIRE(desk.answer(desk.say(fmt::format("visit/p-1_v{}", i), "confirm_visit", "{}")) ==
                "refused not_found");
    // The town's state has gone, and is folded again.
    desk.submit(register_town("HU1", 2, "c-second"));
    REQUIRE(desk.sequencer->take_loads() == std::vector{StreamId{"municipality/HU1"}});
}

TEST_CASE("a command whose streams do not fit into memory together is answered all the same", "[sequencer]") {
    const auto disk = std::make_shared<storage::MemoryDisk>();
    {
        Desk desk(disk);
        for (const auto id : {"UA1", "HU1"})
            give_long_history(desk, id, 10);
    }
    Desk desk(disk, {.source = "urn:mosty:test", .stream_states_max = 1, .load_inline_events_max = 4});
    const Ticket proposed = desk.say("partnership/p-1", "propose_partnership", R"({"ua":"UA1","eu":"HU1"})");
    for (int i = 0; i < 20 && desk.answer(proposed).empty(); ++i) {
        desk.load_all();
        if (desk.begin())
            desk.finish();
    }
    REQUIRE(desk.answer(proposed) == "done 20+1 r1");
}
