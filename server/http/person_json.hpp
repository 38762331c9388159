#pragma once

#include "server/core/core.hpp"

#include <string>

namespace mosty::http {

// Somebody as told to browsers: {"actor","name","organisation","role","language","invented"}. `role` is that
// in which they act today; a deputy's own one is `own_role`.
std::string person_json(const core::Person& person);

// The same of the one who asks, with `demo`.
std::string me_json(const core::Person& person, bool demo);

} // namespace mosty::http
