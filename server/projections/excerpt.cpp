#include "server/projections/excerpt.hpp"

#include "domain/base/result.hpp"
#include "domain/codec/time.hpp"
#include "server/projections/entities.hpp"
#include "server/projections/fold.hpp"
#include "server/projections/keys.hpp"
#include "server/projections/lists.hpp"
#include "server/projections/row_list.hpp"
#include "storage/memory/memory_view_store.hpp"

#include <limits>

namespace mosty::projections {

// Nothing is ever committed: what is folded stays in memory, and the store below it empty.
struct Excerpt::State {
    storage::MemoryViewStore empty;
    WorkingStore store{empty};
    Entities entities{store, std::numeric_limits<std::size_t>::max()};
    Lists lists{store};
    TextTraces texts{store};
    std::vector<Change> unheard;
};

Excerpt::Excerpt() : state_(std::make_unique<State>()) {}

Excerpt::~Excerpt() = default;

void Excerpt::fold(Position position, const codec::DecodedEntry& entry) {
    State& state = *state_;
    Fold fold{state.store,
              state.entities,
              state.lists,
              state.texts,
              state.unheard,
              position,
              entry.envelope,
              entry.event,
              codec::format_time(entry.envelope.time_ms),
              std::to_string(position),
              order_of(position),
              std::to_string(position + 1)};
    std::visit(Overloaded{
                   [&](const municipality::Event& event) { fold_municipality(fold, event); },
                   [&](const person::Event& event) { fold_person(fold, event); },
                   [&](const partnership::Event& event) { fold_partnership(fold, event); },
                   [&](const visit::Event& event) { fold_visit(fold, event); },
                   [&](const proposal::Event& event) { fold_proposal(fold, event); },
                   [&](const text::Event& event) { fold_text(fold, event); },
                   [&](const sites::Event& event) { fold_sites(fold, event); },
               },
               entry.event);
    state.unheard.clear();
}

Result<std::string, storage::ReadError> Excerpt::view(std::string_view topic) {
    const std::string value = shown(state_->entities.open(topic).document);
    if (state_->store.failure())
        return std::unexpected(*state_->store.failure());
    return value;
}

} // namespace mosty::projections
