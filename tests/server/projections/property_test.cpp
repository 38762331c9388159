#include "domain/sites/view.hpp"
#include "folded.hpp"
#include "random_history.hpp"
#include "server/projections/past.hpp"
#include "server/projections/rebuild.hpp"
#include "server/projections/topic_kind.hpp"
#include "server/projections/topics.hpp"
#include "server/projections/view_change.hpp"
#include "tests/storage/random_seed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace mosty::test {

using projections::Change;
using projections::Projector;

namespace {

constexpr Size events = 900; // at least: one command may make several

std::set<std::string> topics_of(const std::vector<Change>& changes) {
    std::set<std::string> topics;
    for (const Change& change : changes)
        topics.insert(change.topic);
    return topics;
}

bool has(const History& history, std::string_view type) {
    return std::ranges::any_of(history.entries(),
                               [type](const auto& entry) { return entry.envelope.type == type; });
}

bool is_list(std::string_view topic) {
    return projections::kind_of(topic) == projections::TopicKind::list;
}

// What a client holds who follows one topic.
struct Held {
    json::object view;
    std::map<std::string, json::value> rows; // by id
    Size total = 0;

    void apply(const Change& change) {
        const json::value value = json::parse(*change.json);
        switch (change.kind) {
        case Change::Kind::patch:
            projections::apply_patch(view, value.as_object());
            return;
        case Change::Kind::row:
            rows[std::string(value.at("id").as_string())] = value;
            break;
        case Change::Kind::removal:
            rows.erase(std::string(value.as_string()));
            break;
        case Change::Kind::event:
            FAIL("a text has no view and no rows");
        }
        total = change.total;
    }
};

Held snapshot_of(Projector& projector, std::string_view topic, std::size_t limit = 1'000'000) {
    Held held;
    if (!is_list(topic)) {
        held.view = json::parse(projector.view(topic).value()).as_object();
        return held;
    }
    const auto window = projector.list(topic, limit).value();
    held.total = window.total;
    for (const std::string& row : window.rows) {
        const json::value value = json::parse(row);
        held.rows[std::string(value.at("id").as_string())] = value;
    }
    return held;
}

void require_same(const Held& left, const Held& right) {
    REQUIRE(json::value(left.view) == json::value(right.view));
    REQUIRE(left.rows == right.rows);
    REQUIRE(left.total == right.total);
}

} // namespace

TEST_CASE("who follows every topic from the start holds what a snapshot says", "[property]") {
    RandomHistory random(storage::random_seed("projections: following"));
    random.grow_to(events);
    storage::MemoryViewStore store;
    Projector projector(store);
    std::map<std::string, Held> held;
    std::map<std::string, Revision> revisions; // of texts: their followers get every event
    std::vector<Change> changes;
    for (const auto& entry : random.history().entries()) {
        changes.clear();
        projector.fold(projector.size(), entry, changes);
        REQUIRE(topics_of(changes).size() == changes.size());
        for (const Change& change : changes) {
            REQUIRE(change.size == projector.size());
            if (change.kind == Change::Kind::event)
                REQUIRE(change.total == ++revisions[change.topic]);
            else
                held[change.topic].apply(change);
        }
    }
    REQUIRE(held.size() > 20);
    for (const auto& [topic, one] : held) {
        INFO(topic);
        require_same(one, snapshot_of(projector, topic));
    }
}

TEST_CASE("a snapshot of any size and the changes since it are the present", "[property]") {
    const auto seed = storage::random_seed("projections: changes since");
    RandomHistory random(seed);
    random.grow_to(events);
    const auto& entries = random.history().entries();
    const Size end = entries.size();
    std::mt19937_64 dice(seed);
    for (int round = 0; round < 6; ++round) {
        const Size first = storage::random_below(dice, end);
        const Size second = first + storage::random_below(dice, end - first + 1);
        storage::MemoryViewStore store;
        Projector projector(store);
        std::vector<Change> changes;
        std::map<std::string, Held> held;
        while (projector.size() < first)
            projector.fold(projector.size(), entries[projector.size()], changes);
        const auto topics = topics_of(changes);
        for (const std::string& topic : topics)
            held[topic] = snapshot_of(projector, topic);
        while (projector.size() < second)
            projector.fold(projector.size(), entries[projector.size()], changes);
        for (auto& [topic, one] : held) {
            INFO(topic << " from " << first << " to " << second);
            const auto since = projector.changes_since(topic, first, 1'000'000).value();
            if (!since) { // a row has left the list
                REQUIRE(topic.starts_with("proposals/"));
                continue;
            }
            for (const Change& change : *since) {
                REQUIRE(change.size > first);
                one.apply(change);
            }
            if (since->empty() && is_list(topic))
                REQUIRE(one.rows == snapshot_of(projector, topic).rows);
            else
                require_same(one, snapshot_of(projector, topic));
        }
    }
}

