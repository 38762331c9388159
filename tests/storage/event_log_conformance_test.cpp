#include "storage/event_log.hpp"
#include "tests/storage/child_process.hpp"
#include "tests/storage/log_places.hpp"
#include "tests/storage/random_seed.hpp"
#include "tests/storage/sample_entries.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

// What every log must keep, of its entries and keys; merkle/tree_test.cpp holds what it keeps of its tree.

namespace mosty::storage {
namespace {

std::vector<std::string> bytes_of(const Result<std::vector<Entry>, ReadError>& entries) {
    REQUIRE(entries.has_value());
    std::vector<std::string> bytes;
    for (const Entry& entry : *entries)
        bytes.push_back(entry.bytes);
    return bytes;
}

std::vector<std::string> keys_of(const Result<std::vector<KeyedPosition>, ReadError>& found) {
    REQUIRE(found.has_value());
    std::vector<std::string> keys;
    for (const KeyedPosition& at : *found)
        keys.push_back(at.key);
    return keys;
}

std::optional<Position> find(const EventLog& log, std::string_view key) {
    const auto found = log.find(key);
    REQUIRE(found.has_value());
    return *found;
}

using Strings = std::vector<std::string>;
using std::string_literals::operator""s;

} // namespace

TEMPLATE_TEST_CASE("a new log is empty and has an id", "[event_log]", MemoryPlace, RocksPlace) {
    TestType place;
    const auto log = place.open();

    REQUIRE(log->size() == 0);
    REQUIRE(log->log_id().size() == 32);
    REQUIRE(bytes_of(log->read(0, 10)).empty());
    REQUIRE(keys_of(log->scan("", "", 10)).empty());
    REQUIRE(find(*log, "anything") == std::nullopt);
}

TEMPLATE_TEST_CASE("a log reads entries back in the order of their appends", "[event_log]", MemoryPlace,
                   RocksPlace) {
    TestType place;
    const auto log = place.open();

    REQUIRE(log->append(std::vector<NewEntry>{{"a", {}}, {"b", {}}}, 0).has_value());
    REQUIRE(log->append(std::vector<NewEntry>{{"c", {}}}, 2).has_value());

    REQUIRE(log->size() == 3);
    REQUIRE(bytes_of(log->read(0, 10)) == Strings{"a", "b", "c"});
    REQUIRE(log->read(1, 1)->front().position == 1);
}

TEMPLATE_TEST_CASE("a read gives at most what is asked for and nothing past the end", "[event_log]",
                   MemoryPlace, RocksPlace) {
    TestType place;
    const auto log = place.open();
    REQUIRE(log->append(std::vector<NewEntry>{{"a", {}}, {"b", {}}, {"c", {}}}, 0).has_value());

    REQUIRE(bytes_of(log->read(1, 2)) == Strings{"b", "c"});
    REQUIRE(bytes_of(log->read(0, 0)).empty());
    REQUIRE(bytes_of(log->read(2, 100)) == Strings{"c"});
    REQUIRE(bytes_of(log->read(0, ~std::size_t{0})) == Strings{"a", "b", "c"});
    REQUIRE(bytes_of(log->read(3, 1)).empty());
    REQUIRE(bytes_of(log->read(~Position{0}, 5)).empty());
}

TEMPLATE_TEST_CASE("what an append has confirmed is there after reopening", "[event_log]", MemoryPlace,
                   RocksPlace) {
    TestType place;
    std::string log_id;
    for (Size size = 0; size < 5; ++size) {
        const auto log = place.open();
        REQUIRE(log->size() == size * 3);
        if (size > 0)
            REQUIRE(log->log_id() == log_id);
        log_id = log->log_id();
        REQUIRE(append_sample(*log, 3, 100));
    }

    const auto log = place.open();
    REQUIRE(log->size() == 15);
    REQUIRE(fault_of_sample(*log) == "");
}

TEMPLATE_TEST_CASE("a conflict writes neither entries nor keys", "[event_log]", MemoryPlace, RocksPlace) {
    TestType place;
    {
        const auto log = place.open();
        REQUIRE(append_sample(*log, 2));
        for (const Size wrong : {Size{0}, Size{1}, Size{3}, ~Size{0}}) {
            const auto answer = log->append(std::vector<NewEntry>{{"late", {"late"}}}, wrong);
            REQUIRE(!answer.has_value());
            REQUIRE(answer.error() == AppendError::conflict);
        }
        REQUIRE(log->size() == 2);
        REQUIRE(find(*log, "late") == std::nullopt);
        REQUIRE(append_sample(*log, 1)); // a conflict is not the end
    }
    const auto log = place.open();
    REQUIRE(log->size() == 3);
    REQUIRE(fault_of_sample(*log) == "");
}

TEMPLATE_TEST_CASE("an empty batch succeeds when the size matches, and only then", "[event_log]", MemoryPlace,
                   RocksPlace) {
    TestType place;
    const auto log = place.open();
    REQUIRE(log->append({}, 0).has_value());
    REQUIRE(append_sample(*log, 2));

    REQUIRE(log->append({}, 2).has_value());
    const auto answer = log->append({}, 1);
    REQUIRE(!answer.has_value());
    REQUIRE(answer.error() == AppendError::conflict);
    REQUIRE(log->size() == 2);
}

TEMPLATE_TEST_CASE("find tells every key's entry and no other key", "[event_log]", MemoryPlace, RocksPlace) {
    TestType place;
    const auto log = place.open();
    const Strings keys = {"",  "\0"s,  "\0\0"s, "\xff", "\xff\xff",
                          "a", "a\0"s, "a\xff", "ab",   std::string(2'000, 'k')};
    for (const std::string& key : keys)
        REQUIRE(log->append(std::vector<NewEntry>{{"of " + key, {key}}}, log->size()).has_value());

    for (Position position = 0; position < keys.size(); ++position)
        REQUIRE(find(*log, keys[position]) == position);
    for (const std::string& absent : {"b"s, "a\0\0"s, "\xff\xff\xff"s, "\xfe"s, std::string(1'999, 'k')})
        REQUIRE(find(*log, absent) == std::nullopt);
}

TEMPLATE_TEST_CASE("an entry may have several keys, and they may come from any entry of a batch",
                   "[event_log]", MemoryPlace, RocksPlace) {
    TestType place;
    const auto log = place.open();
    REQUIRE(
        log->append(std::vector<NewEntry>{{"a", {"x", "y"}}, {"b", {}}, {"c", {"w", "z"}}}, 0).has_value());

    REQUIRE(find(*log, "x") == 0);
    REQUIRE(find(*log, "y") == 0);
    REQUIRE(find(*log, "w") == 2);
    REQUIRE(find(*log, "z") == 2);
}

TEMPLATE_TEST_CASE("scan gives the keys of a prefix in byte order", "[event_log]", MemoryPlace, RocksPlace) {
    TestType place;
    const auto log = place.open();
    const Strings shuffled = {"p/\xff", "p/b", "q",  "p/\x80", "p",        "p/a",
                              "p/\0"s,  "p/",  "p0", "o\xff",  "\xff\xff", "\xff"};
    for (const std::string& key : shuffled)
        REQUIRE(log->append(std::vector<NewEntry>{{"", {key}}}, log->size()).has_value());

    const Strings in_p = {"p/", "p/\0"s, "p/a", "p/b", "p/\x80", "p/\xff"};
    REQUIRE(keys_of(log->scan("p/", "", 100)) == in_p);
    REQUIRE(keys_of(log->scan("p/", "", 2)) == Strings{"p/", "p/\0"s});
    REQUIRE(keys_of(log->scan("p/", "b", 100)) == Strings{"p/b", "p/\x80", "p/\xff"});
    REQUIRE(keys_of(log->scan("p/", "a\0"s, 1)) == Strings{"p/b"});
    REQUIRE(keys_of(log->scan("p/", "\xff\0"s, 1)).empty());
    REQUIRE(keys_of(log->scan("p/", "", 0)).empty());
    REQUIRE(keys_of(log->scan("\xff", "", 100)) == Strings{"\xff", "\xff\xff"});
    REQUIRE(keys_of(log->scan("\xff\xff", "", 100)) == Strings{"\xff\xff"});
    REQUIRE(keys_of(log->scan("r", "", 100)).empty());
    Strings all = shuffled;
    std::ranges::sort(all);
    REQUIRE(keys_of(log->scan("", "", 100)) == all);
    REQUIRE(log->scan("q", "", 1)->front().position == 2);
}

TEMPLATE_TEST_CASE("entries are kept byte for byte from empty to the longest", "[event_log]", MemoryPlace,
                   RocksPlace) {
    TestType place;
    std::string longest(entry_bytes_max, '\0');
    for (std::size_t i = 0; i < longest.size(); ++i)
        longest[i] = static_cast<char>(i * 131 >> 3);
    const std::vector<NewEntry> batch = {{"", {"empty"}}, {longest, {"longest"}}, {"\0\xff\n"s, {}}};
    REQUIRE(place.open()->append(batch, 0).has_value());

    const auto log = place.open();
    REQUIRE(bytes_of(log->read(0, 3)) == Strings{"", longest, "\0\xff\n"s});
    REQUIRE(bytes_of(log->read(1, 1)) == Strings{longest});
}

TEMPLATE_TEST_CASE("a batch as large as the limits allow is one append", "[event_log]", MemoryPlace,
                   RocksPlace) {
    TestType place;
    const auto log = place.open();
    const Limits limits = log->limits();
    REQUIRE(append_sample(*log, limits.batch_entries_max));
    const std::size_t longest = limits.batch_bytes_max / entry_bytes_max;
    REQUIRE(longest <= limits.batch_entries_max);
    REQUIRE(log->append(std::vector<NewEntry>(longest, {std::string(entry_bytes_max, 'x'), {}}), log->size())
                .has_value());

    REQUIRE(log->size() == limits.batch_entries_max + longest);
    REQUIRE(find(*log, "position/0") == 0);
    REQUIRE(log->read(0, log->size())->size() == log->size());
}

TEMPLATE_TEST_CASE("reads beside an append see whole batches and a size that never goes back", "[event_log]",
                   MemoryPlace, RocksPlace) {
    TestType place;
    const auto log = place.open();
    constexpr Size size_at_end = 600;
    std::atomic<int> faults = 0;
    const auto read_along = [&] {
        Size seen = 0;
        while (seen < size_at_end) {
            const Size size = log->size();
            if (size < seen || size % 3 != 0)
                ++faults;
            seen = size;
            if (size == 0)
                continue;
            const auto last = log->read(size - 3, 3);
            if (!last || last->size() != 3 ||
                !last->front().bytes.starts_with(std::to_string(size - 3) + " "))
                ++faults;
            const std::string next = "position/" + std::to_string(size);
            const auto found = log->find(next);
            if (!found || (*found && (**found != size || log->size() <= size)))
                ++faults;
            const auto scanned = log->scan("position/", "", 10'000);
            if (!scanned || scanned->size() < size || scanned->size() > log->size())
                ++faults;
        }
    };
    std::thread one(read_along), other(read_along);
    while (log->size() < size_at_end)
        if (!append_sample(*log, 3))
            ++faults;
    one.join();
    other.join();

    REQUIRE(faults == 0);
    REQUIRE(fault_of_sample(*log) == "");
}

TEMPLATE_TEST_CASE("a log answers as a plain vector and map would, through any history",
                   "[event_log][property]", MemoryPlace, RocksPlace) {
    const std::uint64_t seed = random_seed("event log against its model");
    std::mt19937_64 random(seed);
    const auto random_key = [&] {
        std::string key;
        for (auto length = random_below(random, 4); length-- > 0;)
            key += "\0a\xff"[random_below(random, 3)];
        return key;
    };
    TestType place;
    auto log = place.open();
    Strings entries;
    std::map<std::string, Position> index;
    for (int step = 0; step < 300; ++step) {
        INFO("MOSTY_SEED=" << seed << " step " << step);
        if (random_below(random, 20) == 0) {
            log.reset();
            log = place.open();
        }
        std::vector<NewEntry> batch;
        auto index_then = index;
        for (auto count = random_below(random, 4); count-- > 0;) {
            NewEntry entry{std::string(random_below(random, 300), static_cast<char>(random())), {}};
            const std::string key = random_key() + random_key();
            if (index_then.emplace(key, entries.size() + batch.size()).second)
                entry.keys.push_back(key);
            batch.push_back(std::move(entry));
        }
        const Size expected = random_below(random, 8) == 0 ? random_below(random, 400) : entries.size();
        const auto answer = log->append(batch, expected);
        REQUIRE(answer.has_value() == (expected == entries.size()));
        if (answer) {
            for (const NewEntry& entry : batch)
                entries.push_back(entry.bytes);
            index = std::move(index_then);
        }

        REQUIRE(log->size() == entries.size());
        const std::string key = random_key(), from = random_key();
        const auto at = index.find(key);
        REQUIRE(find(*log, key) == (at == index.end() ? std::nullopt : std::optional(at->second)));
        Strings expected_keys;
        for (auto each = index.lower_bound(key + from); each != index.end() && each->first.starts_with(key);
             ++each)
            if (expected_keys.size() < 20)
                expected_keys.push_back(each->first);
        REQUIRE(keys_of(log->scan(key, from, 20)) == expected_keys);
        const Position begin = random_below(random, entries.size() + 2);
        const Size count = random_below(random, 10);
        const auto first = entries.begin() + static_cast<std::ptrdiff_t>(std::min(begin, entries.size()));
        const auto last = first + static_cast<std::ptrdiff_t>(std::min<Size>(count, entries.end() - first));
        REQUIRE(bytes_of(log->read(begin, count)) == Strings(first, last));
    }
}

// Each of these appends breaks a rule of the caller's and must abort the process.
TEMPLATE_TEST_CASE("hidden: an append breaks a rule", "[.]", MemoryPlace, RocksPlace) {
    TestType place;
    const auto log = place.open();
    REQUIRE(log->append(std::vector<NewEntry>{{"", {"taken"}}}, 0).has_value());
    const std::string rule = std::getenv("MOSTY_RULE");
    std::vector<NewEntry> batch;
    if (rule == "key exists")
        batch = {{"", {"taken"}}};
    if (rule == "key twice in a batch")
        batch = {{"", {"new"}}, {"", {"new"}}};
    if (rule == "entry too long")
        batch = {{std::string(entry_bytes_max + 1, 'x'), {}}};
    if (rule == "too many entries")
        batch.resize(log->limits().batch_entries_max + 1);
    if (rule == "too many bytes")
        batch.resize(log->limits().batch_bytes_max / entry_bytes_max + 1,
                     {std::string(entry_bytes_max, 'x'), {}});
    (void)log->append(batch, 1);
}

TEST_CASE("an append that breaks a rule of the caller's aborts", "[event_log]") {
    const TemporaryFolder folder;
    for (const std::string place : {"MemoryPlace", "RocksPlace"})
        for (const std::string rule :
             {"key exists", "key twice in a batch", "entry too long", "too many entries", "too many bytes"}) {
            INFO(place << ", " << rule);
            REQUIRE(aborts("hidden: an append breaks a rule - " + place,
                           {{"MOSTY_RULE", rule}, {"MOSTY_TEST_FOLDER", folder.path().string()}}));
        }
}

} // namespace mosty::storage
