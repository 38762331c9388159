#include "server/realtime/hub.hpp"
#include "storage/memory/memory_view_store.hpp"
#include "tests/domain/seed.hpp"
#include "tests/server/desk.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <map>
#include <optional>

namespace json = boost::json;
using namespace mosty;
using namespace mosty::test;
using realtime::ConnectionId;
using realtime::Cursor;
using realtime::Follow;
using realtime::Hub;
using realtime::OutboxMeter;

namespace {

// A server without threads and sockets: commands go in at one end, frames come out at the other.
class House {
public:
    explicit House(Hub::Limits limits = {}) : hub(projector, directory, log_id, limits) {
        for (const auto id : {"UA1", "UA2", "HU1", "HU2"})
            desk.say(fmt::format("municipality/{}", id), "register_municipality", town(id, 1));
        person("u-ua", "UA1", "officer");
        person("u-hu", "HU1", "officer");
        person("u-other", "UA2", "officer");
        person("u-all", "cemr", "secretariat");
        publish();
    }

    void person(std::string_view id, std::string_view organisation, std::string_view role) {
        desk.say(fmt::format("person/{}", id), "register_person",
                 fmt::format(R"({{"name":"{}","organisation":"{}","role":"{}","language":"en"}})", id,
                             organisation, role));
    }

    // Sends a command, which must be done, and tells the followers.
    void give(std::string_view stream, std::string_view name, std::string_view data,
              std::string_view actor = "service-test") {
        const auto ticket = desk.say(stream, name, data, actor);
        publish();
        INFO(stream << " " << name << " " << data << ": " << desk.answer(ticket));
        REQUIRE(desk.answer(ticket).starts_with("done"));
    }

    void publish() {
        desk.settle();
        const Size before = projector.size();
        changes.clear();
        access::RightsChange rights;
        for (; projector.size() < desk.log->size();) {
            const auto& committed = desk.committed[projector.size()];
            projector.fold(committed.position, committed.entry, changes);
            directory.fold(committed.entry);
            rights.note(committed.entry);
        }
        REQUIRE(projector.commit().has_value());
        hub.check_rights(rights);
        hub.publish(changes, before);
        REQUIRE_FALSE(hub.fault().has_value());
    }

    void partnership(std::string_view id) {
        const auto stream = fmt::format("partnership/{}", id);
        give(stream, "propose_partnership", R"({"ua":"UA1","eu":"HU1"})");
        for (const auto side : {"ua", "eu"})
            give(stream, "accept_partnership", fmt::format(R"({{"side":"{}"}})", side));
    }

    const std::string log_id = "00000000000000000000000000000000";
    Desk desk;
    storage::MemoryViewStore store;
    projections::Projector projector{store};
    access::Directory directory;
    std::vector<projections::Change> changes;
    Hub hub;
};

// What frames say, shortly: "snapshot towns@8", "patch visit/p-1_v1@12", "error may_not_read".
std::string shown(const json::object& frame) {
    std::string text{frame.at("type").as_string()};
    if (const auto* topic = frame.if_contains("topic"))
        text += " " + std::string(topic->as_string());
    if (const auto* size = frame.if_contains("size"))
        text += fmt::format("@{}", size->to_number<Size>());
    if (const auto* problem = frame.if_contains("problem"))
        text += " " + std::string(problem->at("code").as_string());
    return text;
}

// RFC 7396, written down once more and plainly.
json::value merged(json::value target, const json::value& patch) {
    if (!patch.is_object())
        return patch;
    if (!target.is_object())
        target = json::object{};
    for (const auto& [name, value] : patch.as_object()) {
        if (value.is_null())
            target.as_object().erase(name);
        else
            target.as_object()[name] = merged(target.as_object()[name], value);
    }
    return target;
}

// A client on a connection whose pace the test sets. Applies what it gets, and minds that nothing comes
// twice and nothing out of order.
class Client {
public:
    Client(House& house, ConnectionId id, std::string_view actor) : house_(house), id_(id) {
        house_.hub.open(id_, ActorId{std::string{actor}}, meter_);
    }

    // Takes what the hub has for anybody into the outboxes of the clients.
    static void collect(House& house, const std::vector<Client*>& clients) {
        for (auto& delivery : house.hub.take_deliveries())
            for (Client* client : clients)
                if (client->id_ == delivery.to)
                    client->outbox_.push_back(delivery.frame);
        for (const auto id : house.hub.take_unfinished())
            house.hub.drained(id);
    }

