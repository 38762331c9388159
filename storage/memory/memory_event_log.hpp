#pragma once

#include "storage/event_log.hpp"
#include "storage/merkle/growth.hpp"

#include <array>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace mosty::storage {

// What a memory log keeps: its disk, so to say. It outlives the log, so a test can restart, and may be
// shared by several logs, each of which is then another writer to the others.
class MemoryDisk {
public:
    explicit MemoryDisk(std::string log_id = "00000000000000000000000000000000")
        : log_id_(std::move(log_id)) {}

private:
    friend class MemoryEventLog;

    const std::string log_id_;
    mutable std::mutex mutex_;
    std::deque<std::string> entries_;
    std::map<IndexKey, Position, std::less<>> keys_;
    merkle::Frontier tree_;
    std::array<std::vector<merkle::Hash>, merkle::tile_levels> hashes_; // by level
};

// An event log that lasts as long as its disk. For tests and simulations; the promises are the same.
//
//   auto disk = std::make_shared<MemoryDisk>();
//   MemoryEventLog ours(disk), other(disk);
//   other.append(batch, 0);          // another writer comes first
//   ours.append(batch_of_ours, 0);   // conflict
class MemoryEventLog final : public EventLog {
public:
    static constexpr Limits default_limits{.batch_entries_max = 4'096, .batch_bytes_max = 16u << 20};

    explicit MemoryEventLog(std::shared_ptr<MemoryDisk> disk = std::make_shared<MemoryDisk>(),
                            Limits limits = default_limits);

    Result<void, AppendError> append(std::span<const NewEntry> batch, Size expected_size) override;
    Result<std::vector<Entry>, ReadError> read(Position from, std::size_t count_max) const override;
    Result<std::optional<Position>, ReadError> find(std::string_view key) const override;
    Result<std::vector<KeyedPosition>, ReadError> scan(std::string_view prefix, std::string_view from,
                                                       std::size_t count_max) const override;
    Result<std::vector<merkle::Hash>, ReadError> hashes(unsigned level, std::uint64_t from,
                                                        std::size_t count_max) const override;
    Size size() const override;
    const std::string& log_id() const override;
    Limits limits() const override;

    // Whether the batch of an append that answers `unknown` got onto the disk after all.
    enum class Fate { lost, written };

    // The next append that would write answers `unknown`, and so does every later one, as after a disk
    // fault. A new log on the same disk is the restarted process.
    void make_next_append_unknown(Fate fate);

private:
    const std::shared_ptr<MemoryDisk> disk_;
    const Limits limits_;
    std::optional<Fate> next_fate_; // guarded by the disk's mutex
    bool failed_ = false;           // guarded by the disk's mutex
};

} // namespace mosty::storage
