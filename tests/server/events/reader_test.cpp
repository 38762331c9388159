// What a filter picks, and that picking in pieces, from anywhere, gives what picking by hand gives.
#include "recorded_log.hpp"
#include "server/events/known_names.hpp"
#include "server/events/page.hpp"
#include "server/events/reader.hpp"
#include "tests/domain/seed.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>

using namespace mosty;
using test::RecordedLog;

namespace {

using Positions = std::vector<Position>;

// Everything that a filter wants, read in pieces of these bounds.
Positions read_all(const storage::LogReader& log, const events::Filter& filter,
                   const events::Bounds& bounds = {}, Position from = 0) {
    const auto reader = events::Reader::open(log, log, log.size(), filter);
    REQUIRE(reader.has_value());
    Positions found;
    while (from < log.size()) {
        const auto chunk = (*reader)->read(from, log.size(), bounds);
        REQUIRE(chunk.has_value());
        REQUIRE(chunk->next > from);
        REQUIRE(chunk->next <= log.size());
        for (const auto& entry : chunk->entries) {
            REQUIRE(entry.position >= from);
            REQUIRE(entry.position < chunk->next);
            REQUIRE(entry.bytes == log.read(entry.position, 1)->front().bytes);
            found.push_back(entry.position);
        }
        from = chunk->next;
    }
    return found;
}

Positions page_of(const storage::LogReader& log, const events::PageQuestion& question) {
    const auto page = events::find_page(log, log, log.size(), question);
    REQUIRE(page.has_value());
    Positions found;
    for (const auto& entry : page->entries)
        found.push_back(entry.position);
    return found;
}

// The same, page by page, each going on where the one before ended.
Positions in_pages(const storage::LogReader& log, events::PageQuestion question) {
    Positions found;
    for (;;) {
        const auto page = events::find_page(log, log, log.size(), question);
        REQUIRE(page.has_value());
        REQUIRE(page->entries.size() <= question.limit);
        for (const auto& entry : page->entries)
            found.push_back(entry.position);
        if (!page->next)
            return found;
        REQUIRE(page->entries.size() == question.limit);
        if (question.descending)
            question.before = *page->next;
        else
            question.from = *page->next;
    }
}

// A town's officer who moves, another who stays, and what both did before and after.
struct World : RecordedLog {
    Position ana = join("u-ana", "HU_1");
    Position bo = join("u-bo", "UA_1");
    Position first = confirm("visit/v-1", "u-ana");
    Position needs = say("text/proposal/p-1/needs", "u-bo");
    Position other_needs = say("text/proposal/p-10/needs", "u-bo");
    Position moved = move("u-ana", ana, "UA_1");
    Position risks = say("text/proposal/p-1/risks", "u-ana");
    Position second = confirm("visit/v-2", "u-ana");
    Position more_needs = say("text/proposal/p-1/needs", "u-ana");
};

} // namespace

TEST_CASE("a filter picks by stream, by what stands below, by types, actor and time", "[events]") {
    const World w;
    const auto all = [&](const events::Filter& filter) { return read_all(w.log, filter); };
    CHECK(all({}).size() == w.log.size());
    CHECK(all({.stream = "visit/v-1"}) == Positions{w.first});
    CHECK(all({.stream = "visit/"}) == Positions{w.first, w.second});
    CHECK(all({.stream = "text/proposal/p-1/"}) == Positions{w.needs, w.risks, w.more_needs});
    CHECK(all({.stream = "text/proposal/"}) == Positions{w.needs, w.other_needs, w.risks, w.more_needs});
    CHECK(all({.stream = "text/proposal/p-1/needs"}) == Positions{w.needs, w.more_needs});
    CHECK(all({.stream = "visit/v-9"}).empty());
    CHECK(all({.types = {"visit.confirmed", "person.corrected"}}) == Positions{w.first, w.moved, w.second});
    CHECK(all({.stream = "text/", .types = {"visit.confirmed"}}).empty());
    CHECK(all({.actor = "u-ana"}) == Positions{w.first, w.risks, w.second, w.more_needs});
    CHECK(all({.since_ms = RecordedLog::time_of(w.needs), .until_ms = RecordedLog::time_of(w.other_needs)}) ==
          Positions{w.needs, w.other_needs});
    CHECK(
        all({.stream = "text/proposal/p-1/", .actor = "u-ana", .since_ms = RecordedLog::time_of(w.second)}) ==
        Positions{w.more_needs});
}

