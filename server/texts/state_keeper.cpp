#include "server/texts/state_keeper.hpp"

#include "domain/codec/text_state.hpp"
#include "domain/text/evolve.hpp"

#include <algorithm>

namespace mosty::texts {
namespace {

constexpr std::size_t texts_max = 32;

Revision last_boundary(Revision revision) {
    return revision - revision % revisions_per_state;
}

} // namespace

std::optional<StateKeeper::Job> StateKeeper::begin(const StreamId& text, Revision revision) {
    const Revision wanted = last_boundary(revision);
    if (wanted == 0)
        return std::nullopt;
    auto known = std::ranges::find(texts_, text, &Text::text);
    if (known == texts_.end()) {
        const auto idle = std::ranges::find(texts_, false, &Text::busy);
        if (texts_.size() >= texts_max && idle != texts_.end())
            texts_.erase(idle);
        texts_.push_back({text, 0, false, {}});
        known = std::prev(texts_.end());
    }
    known->wanted = std::max(known->wanted, wanted);
    if (known->busy || known->last.revision >= wanted)
        return std::nullopt;
    known->busy = true;
    return Job{text, known->wanted, std::exchange(known->last, {})};
}

std::optional<StateKeeper::Job> StateKeeper::end(const StreamId& text, text::State last) {
    const auto known = std::ranges::find(texts_, text, &Text::text);
    known->busy = false;
    known->last = std::move(last);
    return begin(text, known->wanted);
}

Result<StateKeeper::Made, std::string> StateKeeper::make(const storage::LogReader& log,
                                                         const storage::ViewStore::Snapshot& views, Job job) {
    Made made{std::move(job.text), {}, std::move(job.from)};
    if (made.last.revision == 0) {
        auto newest = kept_state(views, made.text, job.until);
        if (!newest)
            return std::unexpected(newest.error());
        if (*newest)
            made.last = std::move(**newest);
    }
    while (made.last.revision < job.until) {
        const Revision boundary = last_boundary(made.last.revision) + revisions_per_state;
        if (auto folded = fold_on(log, made.text, boundary, made.last); !folded)
            return std::unexpected(folded.error());
        if (made.last.revision != boundary)
            return std::unexpected("the log has fewer revisions of " + made.text.text() +
                                   " than were folded");
        made.kept.emplace_back(boundary, codec::encode_text_state(made.last));
    }
    return made;
}

} // namespace mosty::texts
