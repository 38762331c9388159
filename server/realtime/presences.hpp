#pragma once

#include "server/realtime/frames.hpp"

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace mosty::realtime {

// Who has which text open, and where they stand in it. Nothing of it is stored; whoever does not say it again
// is forgotten. What changed in a text is told at once with the rest, whenever take_changes() is called.
//
// Threads: the core thread's.
class Presences {
public:
    using Time = std::chrono::steady_clock::time_point;

    static constexpr std::chrono::seconds kept{30};
    static constexpr std::size_t shown_max = 200; // of one text; more are not told of

    // Somebody stands here; without a range, nowhere any more.
    void say(const std::string& topic, Standing standing, bool is_here, Time now);
    void leave(const std::string& topic, ConnectionId who);

    struct Change {
        std::string topic;
        std::string frame;
    };

    // What changed since the last call, one frame a text; and forgets those who were silent for too long.
    std::vector<Change> take_changes(Time now);

    // All who are there, for one who has just come; nothing when nobody is.
    std::optional<std::string> frame_of(const std::string& topic) const;

    bool empty() const { return texts_.empty(); }

private:
    struct Seen {
        Standing standing;
        Time until;
    };
    struct Text {
        std::unordered_map<ConnectionId, Seen> people;
        std::set<ConnectionId> moved;
        std::set<ConnectionId> gone;
    };

    std::unordered_map<std::string, Text> texts_;
};

} // namespace mosty::realtime