    // Sends off at most so many frames, as a connection does, and says so when there is room again.
    void write(std::size_t frames_max = 1'000'000) {
        for (; frames_max > 0 && !outbox_.empty(); --frames_max) {
            const auto frame = outbox_.front();
            outbox_.erase(outbox_.begin());
            const auto parsed = json::parse("[" + *frame + "]");
            for (const auto& one : parsed.as_array())
                apply(one.as_object());
            meter_->bytes -= frame->size();
        }
        if (meter_->bytes < quarter && meter_->held_back.exchange(false))
            house_.hub.drained(id_);
    }

    // Writes until nothing is left, also of what becomes free by that.
    std::vector<std::string> read_all() {
        seen_.clear();
        collect(house_, {this});
        while (!outbox_.empty()) {
            write();
            collect(house_, {this});
        }
        return seen_;
    }

    void follow(const std::string& topic, std::optional<Cursor> cursor = {}, std::size_t limit = 100) {
        house_.hub.follow(id_, {topic, std::move(cursor), limit});
    }

    // Follows again on a new connection with what it holds.
    void reconnect(ConnectionId id, std::string_view actor) {
        house_.hub.close(id_);
        id_ = id;
        meter_ = std::make_shared<OutboxMeter>();
        outbox_.clear();
        house_.hub.open(id_, ActorId{std::string{actor}}, meter_);
        for (const auto& [topic, size] : sizes)
            follow(topic, Cursor{house_.log_id, realtime::view_format, size}, 500);
    }

    std::size_t backlog() const { return meter_->bytes; }
    std::shared_ptr<OutboxMeter> meter() const { return meter_; }
    bool idle() const { return outbox_.empty() && !meter_->held_back; }

    static constexpr std::size_t quarter = 256;
    std::map<std::string, json::value> values;
    std::map<std::string, std::map<std::string, json::value>> rows;
    std::map<std::string, Size> totals;
    std::map<std::string, Size> sizes;
    std::map<std::string, int> kinds;

private:
    void apply(const json::object& frame) {
        seen_.push_back(shown(frame));
        const std::string type{frame.at("type").as_string()};
        ++kinds[type];
        if (type == "welcome" || type == "error" || type == "pong" || type == "resync" ||
            type == "history_changed")
            return;
        const std::string topic{frame.at("topic").as_string()};
        const Size size = frame.at("size").to_number<Size>();
        INFO(seen_.back() << " after " << sizes[topic]);
        if (type == "snapshot") {
            REQUIRE(size >= sizes[topic]);
            if (const auto* value = frame.if_contains("value"))
                values[topic] = *value;
            if (const auto* list = frame.if_contains("rows")) {
                rows[topic].clear();
                for (const auto& row : list->as_array())
                    rows[topic][std::string(row.at("id").as_string())] = row;
                totals[topic] = frame.at("total").to_number<Size>();
            }
        } else if (type == "patch") {
            REQUIRE(size > sizes[topic]); // nothing twice
            values[topic] = merged(values[topic], frame.at("patch"));
        } else if (type == "rows") {
            REQUIRE(size > sizes[topic]);
            for (const auto& row : frame.at("upsert").as_array())
                rows[topic][std::string(row.at("id").as_string())] = row;
            if (const auto* remove = frame.if_contains("remove"))
                for (const auto& id : remove->as_array())
                    rows[topic].erase(std::string(id.as_string()));
            totals[topic] = frame.at("total").to_number<Size>();
        } else {
            REQUIRE(type == "current");
            REQUIRE(size >= sizes[topic]);
        }
        sizes[topic] = size;
    }

    House& house_;
    ConnectionId id_;
    std::shared_ptr<OutboxMeter> meter_ = std::make_shared<OutboxMeter>();
    std::vector<realtime::Frame> outbox_;
    std::vector<std::string> seen_;
};

using Strings = std::vector<std::string>;

} // namespace

