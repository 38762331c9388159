#include "storage/memory/memory_view_store.hpp"
#include "storage/rocksdb/rocks_view_store.hpp"
#include "storage/view_store.hpp"
#include "tests/storage/random_seed.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

// What every view store must keep.

namespace mosty::storage {
namespace {

class MemoryPlace {
public:
    std::unique_ptr<ViewStore> open() { return std::make_unique<MemoryViewStore>(); }
};

class RocksPlace {
public:
    std::unique_ptr<ViewStore> open() {
        auto store =
            RocksViewStore::open(folder_.path(), {.log_id = "log", .format = "1", .log_size = 1'000});
        REQUIRE(store.has_value());
        return std::move(*store);
    }

private:
    TemporaryFolder folder_;
};

class EncryptedRocksPlace {
public:
    std::unique_ptr<ViewStore> open() {
        auto store = RocksViewStore::open(folder_.path(), {.log_id = "log", .format = "1", .log_size = 1'000},
                                          {.key = std::string(32, 'k')});
        REQUIRE(store.has_value());
        return std::move(*store);
    }

private:
    TemporaryFolder folder_;
};

using Strings = std::vector<std::string>;
using std::string_literals::operator""s;

std::optional<std::string> get(const ViewStore& store, std::string_view key) {
    const auto value = store.snapshot()->get(key);
    REQUIRE(value.has_value());
    return *value;
}

Strings keys(const ViewStore& store, std::string_view prefix, std::string_view from, std::size_t count_max,
             Order order) {
    const auto found = store.snapshot()->scan(prefix, from, count_max, order);
    REQUIRE(found.has_value());
    Strings names;
    for (const KeyValue& each : *found)
        names.push_back(each.key);
    return names;
}

} // namespace

TEMPLATE_TEST_CASE("a new view store is empty and stands for no entries", "[view_store]", MemoryPlace,
                   RocksPlace, EncryptedRocksPlace) {
    TestType place;
    const auto store = place.open();

    REQUIRE(store->applied() == 0);
    REQUIRE(store->snapshot()->applied() == 0);
    REQUIRE(get(*store, "a") == std::nullopt);
    REQUIRE(keys(*store, "", "", 10, Order::ascending).empty());
    REQUIRE(keys(*store, "", "", 10, Order::descending).empty());
}

TEMPLATE_TEST_CASE("a view batch puts, the later over the earlier, and then removes", "[view_store]",
                   MemoryPlace, RocksPlace, EncryptedRocksPlace) {
    TestType place;
    const auto store = place.open();
    const ViewBatch batch = {
        .puts = {{"a", "1"}, {"b", "1"}, {"a", "2"}, {"c", "1"}}, .removes = {"c", "absent"}, .applied = 7};
    REQUIRE(store->write(batch).has_value());

    REQUIRE(get(*store, "a") == "2");
    REQUIRE(get(*store, "b") == "1");
    REQUIRE(get(*store, "c") == std::nullopt);
    REQUIRE(store->applied() == 7);
    REQUIRE(store->write({.puts = {{"c", ""}}, .removes = {"a"}, .applied = 8}).has_value());
    REQUIRE(get(*store, "a") == std::nullopt);
    REQUIRE(get(*store, "c") == "");
}

TEMPLATE_TEST_CASE("a snapshot does not change when the store does", "[view_store]", MemoryPlace, RocksPlace,
                   EncryptedRocksPlace) {
    TestType place;
    auto store = place.open();
    REQUIRE(store->write({.puts = {{"a", "1"}, {"b", "1"}}, .removes = {}, .applied = 1}).has_value());
    const auto before = store->snapshot();
    REQUIRE(store->write({.puts = {{"a", "2"}, {"c", "2"}}, .removes = {"b"}, .applied = 2}).has_value());
    const auto after = store->snapshot();

    const auto check = [&] {
        REQUIRE(before->applied() == 1);
        REQUIRE(before->get("a").value() == "1");
        REQUIRE(before->get("b").value() == "1");
        REQUIRE(before->get("c").value() == std::nullopt);
        REQUIRE(before->scan("", "", 10)->size() == 2);
        REQUIRE(after->applied() == 2);
        REQUIRE(after->get("a").value() == "2");
        REQUIRE(after->get("b").value() == std::nullopt);
    };
    check();
    REQUIRE(store->flush().has_value());
    store.reset(); // a snapshot outlives its store
    check();
}

TEMPLATE_TEST_CASE("a view store scans a prefix upwards and downwards", "[view_store]", MemoryPlace,
                   RocksPlace, EncryptedRocksPlace) {
    TestType place;
    const auto store = place.open();
    ViewBatch batch;
    for (const std::string& key : {"p/\xff"s, "p/b"s, "q"s, "p/\x80"s, "p"s, "p/a"s, "p/\0"s, "p/"s, "p0"s,
                                   "o\xff"s, "\xff\xff"s, "\xff"s})
        batch.puts.emplace_back(key, "of " + key);
    REQUIRE(store->write(batch).has_value());

    const auto up = Order::ascending, down = Order::descending;
    REQUIRE(keys(*store, "p/", "", 10, up) == Strings{"p/", "p/\0"s, "p/a", "p/b", "p/\x80", "p/\xff"});
    REQUIRE(keys(*store, "p/", "", 10, down) == Strings{"p/\xff", "p/\x80", "p/b", "p/a", "p/\0"s, "p/"});
    REQUIRE(keys(*store, "p/", "", 2, down) == Strings{"p/\xff", "p/\x80"});
    REQUIRE(keys(*store, "p/", "b", 10, up) == Strings{"p/b", "p/\x80", "p/\xff"});
    REQUIRE(keys(*store, "p/", "b", 10, down) == Strings{"p/b", "p/a", "p/\0"s, "p/"});
    REQUIRE(keys(*store, "p/", "aa", 1, up) == Strings{"p/b"});
    REQUIRE(keys(*store, "p/", "aa", 1, down) == Strings{"p/a"});
    REQUIRE(keys(*store, "p/", "", 0, up).empty());
    REQUIRE(keys(*store, "p/", "", 0, down).empty());
    REQUIRE(keys(*store, "\xff", "", 10, down) == Strings{"\xff\xff", "\xff"});
    REQUIRE(keys(*store, "", "", 2, down) == Strings{"\xff\xff", "\xff"});
    REQUIRE(keys(*store, "", "", 2, up) == Strings{"o\xff", "p"});
    REQUIRE(keys(*store, "absent", "", 10, up).empty());
    REQUIRE(keys(*store, "absent", "", 10, down).empty());
    REQUIRE(store->snapshot()->scan("q", "", 1)->front().value == "of q");
}

TEMPLATE_TEST_CASE("a view store's snapshots beside its writer are never a mixture", "[view_store]",
                   MemoryPlace, RocksPlace, EncryptedRocksPlace) {
    TestType place;
    const auto store = place.open();
    constexpr Size last = 500;
    std::atomic<int> faults = 0;
    std::thread reader([&] {
        Size seen = 0;
        while (seen < last) {
            const auto snapshot = store->snapshot();
            const Size applied = snapshot->applied();
            if (applied < seen)
                ++faults;
            seen = applied;
            for (const char* key : {"a", "b"}) {
                const auto value = snapshot->get(key);
                if (!value || value->value_or("0") != std::to_string(applied))
                    ++faults;
            }
        }
    });
    for (Size applied = 1; applied <= last; ++applied) {
        const std::string value = std::to_string(applied);
        if (!store->write({.puts = {{"a", value}, {"b", value}}, .removes = {}, .applied = applied}))
            ++faults;
    }
    reader.join();

    REQUIRE(faults == 0);
}

TEMPLATE_TEST_CASE("a view store answers as a plain map would, through any history", "[view_store][property]",
                   MemoryPlace, RocksPlace, EncryptedRocksPlace) {
    const std::uint64_t seed = random_seed("view store against its model");
    std::mt19937_64 random(seed);
    const auto random_key = [&] {
        std::string key;
        for (auto length = random_below(random, 4); length-- > 0;)
            key += "\0a\xff"[random_below(random, 3)];
        return key;
    };
    TestType place;
    const auto store = place.open();
    std::map<std::string, std::string> model;
    for (Size step = 1; step <= 300; ++step) {
        INFO("MOSTY_SEED=" << seed << " step " << step);
        ViewBatch batch{.puts = {}, .removes = {}, .applied = step};
        for (auto count = random_below(random, 4); count-- > 0;)
            batch.puts.emplace_back(random_key(), std::to_string(random()));
        for (auto count = random_below(random, 3); count-- > 0;)
            batch.removes.push_back(random_key());
        for (const auto& [key, value] : batch.puts)
            model.insert_or_assign(key, value);
        for (const std::string& key : batch.removes)
            model.erase(key);
        REQUIRE(store->write(batch).has_value());

        const std::string prefix = random_key(), from = random_key();
        Strings upwards, downwards;
        for (const auto& [key, value] : model) {
            if (!key.starts_with(prefix))
                continue;
            if (key >= prefix + from)
                upwards.push_back(key);
            if (from.empty() || key <= prefix + from)
                downwards.insert(downwards.begin(), key);
        }
        REQUIRE(keys(*store, prefix, from, 100, Order::ascending) == upwards);
        REQUIRE(keys(*store, prefix, from, 100, Order::descending) == downwards);
        const auto found = model.find(prefix);
        REQUIRE(get(*store, prefix) == (found == model.end() ? std::nullopt : std::optional(found->second)));
    }
}

} // namespace mosty::storage
