#pragma once

#include "domain/base/result.hpp"
#include "domain/codec/entry.hpp"
#include "server/evidence/bundle.hpp"

#include <span>
#include <string>

namespace mosty::evidence {

struct PlacedEvent {
    Position position = 0;
    codec::DecodedEntry entry;
};

// What the events of one proposal, its texts and what belongs to it say as of size `at`, folded anew by the
// domain and the projections, with nothing else. The events ascend; each stream's revisions are 1, 2, 3 ….
Result<Content, std::string> refold(std::span<const PlacedEvent> events, const StreamId& proposal, Size at);

} // namespace mosty::evidence
