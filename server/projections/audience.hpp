#pragma once

#include <string>
#include <vector>

namespace mosty::projections {

// The municipalities whom an entity concerns, by their ids.
struct Audience {
    std::string ua;
    std::string eu;
    std::vector<std::string> partners; // of a proposal: all of them, the two above too
};

} // namespace mosty::projections
