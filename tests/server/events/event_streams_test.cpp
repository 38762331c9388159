// Readers who take events as they come, without threads or sockets: the test is the worker and the reader.
#include "recorded_log.hpp"
#include "server/core/event_streams.hpp"

#include <catch2/catch.hpp>

#include <deque>

using namespace mosty;
using core::EventStreams;
using events::Form;
using test::RecordedLog;

namespace {

const ActorId ana{"u-ana"}, bo{"u-bo"};

struct House {
    explicit House(EventStreams::Limits limits = {.streams_max = 8, .readings_max = 8})
        : streams(limits, recorded.log.log_id(), 0) {}

    core::EventStreamId open(Form form, events::Filter filter = {}, const ActorId& reader = ana,
                             Position from = 0) {
        const Size size = recorded.log.size();
        auto events = events::Reader::open(recorded.log, recorded.log, size, filter);
        REQUIRE(events.has_value());
        core::EventsQuestion question;
        question.filter = std::move(filter);
        question.streamed = form;
        const access::SignIn sign_in{
            .actor = reader, .key = "s/" + reader.text(), .is_session = true, .life = life};
        return streams.open(sign_in, std::move(question), std::move(*events), {from, size});
    }

    // Something happens and is told to the streams.
    void confirm(std::string_view visit = "visit/v-1") {
        recorded.confirm(visit, "u-ana");
        streams.committed(recorded.log.size());
    }

    void pull(core::EventStreamId id) {
        streams.pull(id, [this](core::Piece piece) { pieces.push_back(std::move(piece)); });
    }

    // Does what is to be read; how many times.
    int work() {
        int readings = 0;
        for (auto wanted = streams.take_readings(); !wanted.empty(); wanted = streams.take_readings())
            for (const auto& reading : wanted) {
                ++readings;
                streams.read_done(reading.stream, core::read_events(reading, recorded.log.log_id()));
            }
        return readings;
    }

    // The next piece: "cursors of its events", "pulse N", "end code", "end", "cut", or "nothing yet".
    std::string next(core::EventStreamId id) {
        pull(id);
        work();
        return taken();
    }

    std::string taken() {
        if (pieces.empty())
            return "nothing yet";
        const core::Piece piece = std::move(pieces.front());
        pieces.pop_front();
        if (piece.then == core::Piece::Then::cut)
            return "cut";
        std::string said;
        for (std::size_t at = 0; (at = piece.bytes.find("id: ", at)) != std::string::npos; ++at)
            said += " " + piece.bytes.substr(at + 4 + 33, piece.bytes.find('\n', at) - at - 4 - 33);
        if (piece.bytes.starts_with(":") || piece.bytes.starts_with("retry"))
            said = "pulse" + said;
        if (piece.bytes.starts_with("{"))
            said += fmt::format("{} lines", std::ranges::count(piece.bytes, '\n'));
        if (const auto at = piece.bytes.find("\"code\":\""); at != std::string::npos)
            said += "because " + piece.bytes.substr(at + 8, piece.bytes.find('"', at + 8) - at - 8);
        return piece.then == core::Piece::Then::end ? "end " + said : said;
    }

