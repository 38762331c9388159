#pragma once

#include "domain/base/ids.hpp"
#include "server/evidence/refold.hpp"

#include <set>
#include <string>

namespace mosty::evidence {

// Adds the streams beside the proposal's own and its texts' from which its view is folded, as far as this
// event of the proposal names them: its partnership, and its partners in the registers, which tell the side
// that each is on.
void add_related(std::set<std::string, std::less<>>& streams, const codec::DecodedEntry& entry);

} // namespace mosty::evidence
