#pragma once

#include "domain/proposal/event.hpp"

#include <string_view>

namespace mosty::proposal {

// Puts the changes into the fact. Returns the name of the first change that found no place.
std::string_view amend(Fact& fact, Changes changes);

} // namespace mosty::proposal
