#pragma once

#include "server/core/reads.hpp"

namespace mosty::core {

// Answers a question about a text's past. Any thread.
ReadResult answer_text(const storage::LogReader& log, const storage::ViewStore::Snapshot& views,
                       const TextQuestion& question);

} // namespace mosty::core
