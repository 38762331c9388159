#pragma once

#include "domain/base/actor.hpp"
#include "server/projections/audience.hpp"
#include "server/realtime/topic.hpp"

namespace mosty::access {

// Whether the reader may see a topic. The only place that decides; today's rights hold for the past too.
// `audience` is that of a visit or proposal, nullptr for other topics and for one that does not exist:
// what does not exist and what one may not see are told apart to nobody.
bool may_read(const Actor& reader, const realtime::Topic& topic, const projections::Audience* audience);

// Whether the reader may go through the events of all streams.
bool may_read_all_events(const Actor& reader);

} // namespace mosty::access
