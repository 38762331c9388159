#include "server/realtime/hub.hpp"
#include "tests/server/texts/text_house.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <map>
#include <set>

using namespace mosty;
using namespace mosty::test;
using realtime::ConnectionId;
using realtime::Hub;
namespace json = boost::json;

namespace {

constexpr std::size_t outbox_bytes_max = 40'000;
const std::string log_id = "00000000000000000000000000000000";

// A hub over a text house, and clients that fold what they get of the text: nothing twice, nothing left out.
class Followers {
public:
    Followers() : hub(house.projector, directory, log_id, {.outbox_bytes_max = outbox_bytes_max}) {
        take_in();
    }

    void open(ConnectionId id, std::string_view actor) {
        meters_[id] = std::make_shared<realtime::OutboxMeter>();
        hub.open(id, ActorId{std::string(actor)}, meters_[id]);
    }

    void follow(ConnectionId id, std::optional<Revision> after = {}) {
        std::optional<realtime::Cursor> cursor;
        if (after)
            cursor = realtime::Cursor{log_id, realtime::view_format, *after};
        revisions_[id] = after.value_or(0);
        hub.follow(id, {house.text.text(), std::move(cursor), 100});
    }

    void write(int edits, std::string_view text = "ab") {
        for (int i = 0; i < edits; ++i)
            house.wrote("k-ua", "u-ua", written_++, fmt::format(R"([{{"insert":"{}"}}])", text));
        take_in();
    }

    // Folds what is durable, and tells the followers.
    void take_in() {
        house.settle();
        access::RightsChange rights;
        for (; seen_ < house.desk.committed.size(); ++seen_) {
            directory.fold(house.desk.committed[seen_].entry);
            rights.note(house.desk.committed[seen_].entry);
        }
        hub.check_rights(rights);
        hub.publish(std::exchange(house.changes, {}), 0);
    }

    // Answers the reads that the hub has asked for; how many there were.
    std::size_t read_pieces() {
        const auto reads = hub.take_text_reads();
        for (const auto& read : reads) {
            auto piece = texts::read_piece(*house.desk.log, *house.views.snapshot(), house.text, read.after);
            REQUIRE(piece.has_value());
            hub.text_piece(read, std::move(*piece));
        }
        return reads.size();
    }

    // Delivers what waits, and lets slow readers write everything out.
    void deliver(const std::set<ConnectionId>& stalled = {}) {
        for (auto& delivery : hub.take_deliveries())
            outboxes_[delivery.to].push_back(delivery.frame);
        for (auto& [id, frames] : outboxes_) {
            if (stalled.contains(id))
                continue;
            for (const auto& frame : std::exchange(frames, {})) {
                apply(id, json::parse("[" + *frame + "]").as_array());
                meters_[id]->bytes -= frame->size();
            }
            if (meters_[id]->held_back.exchange(false))
                hub.drained(id);
        }
    }

    // Goes on until everybody has everything.
    void settle() {
        for (;;) {
            deliver();
            if (read_pieces() == 0 && hub.take_deliveries().empty())
                return;
        }
    }

    Revision revision(ConnectionId id) { return revisions_[id]; }
    const std::vector<std::string>& types(ConnectionId id) { return types_[id]; }

    TextHouse house;
    access::Directory directory;
    Hub hub;

private:
    void apply(ConnectionId id, const json::array& frames) {
        for (const auto& frame : frames) {
            const std::string type{frame.at("type").as_string()};
            types_[id].push_back(type);
            if (type == "text")
                revisions_[id] = frame.at("revision").to_number<Revision>();
            if (type != "events")
                continue;
            for (const auto& event : frame.at("events").as_array()) {
                const auto revision = event.at("revision").to_number<Revision>();
                REQUIRE(revision == ++revisions_[id]); // nothing is left out, and nothing comes twice
            }
        }
    }

