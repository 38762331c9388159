#pragma once

#include "domain/base/actor.hpp"
#include "domain/base/rejection.hpp"
#include "domain/base/result.hpp"
#include "domain/rights/table.hpp"

namespace mosty::rights {

// Refuses what the table does not give, and says who could do it: `not_a_partner` where a town to which the
// matter belongs could send somebody of the same role, `not_allowed` otherwise.
Result<void, Rejection> check(const Actor& actor, Deed deed, Relation relation);

} // namespace mosty::rights
