#include "server/limits/account_allowances.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace mosty::limits {

AccountAllowances::~AccountAllowances() {
    for (auto& head : heads_)
        for (Entry* entry = head.load(); entry;)
            delete std::exchange(entry, entry->next);
}

AccountAllowances::Entry* AccountAllowances::find(Entry* first, const ActorId& actor) {
    while (first && first->actor != actor)
        first = first->next;
    return first;
}

Allowance& AccountAllowances::of(const ActorId& actor) {
    auto& head = heads_[std::hash<std::string>{}(actor.text()) % heads_count];
    Entry* first = head.load(std::memory_order_acquire);
    if (Entry* entry = find(first, actor))
        return entry->allowance;
    std::unique_ptr<Entry> added(new Entry{actor, Allowance(rates_), first});
    while (!head.compare_exchange_weak(added->next, added.get(), std::memory_order_acq_rel))
        if (Entry* entry = find(added->next, actor))
            return entry->allowance; // another thread was quicker
    return added.release()->allowance;
}

} // namespace mosty::limits
