#include "server/limits/addresses.hpp"

#include <utility>

namespace mosty::limits {
namespace {

constexpr std::size_t kept_at_least = 1'024;

} // namespace

std::shared_ptr<Visitor> Addresses::enter(AddressKey address, Time now) {
    if (visitors_.size() >= kept_at_least + 2 * looked_at_size_)
        forget_the_gone(now);
    auto& visitor = visitors_[address];
    if (!visitor)
        visitor = std::make_shared<Visitor>();
    if (visitor->connections >= connections_max_)
        return nullptr;
    ++visitor->connections;
    return visitor;
}

void Addresses::leave(AddressKey address, Time now) {
    const auto found = visitors_.find(address);
    if (found == visitors_.end() || --found->second->connections > 0)
        return;
    if (found->second->requests.is_full(now))
        visitors_.erase(found);
}

// A look at all, each time that their number has doubled.
void Addresses::forget_the_gone(Time now) {
    std::erase_if(visitors_, [&](const auto& entry) {
        return entry.second->connections == 0 && entry.second->requests.is_full(now);
    });
    looked_at_size_ = visitors_.size();
}

} // namespace mosty::limits
