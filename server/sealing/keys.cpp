#include "server/sealing/keys.hpp"

#include "domain/domain.hpp"

namespace mosty::sealing {
namespace {

constexpr std::size_t recent_max = 256;

} // namespace

Keys Keys::of(std::span<const DataKeyPtr> keys) {
    Settled settled;
    settled.reserve(keys.size());
    for (const DataKeyPtr& key : keys) {
        settled.erase(key->name); // its name must not outlive the one it was kept under
        settled.emplace(key->name, key);
    }
    Keys all;
    all.settled_ = std::make_shared<const Settled>(std::move(settled));
    return all;
}

const DataKey* Keys::find(std::string_view name) const {
    if (const auto found = recent_.find(name); found != recent_.end())
        return found->second.get();
    const auto found = settled_->find(name);
    return found == settled_->end() ? nullptr : found->second.get();
}

Keys Keys::with(DataKeyPtr key) const {
    Keys more = *this;
    more.recent_.erase(key->name); // as above
    const std::string_view name = key->name;
    more.recent_.emplace(name, std::move(key));
    if (more.recent_.size() <= recent_max)
        return more;
    Settled settled = *settled_;
    for (auto& [recent_name, recent] : more.recent_) {
        settled.erase(recent_name);
        settled.emplace(recent->name, recent);
    }
    more.settled_ = std::make_shared<const Settled>(std::move(settled));
    more.recent_.clear();
    return more;
}

void Keys::for_each(const std::function<void(const DataKey&)>& see) const {
    for (const auto& [name, key] : *settled_)
        if (!recent_.contains(name))
            see(*key);
    for (const auto& [name, key] : recent_)
        see(*key);
}

std::size_t Keys::size() const {
    std::size_t count = 0;
    for_each([&](const DataKey&) { ++count; });
    return count;
}

std::size_t Keys::destroyed() const {
    std::size_t count = 0;
    for_each([&](const DataKey& key) { count += key.key ? 0 : 1; });
    return count;
}

std::size_t Keys::destroyed_of_streams() const {
    std::size_t count = 0;
    for_each([&](const DataKey& key) { count += !key.key && domain::kind_of(StreamId(key.owner)) ? 1 : 0; });
    return count;
}

} // namespace mosty::sealing
