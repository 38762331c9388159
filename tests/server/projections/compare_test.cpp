#include "domain/sites/view.hpp"
#include "folded.hpp"
#include "random_history.hpp"
#include "server/projections/compare.hpp"
#include "server/projections/keys.hpp"
#include "server/projections/topics.hpp"
#include "tests/storage/random_seed.hpp"

#include <set>

namespace mosty::test {

using projections::compare_views;
using projections::Comparison;

namespace {

Comparison compared(const storage::ViewStore& live, const storage::ViewStore& rebuilt) {
    return compare_views(*live.snapshot(), *rebuilt.snapshot()).value();
}

History some_history() {
    RandomHistory random(storage::random_seed("projections: compare"));
    random.grow_to(2'500); // more rows than are read at once
    return random.history();
}

} // namespace

TEST_CASE("stores of the same log are equal however they were cut into commits", "[compare][property]") {
    const History history = some_history();
    Folded rebuilt(history);
    storage::MemoryViewStore live;
    projections::Projector projector(live);
    std::vector<projections::Change> changes;
    for (const auto& entry : history.entries()) {
        projector.fold(projector.size(), entry, changes);
        if (projector.size() % 7 == 0)
            REQUIRE(projector.commit().has_value());
    }
    REQUIRE(projector.commit().has_value());
    const Comparison comparison = compared(live, rebuilt.store);
    CHECK(comparison.is_equal());
    CHECK(comparison.rows == contents(rebuilt.store).size());
    CHECK(comparison.rows > 2'000);
}

TEST_CASE("any row that was changed, lost or added is told", "[compare][property]") {
    const History history = some_history();
    Folded rebuilt(history);
    const auto rows = contents(rebuilt.store);
    std::mt19937_64 dice(storage::random_seed("projections: damage"));
    for (int round = 0; round < 60; ++round) {
        storage::MemoryViewStore live;
        storage::ViewBatch batch{
            .puts = {rows.begin(), rows.end()}, .removes = {}, .applied = history.size()};
        const auto row =
            std::next(rows.begin(), static_cast<std::ptrdiff_t>(storage::random_below(dice, rows.size())));
        const auto [key, value] = *row;
        const char* told = "is missing";
        if (round % 3 == 0) {
            std::string changed = value;
            changed += '!';
            batch.puts.emplace_back(key, changed);
            told = "is not what the log gives";
        } else if (round % 3 == 1) {
            batch.removes.push_back(key);
        } else {
            batch.puts.emplace_back(key + '!', value);
            told = "is not from the log";
        }
        REQUIRE(live.write(batch).has_value());
        const Comparison comparison = compared(live, rebuilt.store);
        INFO(key);
        REQUIRE(comparison.differences_total == 1);
        CHECK(comparison.differences.front().ends_with(told));
    }
}

TEST_CASE("no more differences are told than anybody reads, and all are counted", "[compare]") {
    Folded rebuilt(some_history());
    storage::MemoryViewStore live;
    REQUIRE(live.write({.puts = {}, .removes = {}, .applied = rebuilt.store.applied()}).has_value());
    const Comparison comparison = compared(live, rebuilt.store);
    CHECK(comparison.differences.size() == Comparison::differences_max);
    CHECK(comparison.differences_total == comparison.rows);
}

TEST_CASE("a state of a text may be kept later, but is compared once it is", "[compare]") {
    const History history = some_history();
    Folded rebuilt(history);
    rebuilt.projector.keep_text_state("text/proposal/pr-1/needs", 1'000, "a state");
    REQUIRE(rebuilt.projector.commit().has_value());
    Folded live(history);
    CHECK(compared(live.store, rebuilt.store).is_equal());
    live.projector.keep_text_state("text/proposal/pr-1/needs", 1'000, "another");
    REQUIRE(live.projector.commit().has_value());
    CHECK(compared(live.store, rebuilt.store).differences_total == 1);
}

TEST_CASE("every topic that holds anything is named once, in order", "[topics]") {
    RandomHistory random(storage::random_seed("projections: topics"));
    random.grow_to(900);
    Folded folded(random.history());
    std::set<std::string> expected;
    storage::MemoryViewStore store;
    projections::Projector projector(store);
    std::vector<projections::Change> changes;
    for (const auto& entry : random.history().entries())
        projector.fold(projector.size(), entry, changes);
    for (const projections::Change& change : changes)
        if (!sites::view_named(change.topic)) // what places are is in no store
            expected.insert(change.topic);
    const auto topics = projections::recorded_topics(*folded.store.snapshot()).value();
    CHECK(topics == std::vector<std::string>(expected.begin(), expected.end()));
}

} // namespace mosty::test
