#include "server/access/may_read.hpp"

#include <algorithm>

namespace mosty::access {
namespace {

using rights::Reading;
using rights::Relation;

Reading reading_of(const realtime::Topic& topic) {
    const bool of_all = topic.scope == "all";
    using enum realtime::TopicKind;
    switch (topic.kind) {
    case directory:
        return Reading::directory;
    case towns:
        return Reading::towns;
    case programme:
        return Reading::programme;
    case municipalities:
        return Reading::municipalities;
    case partnership:
        return Reading::partnership;
    case visit:
        return Reading::visit;
    case proposal:
        return Reading::proposal;
    case text:
        return Reading::text;
    case sites:
        return Reading::sites;
    case sites_of_ua:
    case sites_of_eu:
        return Reading::sites_of_town;
    case sites_of_partners:
        return Reading::sites_of_partners;
    case partnerships:
        return of_all ? Reading::all_partnerships : Reading::partnerships;
    case visits:
        return of_all ? Reading::all_visits : Reading::visits;
    case proposals:
        return of_all ? Reading::all_proposals : Reading::proposals;
    case feed:
        return of_all ? Reading::all_feed : Reading::feed;
    }
    return Reading::all_events;
}

} // namespace

Relation relation_to(const Actor& reader, const realtime::Topic& topic,
                     const projections::Audience* audience) {
    const std::string& organisation = reader.organisation.text();
    if (realtime::is_list(topic.kind) && topic.scope == organisation)
        return Relation::own;
    if (audience == nullptr)
        return Relation::none;
    if (audience->ua == organisation)
        return topic.kind == realtime::TopicKind::sites_of_eu ? Relation::other : Relation::own;
    if (audience->eu == organisation)
        return topic.kind == realtime::TopicKind::sites_of_ua ? Relation::other : Relation::own;
    return std::ranges::find(audience->partners, organisation) == audience->partners.end()
               ? Relation::none
               : Relation::partner;
}

bool may_read(const Actor& reader, const realtime::Topic& topic, const projections::Audience* audience) {
    return rights::may_read(reader.role, reading_of(topic), relation_to(reader, topic, audience));
}

bool may_read_all_events(const Actor& reader) {
    return rights::may_read(reader.role, Reading::all_events, Relation::none);
}

bool may_read_events_of(const Actor& reader, const ActorId& person) {
    return rights::may_read(reader.role, Reading::person,
                            reader.id == person ? Relation::self : Relation::none);
}

} // namespace mosty::access
