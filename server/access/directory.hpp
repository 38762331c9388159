#pragma once

#include "domain/base/actor.hpp"
#include "domain/base/result.hpp"
#include "domain/codec/entry.hpp"
#include "domain/person/evolve.hpp"
#include "storage/log_reader.hpp"

#include <string>
#include <unordered_map>
#include <vector>

namespace mosty::access {

// Who everybody is, folded from the committed events of the person streams. Held whole in memory: those
// who may sign in are thousands at most.
//
// Threads: the core thread's.
class Directory {
public:
    // Reads every person stream of the log.
    static Result<Directory, std::string> load(const storage::LogReader& log);

    // Takes in a committed entry; those of other streams are passed over.
    void fold(const codec::DecodedEntry& entry);

    const person::State* find(const ActorId& actor) const;

    std::vector<ActorId> everybody() const;

private:
    std::unordered_map<ActorId, person::State> people_;
};

} // namespace mosty::access
