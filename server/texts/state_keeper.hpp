#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "domain/text/state.hpp"
#include "server/projections/rebuild.hpp"
#include "server/texts/history.hpp"
#include "storage/log_reader.hpp"
#include "storage/view_store.hpp"

#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace mosty::texts {

// Makes the whole states that are kept of texts from the log, one at every `revisions_per_state`, while views
// are rebuilt. It goes on from the state that it made last of a text, so that each revision is folded once.
//
// Threads: one.
class StateKeeper {
public:
    using Kept = std::vector<std::pair<Revision, std::string>>; // as codec::encode_text_state writes them

    // The states to keep of a text that has reached a revision, those that are not kept yet.
    Result<Kept, std::string> reach(const storage::LogReader& log, const storage::ViewStore::Snapshot& views,
                                    const StreamId& text, Revision revision);

private:
    std::deque<std::pair<StreamId, text::State>> last_; // the one used last behind
};

// Keeps the states of all texts while a projector folds the log into the store, see projections::rebuild().
projections::SeeFolded keep_states(const storage::LogReader& log, const storage::ViewStore& views,
                                   projections::Projector& projector);

} // namespace mosty::texts
