#pragma once

#include "domain/base/result.hpp"
#include "server/core/service_command.hpp"

#include <string>

namespace mosty::demo {

// Fills an empty log with the Bridges of Trust programme. The error names the command that was refused.
Result<void, std::string> load(core::ServiceDoor& door);

// A few people of the demo, one a line: name, whom they act for, what they are good for.
std::string who_to_sign_in_as();

} // namespace mosty::demo
