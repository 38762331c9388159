#include "server/accounts/throttle.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mosty::accounts {
namespace {

constexpr std::chrono::hours forgotten_after{1};
constexpr unsigned doublings_max = 20;

} // namespace

Throttle::Pause Throttle::pause_after(unsigned failures) const {
    if (failures < limits_.free_attempts)
        return Pause{0};
    const unsigned doublings = std::min(failures - limits_.free_attempts, doublings_max);
    return std::min(limits_.pause_max, Pause{std::int64_t{1} << doublings});
}

bool Throttle::is_over(const Entry& entry, Time now) const {
    return now - entry.last >= forgotten_after + pause_after(entry.failures);
}

Throttle::Pause Throttle::pause(const std::string& key, Time now) const {
    const auto found = by_key_.find(key);
    if (found == by_key_.end() || is_over(*found->second, now))
        return Pause{0};
    const Time free = found->second->last + pause_after(found->second->failures);
    if (free <= now)
        return Pause{0};
    return std::chrono::ceil<Pause>(free - now);
}

void Throttle::begin(const std::string& key, Time now) {
    auto found = by_key_.find(key);
    if (found == by_key_.end()) {
        entries_.push_front({key, 0, now});
        found = by_key_.emplace(key, entries_.begin()).first;
    } else {
        entries_.splice(entries_.begin(), entries_, found->second);
    }
    Entry& entry = *found->second;
    if (is_over(entry, now))
        entry.failures = 0;
    ++entry.failures;
    entry.last = now;
    if (entries_.size() > limits_.entries_max) {
        by_key_.erase(entries_.back().key);
        entries_.pop_back();
    }
}

void Throttle::take_back(const std::string& key) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end())
        return;
    if (--found->second->failures == 0)
        forget(key);
}

void Throttle::forget(const std::string& key) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end())
        return;
    entries_.erase(found->second);
    by_key_.erase(found);
}

std::string network_of(const unsigned char* bytes, std::size_t count) {
    std::string network;
    for (std::size_t i = 0; i < std::min<std::size_t>(count, 8); ++i)
        network += fmt::format("{:02x}", bytes[i]);
    return network;
}

} // namespace mosty::accounts
