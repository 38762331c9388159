#pragma once

#include "domain/base/ids.hpp"

#include <utility>
#include <vector>

namespace mosty {

// The recorded facts of one stream that a correction may name, in the order they happened.
//
// Each holds its data as corrected so far. A fact taken back stays on the trail, marked: whoever folds
// the trail skips it. Finding a fact is linear, and only corrections look for one.
template <class Data>
class Trail {
public:
    struct Fact {
        EventId id;
        Revision revision = 0;
        Data data;
        bool retracted = false;
    };

    void record(EventId id, Revision revision, Data data) {
        facts_.push_back(Fact{std::move(id), revision, std::move(data)});
    }

    const Fact* find(const EventId& id) const {
        for (auto fact = facts_.rbegin(); fact != facts_.rend(); ++fact)
            if (fact->id == id)
                return &*fact;
        return nullptr;
    }

    Fact* find(const EventId& id) { return const_cast<Fact*>(std::as_const(*this).find(id)); }

    // The last fact that has not been taken back; nothing when there is none.
    const Fact* last() const {
        for (auto fact = facts_.rbegin(); fact != facts_.rend(); ++fact)
            if (!fact->retracted)
                return &*fact;
        return nullptr;
    }

    // Whether the fact opened the stream, so that everything else rests on it.
    bool is_first(const Fact& fact) const { return !facts_.empty() && &fact == &facts_.front(); }

    const std::vector<Fact>& facts() const { return facts_; }

private:
    std::vector<Fact> facts_;
};

} // namespace mosty
