#pragma once

#include "server/projections/fold.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace mosty::projections {

// The texts of the rows that lists of entities show, made from the entity's view as it is when the log
// holds `size` entries.
std::string partnership_row(const Entity& entity, Size size);
std::string visit_row(const Entity& entity, Size size);

// A proposal's in two: the part that most edits leave as it is, and the whole around it as of the proposal's
// own last event.
struct LastEvent {
    std::string_view size_text; // the log's size after it
    std::string_view at;
    std::string_view actor;
    std::int64_t revision = 0;
};
std::string proposal_row_body(const Entity& entity);
std::string proposal_row(const Entity& entity, const LastEvent& last);

} // namespace mosty::projections
