#include "server/texts/state_keeper.hpp"

#include "domain/codec/text_state.hpp"

#include <algorithm>

namespace mosty::texts {
namespace {

constexpr std::size_t texts_max = 32;

} // namespace

Result<StateKeeper::Kept, std::string> StateKeeper::reach(const storage::LogReader& log,
                                                          const storage::ViewStore::Snapshot& views,
                                                          const StreamId& text, Revision revision) {
    text::State state;
    const auto known = std::ranges::find(last_, text, &std::pair<StreamId, text::State>::first);
    if (known != last_.end()) {
        state = std::move(known->second);
        last_.erase(known);
    } else {
        auto newest = kept_state(views, text, revision);
        if (!newest)
            return std::unexpected(newest.error());
        if (*newest)
            state = std::move(**newest);
    }
    Kept kept;
    while (state.revision + revisions_per_state <= revision) {
        const Revision boundary = state.revision - state.revision % revisions_per_state + revisions_per_state;
        if (auto folded = fold_on(log, text, boundary, state); !folded)
            return std::unexpected(folded.error());
        if (state.revision != boundary)
            return std::unexpected("the log has fewer revisions of " + text.text() + " than were folded");
        kept.emplace_back(boundary, codec::encode_text_state(state));
    }
    last_.emplace_back(text, std::move(state));
    if (last_.size() > texts_max)
        last_.pop_front();
    return kept;
}

} // namespace mosty::texts
