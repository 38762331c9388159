#pragma once

#include "domain/base/actor.hpp"
#include "domain/rights/deed.hpp"
#include "domain/rights/reading.hpp"
#include "domain/rights/relation.hpp"

#include <string>

// Who may do and read what: the only place that decides. Whoever asks finds from the state how the actor
// stands to the matter, and whether it is possible at all just now is another question.
namespace mosty::rights {

bool may(Role role, Deed deed, Relation relation);

bool may_read(Role role, Reading reading, Relation relation);

// The two tables in Markdown, as domain/README.md has them.
std::string deeds_in_markdown();
std::string readings_in_markdown();

} // namespace mosty::rights
