#include "server/projections/working_store.hpp"

namespace mosty::projections {

void WorkingStore::put(std::string key, std::string value) {
    cells_.insert_or_assign(std::move(key), std::move(value));
}

void WorkingStore::remove(std::string key) {
    cells_.insert_or_assign(std::move(key), std::nullopt);
}

std::optional<std::string> WorkingStore::get(std::string_view key) {
    if (const auto waiting = cells_.find(key); waiting != cells_.end())
        return waiting->second;
    auto read = take(committed().get(key));
    return read ? std::move(*read) : std::nullopt;
}

const WorkingStore::Snapshot& WorkingStore::committed() {
    if (!snapshot_)
        snapshot_ = store_.snapshot();
    return *snapshot_;
}

Result<void, storage::ReadError> WorkingStore::commit(Size applied) {
    storage::ViewBatch batch;
    batch.puts = std::move(added_);
    batch.applied = applied;
    batch.puts.reserve(batch.puts.size() + cells_.size());
    while (!cells_.empty()) {
        auto cell = cells_.extract(cells_.begin());
        if (cell.mapped())
            batch.puts.emplace_back(std::move(cell.key()), std::move(*cell.mapped()));
        else
            batch.removes.push_back(std::move(cell.key()));
    }
    added_.clear();
    snapshot_.reset();
    if (failure_)
        return std::unexpected(*failure_);
    auto written = store_.write(batch);
    if (!written)
        failure_ = written.error();
    return written;
}

} // namespace mosty::projections
