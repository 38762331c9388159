#pragma once

#include "domain/person/state.hpp"

#include <algorithm>
#include <unordered_map>
#include <vector>

namespace mosty::person {

// Whom somebody may have been a deputy of: where to look for `acting_role`. It only grows; whether an
// appointment holds is for the principal's state to say.
class Principals {
public:
    // Takes in an event of the person's stream.
    void note(const ActorId& principal, const Event& event) {
        const auto* appointed = std::get_if<DeputyAppointed>(&event);
        if (!appointed)
            return;
        auto& known = of_[appointed->deputy];
        if (std::ranges::find(known, principal) == known.end())
            known.push_back(principal);
    }

    const std::vector<ActorId>& of(const ActorId& deputy) const {
        static const std::vector<ActorId> nobody;
        const auto found = of_.find(deputy);
        return found == of_.end() ? nobody : found->second;
    }

private:
    std::unordered_map<ActorId, std::vector<ActorId>> of_;
};

} // namespace mosty::person
