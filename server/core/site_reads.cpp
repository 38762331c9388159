#include "server/core/site_reads.hpp"

#include "domain/codec/entry.hpp"
#include "server/projections/described_sites.hpp"
#include "server/texts/history.hpp"

#include <fmt/format.h>

#include <limits>
#include <optional>
#include <vector>

namespace mosty::core {

Result<std::string, std::string> described_sites_as_of(const storage::LogReader& log,
                                                       const sites::ViewName& name, Size at) {
    projections::SiteBoard present;
    std::optional<projections::SiteBoard> then;
    std::vector<projections::Change> unheard;
    std::optional<std::string> fault;
    const auto read = texts::for_each_entry(
        log, name.sites, 0, std::numeric_limits<Revision>::max(), [&](const storage::Entry& entry) {
            if (entry.position >= at && !then)
                then = present;
            const auto decoded = codec::decode_entry(entry.bytes);
            if (!decoded) {
                fault =
                    fmt::format("the entry at {} cannot be read: {}", entry.position, decoded.error().what);
                return false;
            }
            present.fold(entry.position, *decoded, unheard);
            unheard.clear();
            return true;
        });
    if (!read)
        return std::unexpected(read.error());
    if (fault)
        return std::unexpected(std::move(*fault));
    return (then ? *then : present).view_for_readers_of(present, name.view);
}

} // namespace mosty::core
