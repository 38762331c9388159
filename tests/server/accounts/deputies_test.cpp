// Deputies, as the sequencer sees them: on tentative state, at their place in the log.
#include "server/access/directory.hpp"
#include "tests/server/desk.hpp"

#include <catch2/catch.hpp>

using namespace mosty;
using namespace mosty::test;
using sequencing::Ticket;

namespace {

constexpr std::string_view boss = "person/u-boss";
constexpr std::int64_t day_ms = 86'400'000;

void introduce(Desk& desk) {
    desk.say(boss, "register_person",
             R"({"name":"Olena","organisation":"cemr","role":"secretariat","language":"uk"})");
    desk.say("person/u-aid", "register_person",
             R"({"name":"Ivan","organisation":"cemr","role":"association","language":"uk"})");
    desk.settle();
}

// Something that only the secretariat may do.
Ticket register_town(Desk& desk, std::string_view id) {
    return desk.say("municipality/" + std::string(id), "register_municipality", town(id, 1), "u-aid");
}

Ticket appoint(Desk& desk, std::string_view from = "2026-11-22", std::string_view until = "2026-11-23") {
    return desk.say(boss, "appoint_deputy",
                    R"({"deputy":"u-aid","from":")" + std::string(from) + R"(","until":")" +
                        std::string(until) + "\"}",
                    "u-boss");
}

} // namespace

TEST_CASE("a deputy acts from the appointment on and until its end, within one batch too",
          "[sequencer][deputy]") {
    Desk desk;
    introduce(desk);
    const Ticket before = register_town(desk, "HU1");
    appoint(desk);
    const Ticket during = register_town(desk, "HU2");
    desk.say(boss, "end_deputy", R"({"deputy":"u-aid"})", "u-boss");
    const Ticket after = register_town(desk, "HU3");
    desk.settle();
    CHECK(desk.answer(before) == "refused not_allowed");
    CHECK(desk.answer(during).starts_with("done"));
    CHECK(desk.answer(after) == "refused not_allowed");
    CHECK(desk.committed.back().entry.envelope.type == "person.deputy_ended");
    CHECK(desk.committed[desk.committed.size() - 2].entry.envelope.actor.text() == "u-aid");
}

TEST_CASE("a deputy's days begin and end by themselves", "[sequencer][deputy]") {
    Desk desk;
    introduce(desk);
    appoint(desk, "2026-11-23", "2026-11-24");
    for (const auto& [id, answer] :
         {std::pair{"HU0", "refused"}, {"HU1", "done"}, {"HU2", "done"}, {"HU3", "refused"}}) {
        const Ticket ticket = register_town(desk, id);
        desk.settle();
        CHECK(desk.answer(ticket).starts_with(answer));
        desk.now_ms += day_ms;
    }
}

TEST_CASE("whoever leaves takes the deputy's role along, and is nobody any more", "[sequencer][deputy]") {
    Desk desk;
    introduce(desk);
    appoint(desk);
    desk.say(boss, "leave", R"({"reason":"a new post"})", "u-boss");
    const Ticket of_deputy = register_town(desk, "HU1");
    const Ticket of_boss = desk.say("municipality/HU2", "register_municipality", town("HU2", 1), "u-boss");
    desk.settle();
    CHECK(desk.answer(of_deputy) == "refused not_allowed");
    CHECK(desk.answer(of_boss) == "unknown actor");
}

TEST_CASE("a deputy is known after a restart", "[sequencer][deputy]") {
    const auto disk = std::make_shared<storage::MemoryDisk>();
    {
        Desk desk(disk);
        introduce(desk);
        appoint(desk);
        desk.settle();
    }
    Desk desk(disk);
    const auto directory = access::Directory::load(*desk.log);
    REQUIRE(directory.has_value());
    CHECK(directory->acting(ActorId("u-aid"), {2026, 11, 22})->role == Role::secretariat);
    CHECK(directory->acting(ActorId("u-aid"), {2026, 11, 24})->role == Role::association);
    CHECK_FALSE(directory->acting(ActorId("u-nobody"), {2026, 11, 22}));
    desk.sequencer->know(directory->principals());
    const Ticket ticket = register_town(desk, "HU1");
    desk.settle();
    CHECK(desk.answer(ticket).starts_with("done"));
}
