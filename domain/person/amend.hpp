#pragma once

#include "domain/person/event.hpp"

#include <string_view>

namespace mosty::person {

// Puts the changes into the profile. Returns the name of the first change that found no place.
std::string_view amend(Profile& profile, Changes changes);

} // namespace mosty::person
