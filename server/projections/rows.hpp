#pragma once

#include "server/projections/entities.hpp"

#include <string>

namespace mosty::projections {

// The texts of the rows that lists of entities show, made from the entity's view as it is when the log
// holds `size` entries.
std::string partnership_row(const Entity& entity, Size size);
std::string visit_row(const Entity& entity, Size size);
std::string proposal_row(const Entity& entity, Size size);

} // namespace mosty::projections
