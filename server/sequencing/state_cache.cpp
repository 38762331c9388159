#include "server/sequencing/state_cache.hpp"

#include "domain/base/invariant.hpp"

#include <iterator>

namespace mosty::sequencing {

domain::State* StateCache::find(const StreamId& stream) {
    const auto found = index_.find(stream);
    if (found == index_.end())
        return nullptr;
    used_.splice(used_.begin(), used_, found->second);
    found->second->used_at = now_;
    return &found->second->state;
}

void StateCache::put(const StreamId& stream, domain::State state) {
    MOSTY_INVARIANT(!holds(stream), "a state is put once");
    const std::size_t bytes = domain::memory_bytes(state);
    used_.push_front({stream, std::move(state), 0, bytes, now_});
    index_.emplace(stream, used_.begin());
    bytes_ += bytes;
}

void StateCache::drop(const StreamId& stream) {
    const auto found = index_.find(stream);
    if (found == index_.end())
        return;
    erase(found->second);
}

void StateCache::erase(std::list<Held>::iterator held) {
    bytes_ -= held->bytes;
    index_.erase(held->stream);
    used_.erase(held);
}

void StateCache::weigh(const StreamId& stream) {
    const auto found = index_.find(stream);
    MOSTY_INVARIANT(found != index_.end(), "only a held state is weighed");
    bytes_ -= found->second->bytes;
    found->second->bytes = domain::memory_bytes(found->second->state);
    bytes_ += found->second->bytes;
}

void StateCache::pin(const StreamId& stream, Position position) {
    const auto found = index_.find(stream);
    MOSTY_INVARIANT(found != index_.end(), "only a held state is changed");
    found->second->durable_from = position + 1;
}

void StateCache::trim_idle(Size durable, std::int64_t idle_since) {
    while (!used_.empty() && used_.back().used_at < idle_since && used_.back().durable_from <= durable)
        erase(std::prev(used_.end()));
}

void StateCache::trim(Size durable, std::size_t more) {
    const auto too_much = [&] {
        return index_.size() > states_max_ + more || (more == 0 && bytes_ > bytes_max_);
    };
    for (auto held = used_.end(); too_much() && held != used_.begin();) {
        --held;
        if (held->durable_from > durable)
            continue;
        erase(held++);
    }
}

} // namespace mosty::sequencing
