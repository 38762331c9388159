#include "server/evidence/related.hpp"

#include "domain/context.hpp"

namespace mosty::evidence {

void add_related(std::set<std::string, std::less<>>& streams, const codec::DecodedEntry& entry) {
    const auto* event = std::get_if<proposal::Event>(&entry.event);
    if (!event)
        return;
    if (const auto* drafted = std::get_if<proposal::Drafted>(event)) {
        streams.insert(stream_of(drafted->partnership).text());
        for (const MunicipalityId& partner : drafted->partners)
            streams.insert(stream_of(partner).text());
    }
    if (const auto* added = std::get_if<proposal::PartnerAdded>(event))
        streams.insert(stream_of(added->municipality).text());
}

} // namespace mosty::evidence