TEST_CASE("a connection is welcomed with what it must know to resume", "[hub]") {
    House house;
    house.hub.open(1, ActorId{"u-ua"}, std::make_shared<OutboxMeter>());
    const auto deliveries = house.hub.take_deliveries();
    REQUIRE(deliveries.size() == 1);
    const auto welcome = json::parse(*deliveries[0].frame).as_object();
    REQUIRE(welcome.at("log").as_string() == house.log_id);
    REQUIRE(welcome.at("format") == realtime::view_format);
    REQUIRE(welcome.at("size") == 8);
    REQUIRE(welcome.at("actor").as_string() == "u-ua");
}

TEST_CASE("who holds nothing gets a snapshot, then `current`, then changes", "[hub]") {
    House house;
    Client client(house, 1, "u-ua");
    client.follow("partnership/p-1");
    client.follow("partnerships/UA1");
    REQUIRE(client.read_all() == Strings{"welcome@8", "snapshot partnership/p-1@8",
                                         "current partnership/p-1@8", "snapshot partnerships/UA1@8",
                                         "current partnerships/UA1@8"});
    REQUIRE(client.values["partnership/p-1"] == json::object{});

    house.give("partnership/p-1", "propose_partnership", R"({"ua":"UA1","eu":"HU1"})");
    auto seen = client.read_all();
    std::ranges::sort(seen);
    REQUIRE(seen == Strings{"patch partnership/p-1@9", "rows partnerships/UA1@9"});
    REQUIRE(client.values["partnership/p-1"] == json::parse(*house.projector.view("partnership/p-1")));
    REQUIRE(client.totals["partnerships/UA1"] == 1);
}

TEST_CASE("who has a cursor gets what came after it, and nothing else", "[hub]") {
    House house;
    house.partnership("p-1"); // 9, 10, 11
    Client client(house, 1, "u-ua");
    client.follow("partnership/p-1", Cursor{house.log_id, realtime::view_format, 9});
    REQUIRE(client.read_all() == Strings{"welcome@11", "patch partnership/p-1@10", "patch partnership/p-1@11",
                                         "current partnership/p-1@11"});

    Client up_to_date(house, 2, "u-ua");
    up_to_date.follow("partnership/p-1", Cursor{house.log_id, realtime::view_format, 11});
    REQUIRE(up_to_date.read_all() == Strings{"welcome@11", "current partnership/p-1@11"});

    Client from_nothing(house, 3, "u-ua");
    from_nothing.follow("partnership/p-1", Cursor{house.log_id, realtime::view_format, 0});
    REQUIRE(from_nothing.read_all().back() == "current partnership/p-1@11");
    REQUIRE(from_nothing.values["partnership/p-1"] == json::parse(*house.projector.view("partnership/p-1")));
}

TEST_CASE("a cursor of another history, form or future is answered with a snapshot", "[hub]") {
    House house;
    house.partnership("p-1");
    const auto cursor = GENERATE(Cursor{"another log", realtime::view_format, 9},
                                 Cursor{"00000000000000000000000000000000", realtime::view_format + 1, 9},
                                 Cursor{"00000000000000000000000000000000", realtime::view_format, 12});
    Client client(house, 1, "u-ua");
    client.follow("partnership/p-1", cursor);
    REQUIRE(client.read_all() == Strings{"welcome@11", "history_changed partnership/p-1",
                                         "snapshot partnership/p-1@11", "current partnership/p-1@11"});
}

TEST_CASE("following again replaces the subscription, and unfollowing ends it", "[hub]") {
    House house;
    Client client(house, 1, "u-ua");
    client.follow("partnership/p-1");
    client.follow("partnership/p-1");
    client.read_all();
    REQUIRE(house.hub.subscriptions() == 1);
    house.give("partnership/p-1", "propose_partnership", R"({"ua":"UA1","eu":"HU1"})");
    REQUIRE(client.read_all() == Strings{"patch partnership/p-1@9"});

    house.hub.unfollow(1, "partnership/p-1");
    house.hub.unfollow(1, "partnership/p-1");
    house.hub.unfollow(1, "never followed");
    REQUIRE(house.hub.subscriptions() == 0);
    house.give("partnership/p-1", "accept_partnership", R"({"side":"ua"})");
    REQUIRE(client.read_all().empty());
}

