#include "server/projections/projector.hpp"

#include "domain/base/invariant.hpp"
#include "domain/codec/index_keys.hpp"
#include "domain/codec/time.hpp"
#include "server/projections/described_sites.hpp"
#include "server/projections/entities.hpp"
#include "server/projections/fold.hpp"
#include "server/projections/json_text.hpp"
#include "server/projections/keys.hpp"
#include "server/projections/lists.hpp"
#include "server/projections/past.hpp"
#include "server/projections/record.hpp"
#include "server/projections/topic_kind.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

namespace mosty::projections {

using storage::ReadError;

struct Projector::State {
    State(storage::ViewStore& view_store, Limits limits)
        : size(view_store.applied()), committed(size), store(view_store),
          entities(store, limits.documents_cached_max), lists(store), texts(store) {}

    Size size;
    Size committed;
    bool keeps_more = false;               // something waits for a commit that no event brought
    std::optional<std::deque<Size>> noted; // sizes whose hashes are kept, once they have been read
    WorkingStore store;
    Entities entities;
    Lists lists;
    TextTraces texts;
    DescribedSites described;
    bool has_recalled = false;
};

namespace {

Tally fold_event(Fold& fold) {
    return std::visit(Overloaded{
                          [&](const municipality::Event& event) { return fold_municipality(fold, event); },
                          [&](const person::Event& event) { return fold_person(fold, event); },
                          [&](const partnership::Event& event) { return fold_partnership(fold, event); },
                          [&](const visit::Event& event) { return fold_visit(fold, event); },
                          [&](const proposal::Event& event) { return fold_proposal(fold, event); },
                          [&](const text::Event& event) { return fold_text(fold, event); },
                          [&](const sites::Event& event) { return fold_sites(fold, event); },
                      },
                      fold.event);
}

bool is_entity(std::string_view topic) {
    return kind_of(topic) == TopicKind::view && topic.find('/') != std::string_view::npos;
}

constexpr std::size_t hashes_noted_max = 512;
constexpr std::size_t keys_at_once = 1'024;

using Changes = std::optional<std::vector<Change>>;

// The patches of a view since a size; nothing when there are more than `max`.
Result<Changes, ReadError> patches_since(const storage::ViewStore::Snapshot& snapshot, std::string_view topic,
                                         Size after, std::size_t max) {
    const auto records = snapshot.scan(keys::records(topic), keys::at_size({}, after + 1), max + 1);
    if (!records)
        return std::unexpected(records.error());
    if (records->size() > max)
        return std::nullopt;
    std::vector<Change> changes;
    for (const auto& [key, record] : *records)
        changes.push_back({std::string(topic), Change::Kind::patch,
                           std::make_shared<const std::string>(patch_in(record)), keys::size_at_end(key), 0});
    return changes;
}

std::vector<Change> rows_since(std::string_view topic, Size after, ListPage page) {
    std::vector<Change> changes;
    for (std::string& row : page.rows) {
        const Size size = size_of_row(row);
        if (size <= after)
            continue;
        changes.push_back({std::string(topic), Change::Kind::row,
                           std::make_shared<const std::string>(std::move(row)), size, page.total});
    }
    std::ranges::sort(changes, {}, &Change::size);
    return changes;
}

} // namespace

Projector::Projector(storage::ViewStore& store) : Projector(store, Limits{}) {}

Projector::Projector(storage::ViewStore& store, Limits limits)
    : state_(std::make_unique<State>(store, limits)) {}

Projector::~Projector() = default;

Size Projector::size() const {
    return state_->size;
}

void Projector::fold(Position position, const codec::DecodedEntry& entry, std::vector<Change>& out) {
    State& state = *state_;
    MOSTY_INVARIANT(position == state.size, "entries are folded in order, each once");
    ++state.size;
    if (state.store.failure())
        return;
    Fold fold{state.store,
              state.entities,
              state.lists,
              state.texts,
              out,
              position,
              entry.envelope,
              entry.event,
              codec::format_time(entry.envelope.time_ms),
              std::to_string(position),
              order_of(position),
              std::to_string(position + 1)};
    fold_programme(fold, fold_event(fold));
    state.described.fold(position, entry, out);
}

Result<void, ReadError> Projector::recall(const storage::LogReader& log) {
    State& state = *state_;
    if (std::exchange(state.has_recalled, true) || state.size == 0)
        return {};
    std::vector<Change> unheard;
    const std::string prefix = codec::streams_prefix(domain::Kind::sites);
    for (std::string from;;) {
        const auto keys = log.scan(prefix, from, keys_at_once);
        if (!keys)
            return std::unexpected(keys.error());
        for (const auto& [key, position] : *keys) {
            if (position >= state.size)
                continue;
            const auto entries = log.read(position, 1);
            if (!entries)
                return std::unexpected(entries.error());
            const auto entry = entries->empty() ? Result<codec::DecodedEntry, codec::DecodeError>(
                                                      std::unexpected(codec::DecodeError{"absent"}))
                                                : codec::decode_entry(entries->front().bytes);
            if (!entry)
                return std::unexpected(ReadError{
                    fmt::format("the entry at {} cannot be read: {}", position, entry.error().what)});
            state.described.fold(position, *entry, unheard);
            unheard.clear();
        }
        if (keys->size() < keys_at_once)
            return {};
        from = keys->back().key.substr(prefix.size()) + '\0';
    }
}

Result<void, ReadError> Projector::commit() {
    State& state = *state_;
    if (state.committed == state.size && !state.keeps_more && !state.store.failure())
        return {};
    state.keeps_more = false;
    state.entities.save();
    state.lists.save();
    state.texts.save();
    auto written = state.store.commit(state.size);
    if (!written)
        return written;
    state.committed = state.size;
    state.entities.trim();
    state.texts.trim();
    return {};
}

Result<ViewsHash, ReadError> Projector::views_hash() {
    if (auto ready = commit(); !ready)
        return std::unexpected(ready.error());
    return ViewsHash{state_->size, state_->store.hash()};
}

Result<ViewsHash, ReadError> Projector::note_views_hash() {
    const auto hash = views_hash();
    if (!hash)
        return hash;
    State& state = *state_;
    if (!state.noted) {
        const auto noted = noted_views_hashes(state.store.committed(), hashes_noted_max);
        if (!noted)
            return std::unexpected(noted.error());
        state.noted.emplace();
        for (const ViewsHash& one : *noted)
            state.noted->push_front(one.size);
    }
    if (!state.noted->empty() && state.noted->back() == hash->size)
        return hash;
    state.noted->push_back(hash->size);
    if (state.noted->size() > hashes_noted_max) {
        state.store.remove(keys::noted_hash(state.noted->front()));
        state.noted->pop_front();
    }
    state.store.put(keys::noted_hash(hash->size), encode_views_hash(*hash));
    state.keeps_more = true;
    if (auto written = commit(); !written)
        return std::unexpected(written.error());
    return hash;
}

void Projector::keep_text_state(std::string_view stream, Revision revision, std::string bytes) {
    state_->store.add(keys::at_size(keys::text_states(stream), revision), std::move(bytes));
    state_->keeps_more = true;
}

Result<std::string, ReadError> Projector::view(std::string_view topic) {
    if (const auto described = sites::view_named(topic))
        return state_->described.view(*described);
    if (kind_of(topic) != TopicKind::view)
        return "{}";
    if (auto ready = commit(); !ready)
        return std::unexpected(ready.error());
    State& state = *state_;
    Entity& entity = state.entities.open(topic);
    if (state.store.failure())
        return std::unexpected(*state.store.failure());
    std::string value = shown(entity.document);
    if (entity.is_new())
        state.entities.drop(entity);
    state.entities.trim();
    return value;
}

Result<ListWindow, ReadError> Projector::list(std::string_view topic, std::size_t limit) {
    if (auto ready = commit(); !ready)
        return std::unexpected(ready.error());
    auto page = list_page(state_->store.committed(), topic, {}, limit);
    if (!page)
        return std::unexpected(page.error());
    return ListWindow{page->total, std::move(page->rows)};
}

Result<Changes, ReadError> Projector::changes_since(std::string_view topic, Size after, std::size_t limit) {
    MOSTY_INVARIANT(after <= state_->size, "nobody holds the future");
    if (const auto described = sites::view_named(topic)) // its patches are kept nowhere
        return state_->described.changed(*described) <= after ? Changes(std::vector<Change>()) : std::nullopt;
    const auto kind = kind_of(topic);
    if (!kind || after == state_->size)
        return std::vector<Change>();
    if (auto ready = commit(); !ready)
        return std::unexpected(ready.error());
    const auto& snapshot = state_->store.committed();

    if (kind == TopicKind::view)
        return patches_since(snapshot, topic, after, limit);
    const auto list = read_row_list(snapshot, topic);
    if (!list)
        return std::unexpected(list.error());
    if (list->removed_at > after)
        return std::nullopt;
    auto page = list_page(snapshot, topic, {}, limit);
    if (!page)
        return std::unexpected(page.error());
    return rows_since(topic, after, std::move(*page));
}

Result<std::optional<Audience>, ReadError> Projector::audience(std::string_view stream) {
    if (!is_entity(stream))
        return std::nullopt;
    State& state = *state_;
    Entity& entity = state.entities.open(stream);
    if (state.store.failure())
        return std::unexpected(*state.store.failure());
    if (entity.is_new()) {
        state.entities.drop(entity);
        return std::nullopt;
    }
    const auto& view = entity.document.value;
    Audience audience{std::string(text_of(view, "ua")), std::string(text_of(view, "eu")), {}};
    if (const auto* partners = view.if_contains("partners"))
        for (const auto& partner : partners->as_object())
            audience.partners.emplace_back(partner.key());
    if (state.committed == state.size)
        state.entities.trim();
    return audience;
}

Result<bool, ReadError> Projector::exists(std::string_view topic) {
    if (!is_entity(topic))
        return kind_of(topic).has_value();
    const auto found = audience(topic);
    if (!found)
        return std::unexpected(found.error());
    return found->has_value();
}

} // namespace mosty::projections
