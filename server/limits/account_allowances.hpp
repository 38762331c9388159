#pragma once

#include "domain/base/ids.hpp"
#include "server/limits/allowance.hpp"

#include <array>
#include <atomic>
#include <cstddef>

namespace mosty::limits {

// The allowance of each account that has come by since the start, whatever connections and threads it comes
// through. There are as many as people who have signed in, so none is ever forgotten.
//
// Threads: any, without a lock: entries are only added.
class AccountAllowances {
public:
    explicit AccountAllowances(Allowance::Rates rates) : rates_(rates) {}
    ~AccountAllowances();
    AccountAllowances(const AccountAllowances&) = delete;
    AccountAllowances& operator=(const AccountAllowances&) = delete;

    // Lives as long as this.
    Allowance& of(const ActorId& actor);

private:
    struct Entry {
        ActorId actor;
        Allowance allowance;
        Entry* next = nullptr;
    };
    static constexpr std::size_t heads_count = 1'024;

    static Entry* find(Entry* first, const ActorId& actor);

    const Allowance::Rates rates_;
    std::array<std::atomic<Entry*>, heads_count> heads_{};
};

} // namespace mosty::limits