TEST_CASE("a closed connection is told nothing and leaves nothing behind", "[hub]") {
    House house;
    Client client(house, 1, "u-ua");
    client.follow("partnership/p-1");
    client.read_all();
    house.hub.close(1);
    house.hub.close(1);
    REQUIRE(house.hub.connections() == 0);
    REQUIRE(house.hub.subscriptions() == 0);
    house.hub.tell(1, "{}");
    house.hub.follow(1, {"towns", {}, 100});
    house.hub.drained(1);
    house.give("partnership/p-1", "propose_partnership", R"({"ua":"UA1","eu":"HU1"})");
    REQUIRE(house.hub.take_deliveries().empty());
}

TEST_CASE("a topic that is none, or not the reader's, is refused and not followed", "[hub]") {
    House house;
    house.partnership("p-1");
    house.give("visit/p-1_v1", "plan_visit",
               R"({"partnership":"p-1","title":"Water","host":"eu","kind":"study_visit","from":"2027"})");
    Client other(house, 1, "u-other");
    other.follow("rivers");
    other.follow("visit/p-1_v1");
    other.follow("visit/absent");
    other.follow("feed/UA1");
    other.follow("feed/UA2");
    REQUIRE(other.read_all() == Strings{"welcome@12", "error rivers unknown_topic",
                                        "error visit/p-1_v1 may_not_read", "error visit/absent may_not_read",
                                        "error feed/UA1 may_not_read", "snapshot feed/UA2@12",
                                        "current feed/UA2@12"});
    REQUIRE(house.hub.subscriptions() == 1);

    Client nobody(house, 2, "u-nobody");
    nobody.follow("towns");
    REQUIRE(nobody.read_all() == Strings{"welcome@12", "error towns not_signed_in"});
}

TEST_CASE("who changes their role follows no longer what they may not read now", "[hub]") {
    House house;
    house.partnership("p-1");
    Client officer(house, 1, "u-ua");
    officer.follow("feed/UA1");
    officer.follow("towns");
    officer.read_all();
    REQUIRE(house.hub.subscriptions() == 2);

    const auto registered = house.desk.committed[4].entry.envelope;
    REQUIRE(registered.stream.text() == "person/u-ua");
    house.give(
        "person/u-ua", "correct_person",
        fmt::format(R"({{"corrects":"{}","reason":"moved","organisation":"UA2"}})", registered.id.text()));
    house.give("visit/p-1_v1", "plan_visit",
               R"({"partnership":"p-1","title":"Water","host":"eu","kind":"study_visit","from":"2027"})");

    REQUIRE(officer.read_all() == Strings{"error feed/UA1 may_not_read"});
    REQUIRE(house.hub.subscriptions() == 1);
}

TEST_CASE("from the entry on that takes a right nothing more comes, not even of the same batch", "[hub]") {
    House house;
    house.partnership("p-1");
    house.give("visit/p-1_v1", "plan_visit",
               R"({"partnership":"p-1","title":"Water","host":"eu","kind":"study_visit","from":"2027"})");
    const auto registered = house.desk.committed[4].entry.envelope;
    REQUIRE(registered.stream.text() == "person/u-ua");
    Client moved(house, 1, "u-ua");
    Client elsewhere(house, 2, "u-ua");
    Client stays(house, 3, "u-hu");
    for (Client* client : {&moved, &elsewhere, &stays}) {
        client->follow("visit/p-1_v1");
        client->follow("partnership/p-1");
        client->read_all();
    }

    const Size before = house.desk.log->size();
    house.desk.say("visit/p-1_v1", "postpone_visit", R"({"reason":"no trains"})");
    house.desk.say(
        "person/u-ua", "correct_person",
        fmt::format(R"({{"corrects":"{}","reason":"moved","organisation":"UA2"}})", registered.id.text()));
    house.desk.say("visit/p-1_v1", "cancel_visit", R"({"reason":"no trains"})");
    house.publish();
    REQUIRE(house.desk.log->size() == before + 3);

    Client::collect(house, {&moved, &elsewhere, &stays});
    CHECK(moved.read_all() == Strings{"error visit/p-1_v1 may_not_read"});
    CHECK(elsewhere.read_all() == Strings{"error visit/p-1_v1 may_not_read"});
    CHECK(stays.read_all() == Strings{fmt::format("patch visit/p-1_v1@{}", before + 1),
                                      fmt::format("patch visit/p-1_v1@{}", before + 3)});
    CHECK(house.hub.subscriptions() == 4);

    house.give("partnership/p-1", "end_partnership", R"({"on":"2026-11","reason":"it is over"})");
    CHECK(moved.read_all().size() == 1); // what everybody may read goes on
}

