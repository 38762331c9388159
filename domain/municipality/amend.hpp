#pragma once

#include "domain/municipality/event.hpp"

#include <string_view>

namespace mosty::municipality {

// Puts the changes into the row. Returns the name of the first change that found no place.
std::string_view amend(Row& row, Changes changes);

} // namespace mosty::municipality
