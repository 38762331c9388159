#pragma once

#include "domain/base/ids.hpp"
#include "domain/sites/event.hpp"

#include <map>
#include <optional>

namespace mosty::sites {

inline constexpr std::size_t sites_max = 20;       // of a proposal, at one time
inline constexpr std::size_t sites_ever_max = 200; // those that were removed and erased too

struct Site {
    Side side = Side::ua;
    Audience audience = Audience::town;
    std::optional<Description> description; // of one that is there
    bool removed = false;
    bool erased = false;
    Revision recorded = 0;     // by which event
    Revision for_partners = 0; // the event by which both towns saw it last; 0 when they never did

    bool is_there() const { return !removed && !erased; }
};

// The places of critical infrastructure that one proposal is about.
struct State {
    Revision revision = 0;
    std::map<SiteId, Site> sites;

    bool exists() const { return revision > 0; }
};

} // namespace mosty::sites
