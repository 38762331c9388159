#pragma once

#include "server/limits/budget.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>

namespace mosty::limits {

// An IPv4 address, or the first 64 bits of an IPv6 one, which is what one customer of a network gets.
struct AddressKey {
    std::uint64_t network = 0;
    bool is_v4 = false;
    bool operator==(const AddressKey&) const = default;
};

// What all connections from one address share.
struct Visitor {
    std::size_t connections = 0;
    Budget requests; // may be touched by any thread
};

// Who is connected from where, and how often.
//
// Threads: one, but for the visitors' budgets.
class Addresses {
public:
    explicit Addresses(std::size_t connections_max) : connections_max_(connections_max) {}

    // Counts a connection; nothing when its address has as many as it may. leave() must follow.
    std::shared_ptr<Visitor> enter(AddressKey address, Time now);
    void leave(AddressKey address, Time now);

    // How many addresses are remembered: those that are connected, and those that owe for requests, so that
    // nobody gets rid of a debt by connecting anew.
    std::size_t size() const { return visitors_.size(); }

private:
    struct Hash {
        std::size_t operator()(const AddressKey& key) const noexcept {
            return static_cast<std::size_t>((key.network ^ std::uint64_t{key.is_v4}) * 0x9e3779b97f4a7c15U);
        }
    };

    void forget_the_gone(Time now);

    const std::size_t connections_max_;
    std::unordered_map<AddressKey, std::shared_ptr<Visitor>, Hash> visitors_;
    std::size_t looked_at_size_ = 0;
};

} // namespace mosty::limits
