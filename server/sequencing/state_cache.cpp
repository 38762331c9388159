#include "server/sequencing/state_cache.hpp"

#include "domain/base/invariant.hpp"

namespace mosty::sequencing {

domain::State* StateCache::find(const StreamId& stream) {
    const auto found = index_.find(stream);
    if (found == index_.end())
        return nullptr;
    used_.splice(used_.begin(), used_, found->second);
    return &found->second->state;
}

void StateCache::put(const StreamId& stream, domain::State state) {
    MOSTY_INVARIANT(!holds(stream), "a state is put once");
    used_.push_front({stream, std::move(state), 0});
    index_.emplace(stream, used_.begin());
}

void StateCache::drop(const StreamId& stream) {
    const auto found = index_.find(stream);
    if (found == index_.end())
        return;
    used_.erase(found->second);
    index_.erase(found);
}

void StateCache::pin(const StreamId& stream, Position position) {
    const auto found = index_.find(stream);
    MOSTY_INVARIANT(found != index_.end(), "only a held state is changed");
    found->second->durable_from = position + 1;
}

void StateCache::trim(Size durable, std::size_t more) {
    for (auto held = used_.end(); index_.size() > states_max_ + more && held != used_.begin();) {
        --held;
        if (held->durable_from > durable)
            continue;
        index_.erase(held->stream);
        held = used_.erase(held);
    }
}

} // namespace mosty::sequencing
