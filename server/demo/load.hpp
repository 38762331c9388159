#pragma once

#include "domain/base/result.hpp"
#include "server/core/service_command.hpp"
#include "storage/log_reader.hpp"

#include <string>

namespace mosty::demo {

// Whether the log is empty or was begun by load(): another one's people are real, and a demo would let in
// everybody as any of them.
bool is_of_demo(const storage::LogReader& log);

// Fills an empty log with the Bridges of Trust programme. The error names the command that was refused.
Result<void, std::string> load(core::ServiceDoor& door);

// A few people of the demo, one a line: name, whom they act for, what they are good for.
std::string who_to_sign_in_as();

} // namespace mosty::demo
