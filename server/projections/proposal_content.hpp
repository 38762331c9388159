#pragma once

#include "domain/proposal/event.hpp"
#include "server/projections/fold.hpp"

namespace mosty::projections {

// Writes what an event says of a proposal's content into its view: text, partners, budget, funding,
// indicators, and the totals and missing parts that follow from them. The other events write nothing.
void write_content(Fold& fold, Entity& entity, ViewChange& change, const proposal::Event& event);

} // namespace mosty::projections
