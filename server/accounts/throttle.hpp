#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <unordered_map>

namespace mosty::accounts {

// Slows down those who guess. Some attempts are free; each further one that fails doubles the pause before
// the next, up to the longest. After an hour without failures all is forgotten.
//
// An attempt counts as failed from its beginning on, so that many at once are not cheaper than one after the
// other. What nobody has asked for longest is forgotten first when the table is full.
//
// Threads: one at a time.
class Throttle {
public:
    using Time = std::chrono::steady_clock::time_point;
    using Pause = std::chrono::seconds;

    struct Limits {
        unsigned free_attempts = 5;
        Pause pause_max{900};
        std::size_t entries_max = 20'000;
    };

    explicit Throttle(Limits limits) : limits_(limits) {}

    // How long whoever is known by the key still has to wait; zero when an attempt may begin.
    Pause pause(const std::string& key, Time now) const;

    // An attempt begins. pause() must be zero.
    void begin(const std::string& key, Time now);

    // The attempt was no guess: it is forgotten, or all of them.
    void take_back(const std::string& key);
    void forget(const std::string& key);

    std::size_t size() const { return entries_.size(); }

private:
    struct Entry {
        std::string key;
        unsigned failures = 0;
        Time last; // failure
    };
    using Entries = std::list<Entry>; // the one asked for last in front

    Pause pause_after(unsigned failures) const;
    bool is_over(const Entry& entry, Time now) const;

    const Limits limits_;
    Entries entries_;
    std::unordered_map<std::string, Entries::iterator> by_key_;
};

// The network that an address belongs to, as far as one person's reach goes: an IPv4 address itself, of an
// IPv6 address the first 64 bits. `bytes` are 4 or 16.
std::string network_of(const unsigned char* bytes, std::size_t count);

} // namespace mosty::accounts