    std::map<ConnectionId, std::shared_ptr<realtime::OutboxMeter>> meters_;
    std::map<ConnectionId, std::vector<realtime::Frame>> outboxes_;
    std::map<ConnectionId, Revision> revisions_;
    std::map<ConnectionId, std::vector<std::string>> types_;
    std::size_t seen_ = 0;
    Revision written_ = 0;
};

using Types = std::vector<std::string>;

} // namespace

TEST_CASE("who follows a text gets it whole, and then its events as they come", "[texts][hub]") {
    Followers room;
    room.write(3);
    room.open(1, "u-hu");
    room.follow(1);
    room.settle();
    REQUIRE(room.types(1) == Types{"welcome", "text", "current"});
    REQUIRE(room.revision(1) == 3);
    room.write(2);
    room.settle();
    REQUIRE(room.revision(1) == 5);
    REQUIRE(room.types(1).back() == "events");
}

TEST_CASE("what is published while a follower's text is being read is not left out", "[texts][hub]") {
    Followers room;
    room.write(3);
    room.open(1, "u-hu");
    room.follow(1, 1);
    const auto reads = room.hub.take_text_reads();
    REQUIRE(reads.size() == 1);
    auto piece = texts::read_piece(*room.house.desk.log, *room.house.views.snapshot(), room.house.text, 1);
    room.write(2);
    room.hub.text_piece(reads[0], std::move(*piece));
    room.deliver();
    REQUIRE(room.types(1).back() == "events"); // not current yet
    room.settle();
    REQUIRE(room.types(1).back() == "current");
}

TEST_CASE("what a read brought before it was published does not come a second time", "[texts][hub]") {
    Followers room;
    room.write(3);
    room.open(1, "u-hu");
    room.follow(1);
    room.settle();
    room.hub.unfollow(1, room.house.text.text());
    room.follow(1, 3);
    const auto reads = room.hub.take_text_reads();
    room.house.wrote("k-ua", "u-ua", 3, R"([{"insert":"c"}])");
    room.house.wrote("k-ua", "u-ua", 4, R"([{"insert":"d"}])");
    room.hub.text_piece(
        reads[0], *texts::read_piece(*room.house.desk.log, *room.house.views.snapshot(), room.house.text, 3));
    room.deliver();
    REQUIRE(room.revision(1) == 5);
    room.take_in(); // told only now
    room.settle();
    REQUIRE(room.revision(1) == 5);
    room.house.wrote("k-ua", "u-ua", 5, R"([{"insert":"e"}])");
    room.take_in();
    room.settle();
    REQUIRE(room.revision(1) == 6);
}

TEST_CASE("the answer to a read that nobody waits for any more is dropped", "[texts][hub]") {
    Followers room;
    room.write(3);
    room.open(1, "u-hu");
    room.follow(1);
    const auto reads = room.hub.take_text_reads();
    room.hub.unfollow(1, room.house.text.text());
    room.hub.text_piece(reads[0], {"{\"type\":\"text\"}", 3, true, false});
    room.deliver();
    REQUIRE(room.types(1) == Types{"welcome"});
}

