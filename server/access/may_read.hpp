#pragma once

#include "domain/base/actor.hpp"
#include "domain/rights/table.hpp"
#include "server/projections/audience.hpp"
#include "server/realtime/topic.hpp"

// What the table of rights (domain/rights) says of topics. The table alone decides; here is found what a
// topic is about and how the reader stands to it. Today's rights hold for the past too.
namespace mosty::access {

// `audience` is that of a visit or proposal, nullptr for other topics and for one that does not exist: what
// does not exist and what one may not see are told apart to nobody.
rights::Relation relation_to(const Actor& reader, const realtime::Topic& topic,
                             const projections::Audience* audience);

bool may_read(const Actor& reader, const realtime::Topic& topic, const projections::Audience* audience);

// Whether the reader may go through the events of all streams.
bool may_read_all_events(const Actor& reader);

// Whether the reader may have the events of this person's stream.
bool may_read_events_of(const Actor& reader, const ActorId& person);

} // namespace mosty::access
