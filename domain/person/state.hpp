#pragma once

#include "domain/history/trail.hpp"
#include "domain/person/event.hpp"

namespace mosty::person {

// A person as registered, with every correction; nothing of one who was erased.
struct State {
    Revision revision = 0;
    Profile profile;
    Trail<Profile> trail;
    bool erased = false;

    bool exists() const { return revision > 0; }
    bool may_act() const { return exists() && !erased; }
};

} // namespace mosty::person
