#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "domain/person/state.hpp"
#include "storage/log_reader.hpp"

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mosty::events {

// To which organisation everybody belonged, and from which position on: folded from the person streams of a
// log's first `size()` entries. People who may sign in are thousands at most.
//
// Threads: one at a time.
class Affiliations {
public:
    // Reads every person stream through the index.
    static Result<Affiliations, std::string> load(const storage::LogReader& log, Size size);

    // Takes in the entries up to `size`, in order.
    Result<void, std::string> follow(const storage::LogReader& log, Size size);

    Size size() const { return size_; }

    // Whether anybody ever belonged to it, among the first size() entries.
    bool has_members(const std::string& organisation) const;

    // Whether an event at this position, below size(), was recorded by somebody who belonged to the
    // organisation then.
    bool belonged(const ActorId& actor, Position position, const std::string& organisation) const;

private:
    struct Member {
        person::State state;
        std::vector<std::pair<Position, std::string>> since; // ascending; belongs there after that entry
    };

    Result<void, std::string> take(const storage::Entry& entry);

    Size size_ = 0;
    std::unordered_map<ActorId, Member> members_;
};

} // namespace mosty::events