TEST_CASE("a view as of any size is the fold of so many events", "[property]") {
    const auto seed = storage::random_seed("projections: as of");
    RandomHistory random(seed);
    random.grow_to(events);
    const auto& entries = random.history().entries();
    const Size end = entries.size();
    storage::MemoryViewStore whole;
    Projector all(whole);
    std::vector<Change> changes;
    for (const auto& entry : entries)
        all.fold(all.size(), entry, changes);
    REQUIRE(all.commit().has_value());
    const auto snapshot = whole.snapshot();

    storage::MemoryViewStore store;
    Projector projector(store);
    std::mt19937_64 dice(seed);
    while (projector.size() < end) {
        std::vector<Change> ignored;
        projector.fold(projector.size(), entries[projector.size()], ignored);
        if (storage::random_below(dice, 40) != 0)
            continue;
        for (const std::string& topic : topics_of(changes)) {
            if (is_list(topic) || sites::view_named(topic)) // what places are is in no store
                continue;
            INFO(topic << " as of " << projector.size());
            const auto then = projections::view_as_of(*snapshot, topic, projector.size()).value();
            REQUIRE(json::parse(then.value) == json::parse(projector.view(topic).value()));
            REQUIRE(then.size <= projector.size());
        }
    }
}

TEST_CASE("a list as of any size is the one of so many events", "[property]") {
    const auto seed = storage::random_seed("projections: lists as of");
    RandomHistory random(seed);
    // Some rows must leave a list: in few histories no partner has been removed by then.
    for (Size size = events; !has(random.history(), "proposal.partner_removed"); size += 100)
        random.grow_to(size);
    Folded all(random.history());
    const auto snapshot = all.store.snapshot();
    const auto topics = projections::recorded_topics(*snapshot).value();

    storage::MemoryViewStore store;
    Projector projector(store);
    std::mt19937_64 dice(seed);
    std::vector<Change> ignored;
    Size rows = 0;
    for (const auto& entry : random.history().entries()) {
        if (storage::random_below(dice, 30) == 0) {
            REQUIRE(projector.commit().has_value());
            const auto then = store.snapshot();
            for (const std::string& topic : topics) {
                if (!projections::has_past(topic))
                    continue;
                INFO(topic << " as of " << projector.size());
                const std::size_t limit = 1 + storage::random_below(dice, 8);
                std::string before;
                do {
                    const auto page = projections::list_page(*then, topic, before, limit).value();
                    const auto past =
                        projections::list_page_as_of(*snapshot, topic, projector.size(), before, limit)
                            .value();
                    REQUIRE(past.rows == page.rows);
                    REQUIRE(past.total == page.total);
                    REQUIRE(past.next == page.next);
                    rows += page.rows.size();
                    before = page.next;
                } while (!before.empty());
            }
        }
        projector.fold(projector.size(), entry, ignored);
    }
    REQUIRE(rows > 500);
}

TEST_CASE("the same log gives the same store, byte for byte", "[property]") {
    const auto seed = storage::random_seed("projections: same store");
    RandomHistory random(seed);
    random.grow_to(events);
    const auto& entries = random.history().entries();
    const Size end = entries.size();
    const auto log = log_of(random.history());

    storage::MemoryViewStore at_once;
    {
        Projector projector(at_once);
        std::vector<Change> changes;
        for (const auto& entry : entries)
            projector.fold(projector.size(), entry, changes);
        REQUIRE(projector.commit().has_value());
    }
    const auto expected = contents(at_once);
    REQUIRE(expected.size() > end);

    std::mt19937_64 dice(seed);
    for (int round = 0; round < 8; ++round) {
        storage::MemoryViewStore store;
        const Projector::Limits limits{.documents_cached_max = 1U << storage::random_below(dice, 5)};
        const auto commit_odds = 1 + storage::random_below(dice, 60);
        const auto restart_odds = 1 + storage::random_below(dice, 200);
        auto projector = std::make_unique<Projector>(store, limits);
        std::vector<Change> changes;
        while (projector->size() < end) {
            projector->fold(projector->size(), entries[projector->size()], changes);
            if (storage::random_below(dice, commit_odds) == 0)
                REQUIRE(projector->commit().has_value());
            if (storage::random_below(dice, 30) == 0)
                REQUIRE(
                    projector->audience(RandomHistory::visit(storage::random_below(dice, 13))).has_value());
            if (storage::random_below(dice, 30) == 0)
                REQUIRE(
                    projector->view(RandomHistory::proposal(storage::random_below(dice, 17))).has_value());
            // What was not committed is lost with the projector, and folded again.
            if (storage::random_below(dice, restart_odds) == 0) {
                projector = std::make_unique<Projector>(store, limits);
                REQUIRE(projector->recall(*log).has_value());
            }
        }
        REQUIRE(projector->commit().has_value());
        REQUIRE(store.applied() == end);
        const auto found = contents(store);
        REQUIRE(found.size() == expected.size());
        for (const auto& [key, value] : expected) {
            INFO(key);
            REQUIRE(found.contains(key));
            REQUIRE(found.at(key) == value);
        }
    }
}

TEST_CASE("a rebuild from the log gives the live store, and tells its progress", "[property]") {
    RandomHistory random(storage::random_seed("projections: rebuild"));
    random.grow_to(events);
    const Size end = random.history().size();
    Folded live;
    live.fold(random.history());
    const auto log = log_of(random.history());

    storage::MemoryViewStore store;
    Size told = 0;
    {
        Projector projector(store);
        const auto half = projections::rebuild(projector, *log, end / 2, [&](Size folded) { told = folded; });
        REQUIRE(half.has_value());
        REQUIRE(told == end / 2);
        REQUIRE(store.applied() == end / 2);
    }
    Projector projector(store);
    REQUIRE(projections::rebuild(projector, *log, end, nullptr).has_value());
    REQUIRE(contents(store) == contents(live.store));
    REQUIRE(projections::rebuild(projector, *log, end, nullptr).has_value());
}

} // namespace mosty::test