TEST_CASE("an organisation's events are those of who belonged to it then", "[events]") {
    const World w;
    CHECK(read_all(w.log, {.organisation = "HU_1"}) == Positions{w.first});
    CHECK(read_all(w.log, {.organisation = "UA_1"}) ==
          Positions{w.needs, w.other_needs, w.risks, w.second, w.more_needs});
    CHECK(read_all(w.log, {.stream = "visit/", .organisation = "UA_1"}) == Positions{w.second});
    CHECK(read_all(w.log, {.stream = "text/proposal/p-1/needs", .organisation = "UA_1"}) ==
          Positions{w.needs, w.more_needs});
    CHECK(read_all(w.log, {.organisation = "PL_1"}).empty());
    CHECK(page_of(w.log, {.filter = {.organisation = "HU_1"}}) == Positions{w.first});
}

TEST_CASE("a filter that names somebody whom nobody knows is a mistake that names it", "[events]") {
    World w;
    municipality::Row stockholm;
    stockholm.name = "Stockholm";
    stockholm.country = "SE";
    stockholm.source = "gisco";
    w.record("municipality/SE_0180", "service-register",
             municipality::Event(municipality::Registered{std::move(stockholm)}));
    const auto mistake = [&](const events::Filter& filter, Size size) -> std::string {
        const auto unknown = events::unknown_name_in(w.log, size, filter);
        REQUIRE(unknown.has_value());
        return *unknown ? (*unknown)->code + " " + (*unknown)->field : "none";
    };
    CHECK(mistake({}, w.log.size()) == "none");
    CHECK(mistake({.organisation = "nonsense"}, w.log.size()) == "unknown_organisation organisation");
    CHECK(mistake({.organisation = "HU_1"}, w.log.size()) == "none"); // nobody belongs to it any more
    CHECK(mistake({.organisation = "UA_1"}, w.log.size()) == "none");
    CHECK(mistake({.organisation = "SE_0180"}, w.log.size()) == "none"); // of the register, without people
    CHECK(mistake({.organisation = "SE_0180"}, w.more_needs) == "unknown_organisation organisation");
    CHECK(mistake({.actor = "u-nobody"}, w.log.size()) == "unknown_actor actor");
    CHECK(mistake({.actor = "u-ana", .organisation = "nonsense"}, w.log.size()) ==
          "unknown_organisation organisation");
    CHECK(mistake({.actor = "service-register"}, w.log.size()) == "none"); // acts without being registered
    CHECK(mistake({.actor = "u-bo"}, w.ana) == "unknown_actor actor");
}

TEST_CASE("who moves while the log is followed counts for the new organisation from then on", "[events]") {
    RecordedLog w;
    const Position ana = w.join("u-ana", "HU_1");
    const auto reader = events::Reader::open(w.log, w.log, w.log.size(), {.organisation = "UA_1"});
    REQUIRE(reader.has_value());
    w.confirm("visit/v-1", "u-ana");
    w.move("u-ana", ana, "UA_1");
    const Position after = w.confirm("visit/v-2", "u-ana");
    // In steps of one entry: people are learned at the reader's own pace.
    Positions found;
    for (Position from = 1; from < w.log.size();) {
        const auto chunk = (*reader)->read(from, w.log.size(), {.looked_at_max = 1});
        REQUIRE(chunk.has_value());
        REQUIRE(chunk->next > from);
        for (const auto& entry : chunk->entries)
            found.push_back(entry.position);
        from = chunk->next;
    }
    CHECK(found == Positions{after});
}

