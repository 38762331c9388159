#pragma once

#include "server/config/settings.hpp"

namespace mosty {

// Serves until SIGTERM or SIGINT, and returns the process' exit code: 0 after a clean stop, 1 when it
// could not start, 3 when the storage failed and only a restart recovers.
int serve(const Settings& settings);

} // namespace mosty