TEST_CASE("who is held back when they lose a right gets nothing of what they missed", "[hub]") {
    House house(Hub::Limits{.subscriptions_max = 9, .outbox_bytes_max = 600});
    house.partnership("p-1");
    house.give("visit/p-1_v1", "plan_visit",
               R"({"partnership":"p-1","title":"Water","host":"eu","kind":"study_visit","from":"2027"})");
    Client slow(house, 1, "u-ua");
    slow.follow("visit/p-1_v1");
    Client::collect(house, {&slow});
    house.give("visit/p-1_v1", "postpone_visit", R"({"reason":"no trains"})");
    Client::collect(house, {&slow});
    const auto registered = house.desk.committed[4].entry.envelope;
    house.give(
        "person/u-ua", "correct_person",
        fmt::format(R"({{"corrects":"{}","reason":"moved","organisation":"UA2"}})", registered.id.text()));
    Client::collect(house, {&slow});
    const auto seen = slow.read_all();
    CHECK(seen.back() == "error visit/p-1_v1 may_not_read");
    for (const auto& frame : seen)
        CHECK_FALSE((frame.starts_with("patch") || frame.starts_with("resync")));
}

TEST_CASE("whoever asks for much is answered turn by turn, and others in between", "[hub]") {
    House house(Hub::Limits{.turn_bytes_max = 1});
    house.partnership("p-1");
    house.partnership("p-2");
    Client greedy(house, 1, "u-all");
    Client modest(house, 2, "u-ua");
    for (const auto topic : {"partnerships/all", "visits/all", "proposals/all", "partnership/p-1"})
        greedy.follow(topic);
    CHECK(house.hub.take_unfinished() == std::vector<ConnectionId>{1});
    CHECK(greedy.read_all().back().starts_with("current partnerships/all"));

    modest.follow("partnership/p-2");
    CHECK(modest.read_all().back().starts_with("current partnership/p-2"));

    // What changes meanwhile is in what comes later, and nothing comes twice.
    house.give("partnership/p-1", "end_partnership", R"({"on":"2026-11","reason":"it is over"})");
    std::vector<std::string> told;
    for (std::size_t turns = 0; turns < 3; ++turns) {
        house.hub.drained(1);
        CHECK(house.hub.take_unfinished().size() == (turns < 2 ? 1 : 0));
        for (const auto& frame : greedy.read_all())
            if (frame.starts_with("snapshot"))
                told.push_back(frame.substr(0, frame.find('@')));
    }
    CHECK(told == std::vector<std::string>{"snapshot partnership/p-1", "snapshot proposals/all",
                                           "snapshot visits/all"});
    house.hub.drained(1);
    CHECK(house.hub.take_unfinished().empty());
    CHECK(house.hub.take_deliveries().empty());
}

TEST_CASE("who leaves follows nothing any more, on no connection", "[hub]") {
    House house;
    Client one(house, 1, "u-ua");
    Client two(house, 2, "u-ua");
    Client other(house, 3, "u-hu");
    for (Client* client : {&one, &two, &other})
        client->follow("towns");
    one.follow("feed/UA1");
    Client::collect(house, {&one, &two, &other});
    for (Client* client : {&one, &two, &other})
        client->read_all();
    house.give("person/u-ua", "leave", R"({"reason":"retired"})");
    Client::collect(house, {&one, &two, &other});
    CHECK(one.read_all() == Strings{"error feed/UA1 not_signed_in", "error towns not_signed_in"});
    CHECK(two.read_all() == Strings{"error towns not_signed_in"});
    CHECK(other.read_all().empty());
    one.follow("towns");
    CHECK(one.read_all() == Strings{"error towns not_signed_in"});
    CHECK(house.hub.subscriptions() == 1);
}

TEST_CASE("with another role one reads what that role reads", "[hub]") {
    House house;
    house.person("u-expert", "u-lead", "expert");
    house.publish();
    Client expert(house, 1, "u-expert");
    for (const auto topic : {"feed/all", "partnerships/all", "visits/UA1"})
        expert.follow(topic);
    expert.read_all();
    house.give("person/u-expert", "change_role",
               R"({"organisation":"UA1","role":"officer","reason":"elected"})");
    CHECK(expert.read_all() == Strings{"error feed/all may_not_read", "error partnerships/all may_not_read"});
    CHECK(house.hub.subscriptions() == 1);
}

