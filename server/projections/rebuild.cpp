#include "server/projections/rebuild.hpp"

#include "domain/base/invariant.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mosty::projections {
namespace {

constexpr Size entries_per_chunk = 4'096;

} // namespace

Result<void, RebuildError> rebuild(Projector& projector, const storage::LogReader& log, Size target,
                                   const Progress& progress, const SeeFolded& see) {
    MOSTY_INVARIANT(target <= log.size(), "only what is in the log can be folded");
    if (auto recalled = projector.recall(log); !recalled)
        return std::unexpected(RebuildError{recalled.error().reason});
    std::vector<Change> unheard;
    while (projector.size() < target) {
        const Size count = std::min(entries_per_chunk, target - projector.size());
        const auto entries = log.read(projector.size(), count);
        if (!entries)
            return std::unexpected(RebuildError{entries.error().reason});
        if (entries->empty())
            return std::unexpected(RebuildError{fmt::format("The log has no entry {}.", projector.size())});
        for (const auto& [position, bytes] : *entries) {
            const auto entry = codec::decode_entry(bytes);
            if (!entry)
                return std::unexpected(
                    RebuildError{fmt::format("Entry {} cannot be read: {}", position, entry.error().what),
                                 entry.error().code != codec::DecodeError::Code::malformed});
            projector.fold(position, *entry, unheard);
            unheard.clear();
            if (see)
                if (auto seen = see(*entry); !seen)
                    return seen;
        }
        if (auto written = projector.commit(); !written)
            return std::unexpected(RebuildError{written.error().reason});
        if (progress)
            progress(projector.size());
    }
    return {};
}

} // namespace mosty::projections