TEST_CASE("a piece holds no more than its bounds, and one entry at least", "[events]") {
    RecordedLog w;
    for (int i = 0; i < 50; ++i)
        w.say(i % 2 ? "text/proposal/p-1/needs" : "text/proposal/p-1/risks", "u-ana",
              std::string(1'000, 'x'));
    for (const char* stream : {"", "text/proposal/p-1/", "text/proposal/p-1/needs"}) {
        const auto reader = events::Reader::open(w.log, w.log, 50, {.stream = stream});
        const auto by_bytes = (*reader)->read(0, 50, {.bytes_max = 5'000});
        CHECK(by_bytes->entries.size() == 4);
        CHECK((*reader)->read(0, 50, {.bytes_max = 1})->entries.size() == 1);
        CHECK((*reader)->read(0, 50, {.entries_max = 3})->entries.size() == 3);
        CHECK((*reader)->read(50, 50)->entries.empty());
    }
    const auto reader = events::Reader::open(w.log, w.log, 50, {.actor = "u-nobody"});
    const auto chunk = (*reader)->read(0, 50, {.looked_at_max = 7});
    CHECK(chunk->entries.empty());
    CHECK(chunk->next == 7);
}

TEST_CASE(
    "whatever the filter, the start and the bounds, a log read in pieces is what a look at each entry gives",
    "[events][property]") {
    test::for_each_seed(60, [](std::mt19937_64& random) {
        const std::array texts{"text/proposal/p-1/needs", "text/proposal/p-1/risks",
                               "text/proposal/p-2/needs"};
        const std::array visits{"visit/v-1", "visit/v-2"};
        const std::array people{"u-ana", "u-bo", "u-che"};
        const std::array towns{"HU_1", "UA_1", "PL_1"};
        RecordedLog w;
        std::map<std::string, Position> registered;
        std::map<std::string, std::string> belongs;
        std::vector<std::string> organisation_then;
        for (int i = 0; i < 120; ++i) {
            const std::string person = people[random() % people.size()];
            organisation_then.push_back(belongs[person]);
            switch (random() % 8) {
            case 0: {
                organisation_then.back().clear(); // what a service records is nobody's
                const std::string town = towns[random() % towns.size()];
                const auto [known, is_new] = registered.try_emplace(person, w.log.size());
                is_new ? w.join(person, town) : w.move(person, known->second, town);
                belongs[person] = town;
                break;
            }
            case 1:
            case 2:
                w.confirm(visits[random() % visits.size()], person);
                break;
            default:
                w.say(texts[random() % texts.size()], person, std::string(1 + random() % 300, 'x'));
            }
        }
        const std::array<std::string, 7> streams{"",
                                                 "visit/",
                                                 "visit/v-1",
                                                 "text/proposal/p-1/",
                                                 "text/proposal/",
                                                 "text/proposal/p-2/needs",
                                                 "person/"};
        events::Filter filter{.stream = streams[random() % streams.size()]};
        if (random() % 2)
            filter.types = {"visit.confirmed", "text.replied"};
        if (random() % 3 == 0)
            filter.actor = people[random() % people.size()];
        if (random() % 2)
            filter.organisation = towns[random() % towns.size()];
        if (random() % 3 == 0)
            filter.since_ms = RecordedLog::time_of(random() % 120);
        if (random() % 3 == 0)
            filter.until_ms = RecordedLog::time_of(random() % 120);

        const Position from = random() % 121;
        Positions wanted;
        for (Position at = from; at < w.log.size(); ++at) {
            const auto envelope = codec::decode_envelope(w.log.read(at, 1)->front().bytes);
            if (filter.fits(*envelope) &&
                (filter.organisation.empty() || organisation_then[at] == filter.organisation))
                wanted.push_back(at);
        }
        const events::Bounds bounds{.entries_max = 1 + random() % 20,
                                    .bytes_max = 1 + random() % 5'000,
                                    .looked_at_max = 1 + random() % 50};
        CHECK(read_all(w.log, filter, bounds, from) == wanted);
        CHECK(read_all(w.log, filter, {}, from) == wanted);
        CHECK(page_of(w.log, {.filter = filter, .from = from, .limit = 500}) == wanted);
        const std::size_t limit = 1 + random() % 20;
        CHECK(in_pages(w.log, {.filter = filter, .from = from, .limit = limit}) == wanted);
        std::ranges::reverse(wanted);
        CHECK(in_pages(w.log, {.filter = filter, .from = from, .descending = true, .limit = limit}) ==
              wanted);
        const Position before = random() % 130;
        std::erase_if(wanted, [&](Position position) { return position >= before; });
        CHECK(in_pages(
                  w.log,
                  {.filter = filter, .from = from, .descending = true, .before = before, .limit = limit}) ==
              wanted);
    });
}
