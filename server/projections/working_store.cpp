#include "server/projections/working_store.hpp"

#include "server/projections/keys.hpp"

namespace mosty::projections {

WorkingStore::WorkingStore(storage::ViewStore& store) : store_(store) {
    const Size applied = committed().applied();
    if (const auto stored = get(keys::views_hash()); stored && decode_views_hash(*stored).size == applied)
        hash_ = decode_views_hash(*stored).hash;
    else if (applied != 0 && !failure_)
        failure_ = storage::ReadError{"the view store does not say what its rows add up to"};
}

void WorkingStore::add(std::string key, std::string value) {
    if (is_counted(key))
        hash_.add(element_of(key, value));
    added_.emplace_back(std::move(key), std::move(value));
}

void WorkingStore::rewrite(std::string key, std::string value, std::optional<SetHash::Element>& counted) {
    if (!counted)
        if (const auto present = take(committed().get(key)); present && *present)
            counted = element_of(key, **present);
    if (counted)
        hash_.remove(*counted);
    counted = element_of(key, value);
    hash_.add(*counted);
    added_.emplace_back(std::move(key), std::move(value));
}

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

// A cell takes the place of what the store holds.
void WorkingStore::count(std::string_view key, const std::optional<std::string>& next) {
    if (!is_counted(key))
        return;
    if (const auto present = take(committed().get(key)); present && *present)
        hash_.remove(element_of(key, **present));
    if (next)
        hash_.add(element_of(key, *next));
}

Result<void, storage::ReadError> WorkingStore::commit(Size applied) {
    storage::ViewBatch batch;
    batch.puts = std::move(added_);
    batch.applied = applied;
    batch.puts.reserve(batch.puts.size() + cells_.size() + 1);
    while (!cells_.empty()) {
        auto cell = cells_.extract(cells_.begin());
        count(cell.key(), cell.mapped());
        if (cell.mapped())
            batch.puts.emplace_back(std::move(cell.key()), std::move(*cell.mapped()));
        else
            batch.removes.push_back(std::move(cell.key()));
    }
    batch.puts.emplace_back(keys::views_hash(), encode_views_hash({applied, hash_}));
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
