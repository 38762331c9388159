#pragma once

#include "domain/codec/entry.hpp"
#include "domain/sites/state.hpp"
#include "domain/sites/view.hpp"
#include "server/projections/change.hpp"

#include <boost/json.hpp>

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

// What places of critical infrastructure are and where: views like others, but for their audiences alone and
// in memory alone. No store ever holds them; they are folded from the log, which holds them sealed.
namespace mosty::projections {

// The sites of one proposal.
class SiteBoard {
public:
    // Folds the next event of the board's stream and appends what it changed in each view.
    void fold(Position position, const codec::DecodedEntry& entry, std::vector<Change>& out);

    // {"<site>":{"order","side","name","kind",…,"at","actor"}}
    std::string view(sites::View view) const;
    // The same without those that its readers do not see any more as of `present`, a later board of the same
    // stream: whoever lost sight of a place does not see its past either.
    std::string view_for_readers_of(const SiteBoard& present, sites::View view) const;

    // The log's size after the last change of a view; 0: nothing yet.
    Size changed(sites::View view) const { return changed_[static_cast<std::size_t>(view)]; }

private:
    struct Line {
        std::string order;
        std::string at; // of the description
        std::string actor;
    };

    // As the site stands in its view; nothing when there is nothing to see.
    std::optional<boost::json::object> shown(const sites::SiteId& id, sites::View view) const;

    sites::State state_;
    std::map<sites::SiteId, Line> lines_;
    std::array<boost::json::object, sites::view_count> views_;
    std::array<Size, sites::view_count> changed_{};
};

// Those of all proposals. Threads: one.
class DescribedSites {
public:
    // An event of another entity changes nothing.
    void fold(Position position, const codec::DecodedEntry& entry, std::vector<Change>& out);

    // `{}` when nothing was recorded under that name.
    std::string view(const sites::ViewName& name) const;
    Size changed(const sites::ViewName& name) const;

private:
    std::unordered_map<std::string, SiteBoard> boards_; // by stream
};

} // namespace mosty::projections