TEST_CASE("an event of somebody that takes no right ends nothing", "[hub]") {
    House house;
    const auto registered = house.desk.committed[4].entry.envelope;
    Client officer(house, 1, "u-ua");
    officer.follow("feed/UA1");
    officer.read_all();
    house.give("person/u-ua", "correct_person",
               fmt::format(R"({{"corrects":"{}","reason":"a typo","name":"Other"}})", registered.id.text()));
    CHECK(officer.read_all().empty());
    CHECK(house.hub.subscriptions() == 1);
}

TEST_CASE("a connection follows so many topics and no more", "[hub]") {
    House house(Hub::Limits{.subscriptions_max = 3, .outbox_bytes_max = 1 << 20});
    Client client(house, 1, "u-all");
    for (int i = 0; i < 5; ++i)
        client.follow(fmt::format("partnership/p-{}", i));
    client.follow("partnership/p-0"); // already followed: not one more
    const auto seen = client.read_all();
    REQUIRE(std::ranges::count(seen, "error partnership/p-3 too_many_subscriptions") == 1);
    REQUIRE(std::ranges::count(seen, "error partnership/p-4 too_many_subscriptions") == 1);
    REQUIRE(std::ranges::count(seen, "current partnership/p-0@8") == 2);
    REQUIRE(house.hub.subscriptions() == 3);

    house.hub.unfollow(1, "partnership/p-0");
    client.follow("partnership/p-4");
    REQUIRE(client.read_all() == Strings{"snapshot partnership/p-4@8", "current partnership/p-4@8"});
}

TEST_CASE("a change is encoded once for all who follow it", "[hub]") {
    House house;
    for (ConnectionId id = 1; id <= 3; ++id) {
        house.hub.open(id, ActorId{"u-ua"}, std::make_shared<OutboxMeter>());
        house.hub.follow(id, {"partnership/p-1", {}, 100});
    }
    house.hub.take_deliveries();
    house.give("partnership/p-1", "propose_partnership", R"({"ua":"UA1","eu":"HU1"})");
    const auto deliveries = house.hub.take_deliveries();
    REQUIRE(deliveries.size() == 3);
    REQUIRE(deliveries[0].frame == deliveries[1].frame);
    REQUIRE(deliveries[1].frame == deliveries[2].frame);
}

