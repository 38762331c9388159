#pragma once

#include "domain/base/ids.hpp"

#include <cstdint>

namespace mosty {

// What is known of an event beside its data: its name, its place in its stream, when and by whom.
struct Recorded {
    EventId id;
    Revision revision = 0;
    std::int64_t time_ms = 0; // UTC, since 1970
    ActorId actor;
};

} // namespace mosty
