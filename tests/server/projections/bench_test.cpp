#include "history.hpp"
#include "server/projections/projector.hpp"
#include "storage/memory/memory_view_store.hpp"
#include "storage/rocksdb/rocks_view_store.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <numeric>

// Figures to look at, never judged: run with "[bench]".
namespace mosty::test {
namespace {

// The processor's time of this thread: other work on the machine does not count.
struct Clock {
    using duration = std::chrono::nanoseconds;
    static duration now() {
        timespec time{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return std::chrono::seconds(time.tv_sec) + duration(time.tv_nsec);
    }
};

constexpr int proposals = 1'000;
constexpr int edits = 100;
constexpr int partnerships = 30;

std::string town(int number, bool ukrainian) {
    return ukrainian ? fmt::format("UA321400100000{:05}", number) : fmt::format("HU_{}", 10'000 + number);
}

History beginnings() {
    History history;
    for (int i = 0; i < partnerships; ++i) {
        for (const bool ukrainian : {true, false}) {
            const std::string id = town(i, ukrainian);
            history.record(
                "municipality/" + id, "municipality.registered",
                fmt::format(R"({{"name":"Town {}","country":"{}","scheme":"{}","code":"{}","source":"x"}})",
                            i, ukrainian ? "UA" : "HU", ukrainian ? "katottg" : "gisco", id));
        }
        history.record(fmt::format("partnership/p-{}", i), "partnership.proposed",
                       fmt::format(R"({{"ua":"{}","eu":"{}","by":"ua","sectors":["energy"]}})", town(i, true),
                                   town(i, false)));
    }
    for (int i = 0; i < proposals; ++i) {
        const int p = i % partnerships;
        const std::string stream = fmt::format("proposal/pr-{}", i);
        history.record(
            stream, "proposal.drafted",
            fmt::format(R"({{"partnership":"p-{}","title":"Water for {}","lead":"ua","partners":["{}","{}"],)"
                        R"("sectors":["energy"],"summary":"A summary of some length, as people write it."}})",
                        p, i, town(p, true), town(p, false)));
        for (int line = 0; line < 5; ++line)
            history.record(
                stream, "proposal.budget_line_set",
                fmt::format(R"({{"line":"l-{}","category":"equipment","partner":"{}","description":"Pump",)"
                            R"("amount":{},"currency":"EUR","invented":false}})",
                            line, town(p, true), 1000 * line));
    }
    return history;
}

// What is measured: each proposal in turn, a summary, a title or a budget line.
void edit(History& history) {
    for (int round = 0; round < edits; ++round)
        for (int i = 0; i < proposals; ++i) {
            const std::string stream = fmt::format("proposal/pr-{}", i);
            if (round % 4 == 3)
                history.record(
                    stream, "proposal.budget_line_set",
                    fmt::format(
                        R"({{"line":"l-{}","category":"equipment","partner":"{}","description":"Pump",)"
                        R"("amount":{},"currency":"EUR","invented":false}})",
                        round % 5, town(i % partnerships, true), 1000 * round));
            else if (round % 4 == 2)
                history.record(stream, "proposal.edited",
                               fmt::format(R"({{"title":"Water for {} again {}"}})", i, round));
            else
                history.record(
                    stream, "proposal.edited",
                    fmt::format(R"({{"summary":"A summary of some length, as people write it, {} times."}})",
                                round));
        }
}

double mean(const std::vector<double>& times) {
    return std::accumulate(times.begin(), times.end(), 0.0) / static_cast<double>(times.size());
}

// What it takes when the machine has nothing else to do.
double best_tenth(std::vector<double> times) {
    std::ranges::sort(times);
    return times[times.size() / 10];
}

void measure(std::string_view name, storage::ViewStore& store, const History& history, Size first,
             Size batch) {
    projections::Projector projector(store);
    std::vector<projections::Change> changes;
    const auto fold_to = [&](Size to) {
        while (projector.size() < to) {
            changes.clear();
            for (Size i = 0; i < batch && projector.size() < to; ++i)
                projector.fold(projector.size(), history.entries()[projector.size()], changes);
            REQUIRE(projector.commit().has_value());
        }
    };
    fold_to(first);
    std::vector<double> folding, committing;
    while (projector.size() < history.size()) {
        changes.clear();
        const Size from = projector.size();
        const auto begin = Clock::now();
        for (Size i = 0; i < batch && projector.size() < history.size(); ++i)
            projector.fold(projector.size(), history.entries()[projector.size()], changes);
        const auto folded = Clock::now();
        const bool written = projector.commit().has_value();
        const auto committed = Clock::now();
        if (!written)
            FAIL("the store cannot be written");
        const auto each = [&](Clock::duration time) {
            return std::chrono::duration<double, std::micro>(time).count() /
                   static_cast<double>(projector.size() - from);
        };
        folding.push_back(each(folded - begin));
        committing.push_back(each(committed - folded));
    }
    fmt::print(
        "{:>8}, batches of {:>4}: fold {:.2f} µs (best tenth {:.2f}), commit {:.2f} µs (best tenth {:.2f})\n",
        name, batch, mean(folding), best_tenth(folding), mean(committing), best_tenth(committing));
}

} // namespace

TEST_CASE("how long an edit of a proposal takes", "[.][bench]") {
    History history = beginnings();
    const Size first = history.size();
    edit(history);
    for (const Size batch : {1, 16, 128, 1024}) {
        storage::MemoryViewStore memory;
        measure("memory", memory, history, first, batch);
        const storage::TemporaryFolder folder;
        auto rocks = storage::RocksViewStore::open(folder.path(), {"test", "1", 0});
        REQUIRE(rocks.has_value());
        measure("rocksdb", **rocks, history, first, batch);
    }
}

TEST_CASE("how long a municipality of the register takes", "[.][bench]") {
    constexpr int rows = 100'000;
    History history;
    for (int i = 0; i < rows; ++i)
        history.record(
            fmt::format("municipality/FR_{}", i), "municipality.registered",
            fmt::format(R"({{"name":"Saint-{}-sur-Hérault","country":"FR","scheme":"gisco","code":"FR_{}",)"
                        R"("region":"FRJ13","lat_e5":4340000,"lon_e5":340000,"area_ha":4000,)"
                        R"("population":{},"population_year":2020,"source":"GISCO LAU 2021"}})",
                        i % 997, i, i));
    storage::MemoryViewStore memory;
    measure("memory", memory, history, 0, 1024);
    const storage::TemporaryFolder folder;
    auto rocks = storage::RocksViewStore::open(folder.path(), {"test", "1", 0});
    REQUIRE(rocks.has_value());
    measure("rocksdb", **rocks, history, 0, 1024);
}

} // namespace mosty::test