    std::shared_ptr<access::Life> life = std::make_shared<access::Life>(1'000, 100, 0);
    RecordedLog recorded;
    EventStreams streams;
    std::deque<core::Piece> pieces;
};

} // namespace

TEST_CASE("server-sent events greet, tell what there is, and then what comes", "[events]") {
    House house;
    house.confirm();
    house.confirm();
    const auto id = house.open(Form::server_sent);
    CHECK(house.next(id) == "pulse 0");
    CHECK(house.next(id) == " 1 2");
    CHECK(house.next(id) == "nothing yet");
    house.confirm();
    CHECK(house.work() == 1);
    CHECK(house.taken() == " 3");
    // What comes while nobody asks is read when somebody does, in one piece.
    house.confirm();
    house.confirm();
    CHECK(house.work() == 0);
    CHECK(house.next(id) == " 4 5");
}

TEST_CASE("lines end where the log ended when they began", "[events]") {
    House house;
    house.confirm();
    house.confirm();
    const auto id = house.open(Form::lines);
    house.confirm();
    CHECK(house.next(id) == "2 lines");
    CHECK(house.next(id) == "end ");
    CHECK(house.streams.size() == 0);
    CHECK(house.next(id) == "cut");
}

TEST_CASE("a filter that fits nothing keeps its reader's cursor going", "[events]") {
    House house;
    const auto id = house.open(Form::server_sent, {.stream = "visit/v-2"});
    CHECK(house.next(id) == "pulse 0");
    CHECK(house.next(id) == "nothing yet");
    house.streams.tick(); // it was greeted since the beginning
    house.confirm();
    CHECK(house.work() == 1);
    CHECK(house.taken() == "nothing yet");
    house.streams.tick();
    CHECK(house.taken() == "pulse 1");
    CHECK(house.next(id) == "nothing yet");
    house.streams.tick();
    CHECK(house.taken() == "nothing yet"); // it has just been told
    house.streams.tick();
    CHECK(house.taken() == "pulse 1");
}

TEST_CASE("a search that goes on past a heartbeat says how far it has come", "[events]") {
    House house;
    house.confirm();
    const auto id = house.open(Form::server_sent, {.stream = "visit/v-2"});
    CHECK(house.next(id) == "pulse 0");
    house.pull(id);
    auto readings = house.streams.take_readings();
    REQUIRE(readings.size() == 1);
    house.streams.tick();
    house.streams.tick();
    CHECK(house.taken() == "nothing yet");
    house.streams.read_done(id, core::read_events(readings[0], house.recorded.log.log_id()));
    CHECK(house.taken() == "pulse 1");
}

TEST_CASE("a stream ends when its reader may read it no more, and nothing read meanwhile is given",
          "[events]") {
    House house;
    house.confirm();
    const auto waiting = house.open(Form::server_sent);
    const auto lines = house.open(Form::lines);
    const auto other = house.open(Form::server_sent, {}, bo);
    CHECK(house.next(waiting) == "pulse 0");
    CHECK(house.next(waiting) == " 1");
    CHECK(house.next(waiting) == "nothing yet");
    house.pull(lines);
    const auto readings = house.streams.take_readings(); // under way
    house.streams.end(
        [](const access::SignIn& reader, const core::EventsQuestion&) -> std::optional<realtime::Problem> {
            if (reader.actor == ana)
                return realtime::Problem{"may_not_read", "No more.", {}, {}};
            return std::nullopt;
        });
    CHECK(house.taken() == "end because may_not_read");
    CHECK(house.taken() == "nothing yet");
    house.streams.read_done(lines, core::read_events(readings[0], house.recorded.log.log_id()));
    CHECK(house.taken() == "cut");
    CHECK(house.streams.size() == 1);
    CHECK(house.next(other) == "pulse 0");
    CHECK(house.next(other) == " 1");
}

TEST_CASE("a reader that is writing what it got hears of the end when it asks next", "[events]") {
    House house;
    const auto id = house.open(Form::server_sent);
    CHECK(house.next(id) == "pulse 0");
    house.streams.end([](const access::SignIn&, const core::EventsQuestion&) {
        return std::optional(realtime::Problem{"may_not_read", "No more.", {}, {}});
    });
    house.confirm();
    CHECK(house.next(id) == "end because may_not_read");
    CHECK(house.streams.size() == 0);
}

TEST_CASE("a reader that hangs up is forgotten, whatever is under way", "[events]") {
    House house;
    house.confirm();
    const auto waiting = house.open(Form::server_sent), reading = house.open(Form::lines);
    CHECK(house.next(waiting) == "pulse 0");
    CHECK(house.next(waiting) == " 1");
    house.pull(waiting);
    house.streams.close(waiting);
    CHECK(house.taken() == "cut");
    house.pull(reading);
    const auto under_way = house.streams.take_readings();
    house.streams.close(reading);
    CHECK(house.taken() == "cut");
    house.streams.read_done(reading, core::read_events(under_way[0], house.recorded.log.log_id()));
    house.streams.close(reading);
    CHECK(house.taken() == "nothing yet");
    CHECK(house.streams.size() == 0);
}

TEST_CASE("only so much is read at once, and everybody gets a turn", "[events]") {
    House house({.streams_max = 80, .readings_max = 2});
    house.confirm();
    std::vector<core::EventStreamId> ids;
    for (int i = 0; i < 5; ++i) {
        ids.push_back(house.open(Form::lines));
        house.pull(ids.back());
    }
    const auto first = house.streams.take_readings();
    REQUIRE(first.size() == 2);
    CHECK(house.streams.take_readings().empty());
    house.streams.close(ids[2]); // before its turn
    CHECK(house.taken() == "cut");
    house.streams.close(ids[0]); // in the middle of it
    CHECK(house.taken() == "cut");
    for (const auto& reading : first)
        house.streams.read_done(reading.stream, core::read_events(reading, house.recorded.log.log_id()));
    CHECK(house.taken() == "1 lines");
    const auto second = house.streams.take_readings();
    REQUIRE(second.size() == 2);
    CHECK(second[0].stream == ids[3]);
    CHECK(second[1].stream == ids[4]);
}

TEST_CASE("there are only so many streams, and nobody takes them all", "[events]") {
    House house;
    house.open(Form::server_sent);
    CHECK(house.streams.has_room_for(ana));
    const auto second = house.open(Form::lines);
    CHECK_FALSE(house.streams.has_room_for(ana));
    CHECK(house.streams.has_room_for(bo));
    house.streams.close(second);
    CHECK(house.streams.has_room_for(ana));
    for (int i = 0; i < 7; ++i)
        house.open(Form::server_sent, {}, ActorId{fmt::format("u-{}", i)});
    CHECK_FALSE(house.streams.has_room_for(bo));
}

TEST_CASE("when the server stops, server-sent events end and lines are seen to be cut", "[events]") {
    House house;
    house.confirm();
    const auto sent = house.open(Form::server_sent), lines = house.open(Form::lines);
    CHECK(house.next(sent) == "pulse 0");
    CHECK(house.next(sent) == " 1");
    house.pull(sent);
    house.streams.stop();
    CHECK(house.taken() == "end ");
    CHECK(house.next(lines) == "cut");
    CHECK(house.streams.size() == 0);
}

TEST_CASE("a log that cannot be read ends the stream, and says so where it can be said", "[events]") {
    House house;
    house.confirm();
    const auto sent = house.open(Form::server_sent), lines = house.open(Form::lines);
    CHECK(house.next(sent) == "pulse 0");
    house.pull(sent);
    house.pull(lines);
    for (const auto& reading : house.streams.take_readings())
        house.streams.read_done(reading.stream, std::unexpected(std::string{"the disk is gone"}));
    CHECK(house.taken() == "end because unavailable");
    CHECK(house.taken() == "cut");
}

TEST_CASE("a line is the entry's bytes, and so is an event's data", "[events]") {
    House house;
    house.recorded.say("text/proposal/p-1/needs", "u-ana", "One.\nTwo\u2028\"three\".\r");
    house.streams.committed(1);
    const std::string bytes = house.recorded.log.read(0, 1)->front().bytes;
    const auto lines = house.open(Form::lines), sent = house.open(Form::server_sent);
    house.pull(lines);
    house.work();
    CHECK(house.pieces.front().bytes == bytes + "\n");
    house.pieces.clear();
    CHECK(house.next(sent) == "pulse 0");
    house.pull(sent);
    house.work();
    CHECK(house.pieces.front().bytes == "id: " + house.recorded.log.log_id() + ":1\ndata: " + bytes + "\n\n");
    CHECK(bytes.find_first_of("\n\r") == std::string::npos);
}

TEST_CASE("the streams know when the first of their sessions is over, as far as that goes on", "[events]") {
    House house;
    CHECK(house.streams.first_end_ms() == access::Life::without_end);
    house.open(Form::server_sent);
    CHECK(house.streams.first_end_ms() == 100);
    REQUIRE(house.life->use(50));
    CHECK(house.streams.first_end_ms() == 150);
    house.life = std::make_shared<access::Life>(120, 100, 50);
    const auto sooner = house.open(Form::lines, {}, bo);
    CHECK(house.streams.first_end_ms() == 120);
    house.streams.close(sooner);
    CHECK(house.streams.first_end_ms() == 150);
}
