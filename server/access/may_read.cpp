#include "server/access/may_read.hpp"

#include <algorithm>

namespace mosty::access {
namespace {

bool serves_programme(Role role) {
    switch (role) {
    case Role::secretariat:
    case Role::auditor:
    case Role::association:
    case Role::expert:
    case Role::funder:
    case Role::service:
        return true;
    case Role::officer:
    case Role::mayor:
        return false;
    }
    return false;
}

bool concerns(const projections::Audience& audience, const OrganisationId& organisation) {
    return audience.ua == organisation.text() || audience.eu == organisation.text() ||
           std::ranges::find(audience.partners, organisation.text()) != audience.partners.end();
}

} // namespace

bool may_read(const Actor& reader, const realtime::Topic& topic, const projections::Audience* audience) {
    using enum realtime::TopicKind;
    switch (topic.kind) {
    case directory:
    case towns:
    case programme:
    case partnership:
    case municipalities:
        return true;
    case visit:
    case proposal:
    case text:
        return serves_programme(reader.role) ||
               (audience != nullptr && concerns(*audience, reader.organisation));
    case partnerships:
        if (topic.scope == "all")
            return true;
        [[fallthrough]];
    case visits:
    case proposals:
    case feed:
        return serves_programme(reader.role) ||
               (topic.scope != "all" && topic.scope == reader.organisation.text());
    }
    return false;
}

bool may_read_all_events(const Actor& reader) {
    return reader.role == Role::auditor || reader.role == Role::secretariat || reader.role == Role::service;
}

} // namespace mosty::access