TEST_CASE("a reader who is too slow gets `resync` and then exactly what it missed", "[hub]") {
    House house(Hub::Limits{.subscriptions_max = 200, .outbox_bytes_max = 1'024});
    house.partnership("p-1");
    house.give("proposal/p-1_x1", "draft_proposal", R"({"partnership":"p-1","title":"Water","lead":"ua"})");
    Client client(house, 1, "u-ua");
    client.follow("proposal/p-1_x1");
    client.read_all(); // at 12

    for (int i = 0; i < 20; ++i)
        house.give("proposal/p-1_x1", "edit_proposal",
                   fmt::format(R"({{"title":"Water {}","summary":"{}"}})", i, std::string(200, 'x')));
    REQUIRE(client.backlog() < 1'024 + 1'024); // bounded, however many changes there are
    const auto seen = client.read_all();

    const auto resync = std::ranges::find(seen, "resync proposal/p-1_x1");
    REQUIRE(resync != seen.end());
    REQUIRE(seen.back() == "current proposal/p-1_x1@32");
    Strings patches(seen.begin(), resync);
    patches.insert(patches.end(), resync + 1, seen.end() - 1);
    REQUIRE(patches.size() == 20);
    for (std::size_t i = 0; i < patches.size(); ++i)
        REQUIRE(patches[i] == fmt::format("patch proposal/p-1_x1@{}", 13 + i));

    house.give("proposal/p-1_x1", "edit_proposal", R"({"title":"Live again"})");
    REQUIRE(client.read_all() == Strings{"patch proposal/p-1_x1@33"});
}

TEST_CASE("one slow reader holds nobody else back", "[hub]") {
    House house(Hub::Limits{.subscriptions_max = 200, .outbox_bytes_max = 512});
    house.partnership("p-1");
    Client slow(house, 1, "u-ua"), quick(house, 2, "u-ua");
    slow.follow("feed/UA1");
    quick.follow("feed/UA1");
    Client::collect(house, {&slow, &quick});
    quick.write();
    for (int i = 0; i < 10; ++i) {
        house.give(fmt::format("visit/p-1_v{}", i), "plan_visit",
                   R"({"partnership":"p-1","title":"Water","host":"eu","kind":"meeting","from":"2027"})");
        Client::collect(house, {&slow, &quick});
        quick.write();
        REQUIRE(quick.sizes["feed/UA1"] == house.projector.size());
    }
    REQUIRE_FALSE(slow.idle());
}

TEST_CASE("readers of any pace who come and go miss nothing and get nothing twice", "[hub][property]") {
    std::map<std::string, int> kinds;
    for_each_seed(std::getenv("MOSTY_LONG") ? 500 : 25, [&](std::mt19937_64& random) {
        House house(Hub::Limits{.subscriptions_max = 200, .outbox_bytes_max = 1'024});
        house.partnership("p-1");
        house.give("proposal/p-1_x1", "draft_proposal",
                   R"({"partnership":"p-1","title":"Water","lead":"ua"})");
        const Strings topics{"proposal/p-1_x1",  "partnership/p-1", "programme",    "towns",
                             "directory",        "feed/UA1",        "feed/all",     "visits/UA1",
                             "partnerships/all", "proposals/all",   "visit/p-1_v1", "partnership/p-9",
                             "municipalities"};
        std::vector<Client> clients;
        ConnectionId next_id = 1;
        for (int i = 0; i < 4; ++i)
            clients.emplace_back(house, next_id++, "u-all");
        std::vector<Client*> all;
        for (Client& client : clients)
            all.push_back(&client);

        int visits = 0;
        for (int step = 0; step < 250; ++step) {
            Client& client = clients[random() % clients.size()];
            const auto what = random() % 10;
            if (what < 4) {
                // Often several entries between two looks at the followers, as a group commit gives.
                for (auto entries = 1 + random() % 3; entries > 0; --entries) {
                    const auto kind = random() % 4;
                    if (kind == 0)
                        house.desk.say(fmt::format("visit/p-1_v{}", ++visits), "plan_visit",
                                       R"({"partnership":"p-1","title":"Water","host":"eu","kind":"meeting",)"
                                       R"("from":"2027"})");
                    else if (kind == 1 && visits > 0)
                        house.desk.say(fmt::format("visit/p-1_v{}", 1 + random() % visits), "postpone_visit",
                                       fmt::format(R"({{"reason":"rain {}"}})", step));
                    else
                        house.desk.say("proposal/p-1_x1", "edit_proposal",
                                       fmt::format(R"({{"title":"Water {}","summary":{}}})", random() % 9,
                                                   random() % 2 ? "null" : R"("Much of it")"));
                }
                house.publish();
            } else if (what < 6) {
                client.follow(topics[random() % topics.size()], {}, 500);
            } else if (what < 7 && random() % 4 == 0) {
                client.reconnect(next_id++, "u-all");
            } else {
                Client::collect(house, all);
                client.write(random() % 4);
            }
            Client::collect(house, all);
            for (const Client& each : clients)
                // What is told beside changes is not held back: a follow's answer comes whole.
                REQUIRE(each.backlog() < 200'000);
        }

        for (bool busy = true; busy;) {
            busy = false;
            for (Client& client : clients) {
                client.write();
                Client::collect(house, all);
                busy = busy || !client.idle();
            }
        }
        for (Client& client : clients) {
            for (const auto& [topic, value] : client.values) {
                INFO(topic);
                REQUIRE(value == json::parse(*house.projector.view(topic)));
            }
            for (auto& [topic, held] : client.rows) {
                INFO(topic);
                const auto window = house.projector.list(topic, 500);
                REQUIRE(client.totals[topic] == window->total);
                REQUIRE(held.size() == window->rows.size());
                for (const std::string& row : window->rows) {
                    const auto expected = json::parse(row);
                    REQUIRE(held.at(std::string(expected.at("id").as_string())) == expected);
                }
            }
            for (const auto& [kind, count] : client.kinds)
                kinds[kind] += count;
        }
    });
    if (std::getenv("MOSTY_SEED"))
        return;
    for (const auto kind : {"snapshot", "patch", "rows", "resync", "current"})
        REQUIRE(kinds[kind] > 10);
}