TEST_CASE("a reader of a text who is too slow is told to resync and goes on where it stood", "[texts][hub]") {
    Followers room;
    room.write(1);
    room.open(1, "u-hu");
    room.open(2, "u-ua");
    room.follow(1);
    room.follow(2);
    room.settle();
    for (int i = 0; i < 60; ++i) {
        room.write(1, std::string(1'000, 'x'));
        room.deliver({1});
    }
    REQUIRE(room.revision(2) == 61);
    REQUIRE(room.revision(1) == 1);
    room.settle();
    REQUIRE(room.revision(1) == 61);
    REQUIRE(std::ranges::count(room.types(1), "resync") == 1);
    REQUIRE(room.types(1).back() == "current");
    room.write(1);
    room.settle();
    REQUIRE(room.revision(1) == 62);
}

TEST_CASE("the next who comes is given the text that was read last, and what came since", "[texts][hub]") {
    Followers room;
    room.write(3);
    room.open(1, "u-hu");
    room.follow(1);
    room.settle();
    room.write(2);
    room.open(2, "u-ua");
    room.follow(2);
    const auto reads = room.hub.take_text_reads();
    REQUIRE(reads.size() == 1);
    REQUIRE(reads[0].after == Revision{3});
    room.hub.text_piece(reads[0], *texts::read_piece(*room.house.desk.log, *room.house.views.snapshot(),
                                                     room.house.text, reads[0].after));
    room.settle();
    REQUIRE(room.types(2) == Types{"welcome", "text", "events", "current"});
    REQUIRE(room.revision(2) == 5);
}

TEST_CASE("places are told to those who have the text, and to nobody who has not", "[texts][hub]") {
    Followers room;
    room.write(1);
    for (const auto& [id, actor] : {std::pair{1, "u-hu"}, std::pair{2, "u-ua"}, std::pair{3, "u-ua"}})
        room.open(static_cast<ConnectionId>(id), actor);
    room.follow(1);
    room.follow(2);
    room.settle();
    const realtime::Presences::Time now{};
    const std::string topic = room.house.text.text();
    room.hub.present(1, {topic, 1, text::Range{1, 2}}, now);
    room.hub.present(3, {topic, 1, text::Range{1, 2}}, now);
    room.hub.tell_presences(now);
    room.settle();
    REQUIRE(room.types(2).back() == "presence");
    REQUIRE(room.types(3).back() == "error");
    room.hub.close(1);
    room.hub.tell_presences(now);
    room.settle();
    REQUIRE(std::ranges::count(room.types(2), "presence") == 2);
    REQUIRE_FALSE(room.hub.has_presences());
}

TEST_CASE("when a town is no partner any more its people lose the texts at once, and their places go",
          "[texts][hub]") {
    Followers room;
    Desk& desk = room.house.desk;
    desk.say("municipality/LT1", "register_municipality",
             R"({"name":"LT1","country":"LT","scheme":"gisco","code":"LT1","source":"register"})");
    desk.say("person/u-lt", "register_person",
             R"({"name":"N","organisation":"LT1","role":"officer","language":"en"})");
    desk.say("proposal/p-1_x1", "add_partner", R"({"municipality":"LT1"})", "u-ua");
    room.write(2);
    room.open(1, "u-lt");
    room.open(2, "u-hu");
    room.open(3, "u-lt");
    for (const ConnectionId id : {1, 2})
        room.follow(id);
    room.hub.follow(1, {"proposal/p-1_x1", {}, 100});
    room.hub.follow(1, {"partnership/p-1", {}, 100});
    room.settle();
    const realtime::Presences::Time now{};
    room.hub.present(1, {room.house.text.text(), 2, text::Range{1, 2}}, now);
    room.hub.tell_presences(now);
    room.settle();
    REQUIRE(room.types(2).back() == "presence");
    const std::size_t told = room.types(1).size();

    room.follow(3); // whose text is read, but not yet brought
    const auto reads = room.hub.take_text_reads();
    REQUIRE(reads.size() == 1);
    desk.say("proposal/p-1_x1", "remove_partner", R"({"municipality":"LT1"})", "u-ua");
    room.write(1);
    room.hub.text_piece(reads[0], *texts::read_piece(*desk.log, *room.house.views.snapshot(), room.house.text,
                                                     reads[0].after));
    room.hub.tell_presences(now);
    room.settle();
    room.write(1);
    room.hub.present(1, {room.house.text.text(), 4, text::Range{1, 2}}, now);
    room.hub.tell_presences(now);
    room.settle();

    // The errors of the text and of the proposal, and one for the place that is none any more.
    REQUIRE(Types(room.types(1).begin() + static_cast<std::ptrdiff_t>(told), room.types(1).end()) ==
            Types{"error", "error", "error"});
    CHECK(room.types(3).back() == "error");
    CHECK(std::ranges::count(room.types(3), "events") == 0);
    CHECK(room.revision(2) == 4);
    CHECK(std::ranges::count(room.types(2), "presence") == 2); // came, and went
    CHECK(room.hub.subscriptions() == 2);                      // the other's text, and the partnership
}
