#include "server/realtime/presences.hpp"

#include <catch2/catch.hpp>

using namespace mosty;
using namespace mosty::realtime;
using namespace std::chrono_literals;

namespace {

const std::string topic = "text/proposal/p-1_x1/needs";
const Presences::Time start{};

Standing standing(ConnectionId who, std::size_t at) {
    return {who, ActorId("u-" + std::to_string(who)), 7, {at, at + 1}};
}

std::string told(Presences& presences, Presences::Time now) {
    std::string frames;
    for (const auto& change : presences.take_changes(now))
        frames += change.frame;
    return frames;
}

} // namespace

TEST_CASE("however often people move, the next frame tells their last places once", "[presence]") {
    Presences presences;
    for (std::size_t i = 0; i < 50; ++i) {
        presences.say(topic, standing(1, i), true, start);
        presences.say(topic, standing(2, 2 * i), true, start);
    }
    REQUIRE(told(presences, start) ==
            R"({"type":"presence","topic":"text/proposal/p-1_x1/needs","present":[)"
            R"({"who":"1","actor":"u-1","revision":7,"from":49,"to":50},)"
            R"({"who":"2","actor":"u-2","revision":7,"from":98,"to":99}],"gone":[]})");
    REQUIRE(told(presences, start).empty());
}

TEST_CASE("who leaves or falls silent is gone, and nothing is left of them", "[presence]") {
    Presences presences;
    presences.say(topic, standing(1, 0), true, start);
    presences.say(topic, standing(2, 0), true, start + 20s);
    REQUIRE(presences.frame_of(topic).has_value());
    told(presences, start);
    presences.leave(topic, 3);
    REQUIRE(told(presences, start + 29s).empty());
    REQUIRE(told(presences, start + 30s) ==
            R"({"type":"presence","topic":"text/proposal/p-1_x1/needs","present":[],"gone":["1"]})");
    presences.say(topic, standing(2, 0), false, start + 31s);
    REQUIRE(told(presences, start + 31s) ==
            R"({"type":"presence","topic":"text/proposal/p-1_x1/needs","present":[],"gone":["2"]})");
    REQUIRE(presences.empty());
    REQUIRE_FALSE(presences.frame_of(topic).has_value());
}

TEST_CASE("of a crowd in one text no more than the bound are told of", "[presence]") {
    Presences presences;
    for (ConnectionId who = 1; who <= 1'000; ++who)
        presences.say(topic, standing(who, 0), true, start);
    told(presences, start);
    for (ConnectionId who = 1; who <= Presences::shown_max; ++who)
        presences.leave(topic, who);
    told(presences, start);
    REQUIRE(presences.empty());
}
