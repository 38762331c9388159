#pragma once

#include "domain/domain.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <unordered_map>

namespace mosty::sequencing {

// The states that the sequencer holds in memory, bounded in number and size, the least recently used leaving
// first. A state with
// events that are not durable yet stays until they are: it could not be folded from the log.
class StateCache {
public:
    StateCache(std::size_t states_max, std::size_t bytes_max)
        : states_max_(states_max), bytes_max_(bytes_max) {}

    // What time it is from now on, in any unit that only grows: a state is last used at the time of its last
    // find().
    void set_time(std::int64_t now) { now_ = now; }

    // The state, now the most recently used; nullptr when it is not held. Stays valid until the next put,
    // drop or trim.
    domain::State* find(const StreamId& stream);

    void put(const StreamId& stream, domain::State state);
    void drop(const StreamId& stream);
    bool holds(const StreamId& stream) const { return index_.contains(stream); }

    // The stream has events up to `position` that are not durable before the log's size exceeds it.
    void pin(const StreamId& stream, Position position);

    // Looks again how much memory a held state takes.
    void weigh(const StreamId& stream);

    // Lets go those that were not used since before `idle_since`, but none with events at or after `durable`.
    void trim_idle(Size durable, std::int64_t idle_since);

    // Lets states go until at most `states_max` and `more`, and `bytes_max` in all, are held, but none with
    // events at or after `durable`.
    void trim(Size durable, std::size_t more);

    std::size_t count() const { return index_.size(); }

private:
    struct Held {
        StreamId stream;
        domain::State state;
        Size durable_from = 0; // the log size at which all its events are durable
        std::size_t bytes = 0;
        std::int64_t used_at = 0;
    };

    void erase(std::list<Held>::iterator held);

    const std::size_t states_max_;
    const std::size_t bytes_max_;
    std::size_t bytes_ = 0;
    std::int64_t now_ = 0;
    std::list<Held> used_; // the most recently used first
    std::unordered_map<StreamId, std::list<Held>::iterator> index_;
};

} // namespace mosty::sequencing
