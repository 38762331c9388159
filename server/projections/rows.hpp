#pragma once

#include "server/projections/fold.hpp"

#include <string>

namespace mosty::projections {

// The texts of the rows that lists of entities show, made from the entity's view as it is when the log
// holds `size` entries.
std::string partnership_row(const Entity& entity, Size size);
std::string visit_row(const Entity& entity, Size size);

// A proposal's in two: the part that most edits leave as it is, and the whole around it as of the event
// being folded, which is the proposal's own.
std::string proposal_row_body(const Entity& entity);
std::string proposal_row(const Entity& entity, const Fold& fold);

} // namespace mosty::projections
