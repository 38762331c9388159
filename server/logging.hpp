#pragma once

#include <string>

namespace mosty {

// Begins to log: one JSON object a line on stderr. Messages are ours and hold no personal data.
// `level` is debug, info, warn or error.
void start_logging(const std::string& level);

} // namespace mosty
