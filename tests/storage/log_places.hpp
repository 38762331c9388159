#pragma once

#include "storage/memory/memory_event_log.hpp"
#include "storage/rocksdb/rocks_event_log.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <memory>

namespace mosty::storage {

// A place where logs of one kind live on when the object is gone. A new kind of log joins the
// conformance suites by one more of these.
class MemoryPlace {
public:
    std::unique_ptr<EventLog> open() { return std::make_unique<MemoryEventLog>(disk_); }

private:
    std::shared_ptr<MemoryDisk> disk_ = std::make_shared<MemoryDisk>();
};

class RocksPlace {
public:
    std::unique_ptr<EventLog> open() {
        auto log = RocksEventLog::open(folder_.path());
        REQUIRE(log.has_value());
        return std::move(*log);
    }

private:
    TemporaryFolder folder_;
};

} // namespace mosty::storage
