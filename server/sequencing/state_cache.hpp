#pragma once

#include "domain/domain.hpp"

#include <cstddef>
#include <list>
#include <unordered_map>

namespace mosty::sequencing {

// The states that the sequencer holds in memory, the least recently used leaving first. A state with
// events that are not durable yet stays until they are: it could not be folded from the log.
class StateCache {
public:
    explicit StateCache(std::size_t states_max) : states_max_(states_max) {}

    // The state, now the most recently used; nullptr when it is not held. Stays valid until the next put,
    // drop or trim.
    domain::State* find(const StreamId& stream);

    void put(const StreamId& stream, domain::State state);
    void drop(const StreamId& stream);
    bool holds(const StreamId& stream) const { return index_.contains(stream); }

    // The stream has events up to `position` that are not durable before the log's size exceeds it.
    void pin(const StreamId& stream, Position position);

    // Lets states go until at most `states_max` and `more` are held, but none with events at or after
    // `durable`.
    void trim(Size durable, std::size_t more);

    std::size_t count() const { return index_.size(); }

private:
    struct Held {
        StreamId stream;
        domain::State state;
        Size durable_from = 0; // the log size at which all its events are durable
    };

    const std::size_t states_max_;
    std::list<Held> used_; // the most recently used first
    std::unordered_map<StreamId, std::list<Held>::iterator> index_;
};

} // namespace mosty::sequencing
