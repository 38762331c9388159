#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "storage/log_reader.hpp"

#include <optional>
#include <string>
#include <vector>

namespace mosty::core {

struct EventsQuestion;

struct EventsFound {
    std::vector<storage::Entry> entries;
    // Where to go on, as the next question's `from` or `before`; nothing at the end. A long search that
    // has found nothing yet also stops here, so that no question takes long.
    std::optional<Position> next;
};

// The entries among the first `size` that the question asks for, in its direction.
Result<EventsFound, std::string> find_events(const storage::LogReader& log, Size size,
                                             const EventsQuestion& question);

} // namespace mosty::core
