#include "storage/memory/memory_view_store.hpp"

#include "storage/byte_prefix.hpp"

#include <utility>

namespace mosty::storage {

class MemoryViewStore::StateSnapshot final : public Snapshot {
public:
    explicit StateSnapshot(std::shared_ptr<const State> state) : state_(std::move(state)) {}

    Size applied() const override { return state_->applied; }

    Result<std::optional<std::string>, ReadError> get(std::string_view key) const override {
        const auto found = state_->values.find(key);
        if (found == state_->values.end())
            return std::nullopt;
        return found->second;
    }

    Result<std::vector<KeyValue>, ReadError> scan(std::string_view prefix, std::string_view from,
                                                  std::size_t count_max, Order order) const override {
        const std::string first = std::string(prefix).append(from);
        return order == Order::ascending ? ascending(prefix, first, count_max)
                                         : descending(prefix, first, from.empty(), count_max);
    }

private:
    std::vector<KeyValue> ascending(std::string_view prefix, const std::string& first,
                                    std::size_t count_max) const {
        std::vector<KeyValue> found;
        for (auto at = state_->values.lower_bound(first);
             at != state_->values.end() && at->first.starts_with(prefix) && found.size() < count_max; ++at)
            found.push_back({at->first, at->second});
        return found;
    }

    std::vector<KeyValue> descending(std::string_view prefix, const std::string& last, bool from_the_end,
                                     std::size_t count_max) const {
        const auto& values = state_->values;
        const auto prefix_end = after_prefix(prefix);
        auto at = values.end();
        if (!from_the_end)
            at = values.upper_bound(last);
        else if (prefix_end)
            at = values.lower_bound(*prefix_end);

        std::vector<KeyValue> found;
        while (at != values.begin() && found.size() < count_max) {
            --at;
            if (!at->first.starts_with(prefix))
                break;
            found.push_back({at->first, at->second});
        }
        return found;
    }

    const std::shared_ptr<const State> state_;
};

MemoryViewStore::MemoryViewStore() : state_(std::make_shared<State>()) {}

Result<void, ReadError> MemoryViewStore::write(const ViewBatch& batch) {
    const std::lock_guard lock(mutex_);
    if (std::exchange(shared_, false))
        state_ = std::make_shared<State>(*state_);
    for (const auto& [key, value] : batch.puts)
        state_->values.insert_or_assign(key, value);
    for (const std::string& key : batch.removes)
        state_->values.erase(key);
    state_->applied = batch.applied;
    return {};
}

std::shared_ptr<const ViewStore::Snapshot> MemoryViewStore::snapshot() const {
    const std::lock_guard lock(mutex_);
    shared_ = true;
    return std::make_shared<StateSnapshot>(state_);
}

Size MemoryViewStore::applied() const {
    const std::lock_guard lock(mutex_);
    return state_->applied;
}

Result<void, ReadError> MemoryViewStore::flush() {
    return {};
}

} // namespace mosty::storage
