#pragma once

#include "storage/event_log.hpp"

#include <span>

namespace mosty::storage {

// Aborts when a batch breaks the rules that can be seen without looking into the log: the limits, the
// length of an entry, a key given twice. The same for every log.
void check_batch(std::span<const NewEntry> batch, const Limits& limits);

} // namespace mosty::storage
