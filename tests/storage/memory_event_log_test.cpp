#include "storage/memory/memory_event_log.hpp"
#include "tests/storage/sample_entries.hpp"

#include <catch2/catch.hpp>

namespace mosty::storage {

TEST_CASE("two memory logs on one disk are each other's other writer", "[event_log]") {
    const auto disk = std::make_shared<MemoryDisk>();
    MemoryEventLog ours(disk), other(disk);

    REQUIRE(append_sample(other, 2));
    const auto answer = ours.append(sample_batch(0, 1), 0);

    REQUIRE(!answer.has_value());
    REQUIRE(answer.error() == AppendError::conflict);
    REQUIRE(ours.size() == 2);
    REQUIRE(append_sample(ours, 1));
    REQUIRE(fault_of_sample(other) == "");
}

TEST_CASE("a memory log told to be unknown stays so, whatever became of the batch", "[event_log]") {
    const auto fate = GENERATE(MemoryEventLog::Fate::lost, MemoryEventLog::Fate::written);
    const auto disk = std::make_shared<MemoryDisk>();
    MemoryEventLog log(disk);
    REQUIRE(append_sample(log, 1));

    log.make_next_append_unknown(fate);
    REQUIRE(log.append(sample_batch(1, 2), 1).error() == AppendError::unknown);
    REQUIRE(log.append(sample_batch(log.size(), 1), log.size()).error() == AppendError::unknown);
    REQUIRE(log.append({}, log.size()).error() == AppendError::unknown);

    MemoryEventLog restarted(disk);
    REQUIRE(restarted.size() == (fate == MemoryEventLog::Fate::written ? 3 : 1));
    REQUIRE(append_sample(restarted, 1));
    REQUIRE(fault_of_sample(restarted) == "");
}

TEST_CASE("a memory log can state the limits of a distributed one", "[event_log]") {
    const MemoryEventLog log(std::make_shared<MemoryDisk>(),
                             {.batch_entries_max = 256, .batch_bytes_max = 256u << 10});

    REQUIRE(log.limits().batch_entries_max == 256);
    REQUIRE(log.limits().batch_bytes_max == 256u << 10);
}

} // namespace mosty::storage
