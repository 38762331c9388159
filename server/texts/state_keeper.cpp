#include "server/texts/state_keeper.hpp"

#include "domain/codec/text_state.hpp"

#include <algorithm>
#include <memory>
#include <variant>

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

projections::SeeFolded keep_states(const storage::LogReader& log, const storage::ViewStore& views,
                                   projections::Projector& projector) {
    return [&, keeper = std::make_shared<StateKeeper>()](
               const codec::DecodedEntry& entry) -> Result<void, projections::RebuildError> {
        if (!std::holds_alternative<text::Event>(entry.event) ||
            entry.envelope.revision % revisions_per_state != 0)
            return {};
        auto kept = keeper->reach(log, *views.snapshot(), entry.envelope.stream, entry.envelope.revision);
        if (!kept)
            return std::unexpected(projections::RebuildError{kept.error()});
        for (auto& [revision, bytes] : *kept)
            projector.keep_text_state(entry.envelope.stream.text(), revision, std::move(bytes));
        return {};
    };
}

} // namespace mosty::texts
