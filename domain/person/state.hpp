#pragma once

#include "domain/history/trail.hpp"
#include "domain/person/event.hpp"

#include <cstddef>
#include <map>

namespace mosty::person {

// Of more tokens at one time it is not remembered which event made the oldest.
inline constexpr std::size_t tokens_remembered_max = 50;

// A person as registered, with every correction, and how they take part; nothing of one who was erased.
struct State {
    struct Deputy {
        ActorId deputy;
        PartialDate from;
        PartialDate until;
        Revision appointed = 0; // by which event
    };

    Revision revision = 0;
    Profile profile;
    Trail<Profile> trail;
    bool role_changed = false; // since registered: its role and organisation are no longer corrected

    std::optional<InvitationId> invitation; // that is open
    Revision invited = 0;                   // by which event, when one is open
    std::optional<InvitationId> joined;     // by which this person joined last
    std::vector<Deputy> deputies;           // appointed and not ended; some days may be past
    std::optional<ActorId> successor;
    bool left = false;
    Revision leaving = 0; // the event by which this person left
    bool erased = false;

    // What the credentials know; here only which event began it.
    Revision second_factor = 0;
    std::map<TokenId, Revision> tokens; // made and not revoked
    std::map<ProviderId, Revision> providers;

    bool exists() const { return revision > 0; }
    // Whether this person may do anything at all.
    bool acts() const { return exists() && !left && !erased; }
    bool is_represented_by(const ActorId& deputy, PartialDate today) const;
};

// The role in which a person acts on this day: the own one, or a higher one of somebody of the same
// organisation whose deputy the person is. `principals` may hold people who never appointed this one.
Role acting_role(const ActorId& id, const State& own, PartialDate today,
                 const std::vector<const State*>& principals);

} // namespace mosty::person
