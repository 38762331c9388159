#pragma once

#include "domain/base/actor.hpp"
#include "domain/base/result.hpp"
#include "domain/codec/entry.hpp"
#include "domain/person/evolve.hpp"
#include "domain/person/principals.hpp"
#include "storage/log_reader.hpp"

#include <optional>
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

    // As whom somebody acts on this day, deputies with the role of the one they represent; nothing for those
    // who take no part.
    std::optional<Actor> acting(const ActorId& actor, PartialDate today) const;

    std::vector<ActorId> everybody() const;

    const person::Principals& principals() const { return principals_; }

private:
    std::unordered_map<ActorId, person::State> people_;
    person::Principals principals_;
};

} // namespace mosty::access
