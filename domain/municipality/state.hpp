#pragma once

#include "domain/history/trail.hpp"
#include "domain/municipality/event.hpp"

namespace mosty::municipality {

// A town as it stands: its newest row with every correction. `as_registered` is that row as the register
// gave it, so that importing the same register again does not undo a correction.
struct State {
    Revision revision = 0;
    Row row;
    Row as_registered;
    Trail<Row> trail;

    bool exists() const { return revision > 0; }
};

} // namespace mosty::municipality
