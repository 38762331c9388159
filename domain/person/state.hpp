#pragma once

#include "domain/history/trail.hpp"
#include "domain/person/event.hpp"

namespace mosty::person {

// A person as registered, with every correction.
struct State {
    Revision revision = 0;
    Profile profile;
    Trail<Profile> trail;

    bool exists() const { return revision > 0; }
};

} // namespace mosty::person
