#include "storage/memory/memory_event_log.hpp"

#include "domain/base/invariant.hpp"
#include "storage/check_batch.hpp"

#include <algorithm>
#include <span>

namespace mosty::storage {

MemoryEventLog::MemoryEventLog(std::shared_ptr<MemoryDisk> disk, Limits limits)
    : disk_(std::move(disk)), limits_(limits) {
    MOSTY_INVARIANT(disk_ != nullptr, "a memory log needs a disk");
}

Result<void, AppendError> MemoryEventLog::append(std::span<const NewEntry> batch, Size expected_size) {
    check_batch(batch, limits_);
    const std::lock_guard lock(disk_->mutex_);
    if (failed_)
        return std::unexpected(AppendError::unknown);
    if (disk_->entries_.size() != expected_size)
        return std::unexpected(AppendError::conflict);
    if (batch.empty())
        return {};
    for (const NewEntry& entry : batch)
        for (const IndexKey& key : entry.keys)
            MOSTY_INVARIANT(!disk_->keys_.contains(key), "an index key names exactly one entry");

    failed_ = next_fate_.has_value();
    if (next_fate_ == Fate::lost)
        return std::unexpected(AppendError::unknown);
    for (const NewEntry& entry : batch) {
        for (const IndexKey& key : entry.keys)
            disk_->keys_.emplace(key, disk_->entries_.size());
        disk_->entries_.push_back(entry.bytes);
        disk_->tree_.add(0, merkle::leaf_hash(entry.bytes),
                         [this](unsigned level, std::uint64_t, const merkle::Hash& hash) {
                             disk_->hashes_[level].push_back(hash);
                         });
    }
    if (failed_)
        return std::unexpected(AppendError::unknown);
    return {};
}

Result<std::vector<Entry>, ReadError> MemoryEventLog::read(Position from, std::size_t count_max) const {
    const std::lock_guard lock(disk_->mutex_);
    std::vector<Entry> entries;
    if (from >= disk_->entries_.size())
        return entries;
    const Position end = from + std::min<Size>(count_max, disk_->entries_.size() - from);
    entries.reserve(end - from);
    for (Position position = from; position < end; ++position)
        entries.push_back({position, disk_->entries_[position]});
    return entries;
}

Result<std::optional<Position>, ReadError> MemoryEventLog::find(std::string_view key) const {
    const std::lock_guard lock(disk_->mutex_);
    const auto found = disk_->keys_.find(key);
    if (found == disk_->keys_.end())
        return std::nullopt;
    return found->second;
}

Result<std::vector<KeyedPosition>, ReadError>
MemoryEventLog::scan(std::string_view prefix, std::string_view from, std::size_t count_max) const {
    const std::lock_guard lock(disk_->mutex_);
    std::vector<KeyedPosition> found;
    const std::string first = std::string(prefix).append(from);
    for (auto at = disk_->keys_.lower_bound(first);
         at != disk_->keys_.end() && at->first.starts_with(prefix) && found.size() < count_max; ++at)
        found.push_back({at->first, at->second});
    return found;
}

Result<std::vector<merkle::Hash>, ReadError> MemoryEventLog::hashes(unsigned level, std::uint64_t from,
                                                                    std::size_t count_max) const {
    const std::lock_guard lock(disk_->mutex_);
    if (level >= disk_->hashes_.size() || from >= disk_->hashes_[level].size())
        return std::vector<merkle::Hash>{};
    const std::span<const merkle::Hash> there = std::span(disk_->hashes_[level]).subspan(from);
    const auto wanted = there.first(std::min(count_max, there.size()));
    return std::vector<merkle::Hash>(wanted.begin(), wanted.end());
}

Size MemoryEventLog::size() const {
    const std::lock_guard lock(disk_->mutex_);
    return disk_->entries_.size();
}

const std::string& MemoryEventLog::log_id() const {
    return disk_->log_id_;
}

Limits MemoryEventLog::limits() const {
    return limits_;
}

void MemoryEventLog::make_next_append_unknown(Fate fate) {
    const std::lock_guard lock(disk_->mutex_);
    next_fate_ = fate;
}

} // namespace mosty::storage
