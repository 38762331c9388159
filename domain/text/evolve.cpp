#include "domain/text/evolve.hpp"

#include "domain/base/invariant.hpp"
#include "domain/base/result.hpp"

#include <algorithm>

namespace mosty::text {

namespace {

constexpr std::int64_t burst_pause_ms = 60'000;

using Kind = Operation::Kind;

Delta whole(const Delta& change, const std::optional<Delta>& repair) {
    return repair ? compose(change, *repair) : change;
}

Signature signature(const Recorded& recorded) {
    return {recorded.actor, recorded.time_ms};
}

// Whether the delta takes something away or formats it: what it needs to be there.
bool touches(const Delta& change) {
    return std::ranges::any_of(change.operations(), [](const Operation& operation) {
        return operation.kind == Kind::remove ||
               (operation.kind == Kind::retain && !operation.attributes.is_empty());
    });
}

void follow(Suggestion& suggestion, const Delta& change) {
    if (suggestion.status != SuggestionStatus::open)
        return;
    const bool needed = touches(suggestion.change);
    suggestion.change = transform(change, suggestion.change, Priority::first);
    if (needed && !touches(suggestion.change))
        suggestion.orphaned = true;
}

std::uint32_t author_index(State& state, const ActorId& actor) {
    const auto found = std::ranges::find(state.authors, actor);
    const auto index = static_cast<std::uint32_t>(found - state.authors.begin());
    if (found == state.authors.end())
        state.authors.push_back(actor);
    return index;
}

void note_burst(State& state, const Recorded& recorded) {
    if (!state.bursts.empty()) {
        Burst& last = state.bursts.back();
        if (state.authors[last.author] == recorded.actor &&
            recorded.time_ms - last.until_ms < burst_pause_ms) {
            last.to = recorded.revision;
            last.until_ms = recorded.time_ms;
            return;
        }
    }
    state.bursts.push_back({recorded.revision, recorded.revision, author_index(state, recorded.actor),
                            recorded.time_ms, recorded.time_ms});
}

void change_text(State& state, Delta change, const Recorded& recorded) {
    state.content.apply(change, recorded.revision);
    for (auto& [id, thread] : state.threads)
        thread.anchor.follow(change);
    for (auto& [id, suggestion] : state.suggestions)
        follow(suggestion, change);
    if (!change.is_empty())
        note_burst(state, recorded);
    state.recent.push_back(std::move(change));
}

// The writers heard of least lately are forgotten; theirs would have to begin as new ones.
void note_client(State& state, const Edited& edited, const Recorded& recorded) {
    state.clients[edited.client] = {recorded.actor, edited.sequence, recorded.revision};
    if (state.clients.size() <= clients_max)
        return;
    state.clients.erase(std::ranges::min_element(state.clients, {},
                                                 [](const auto& client) { return client.second.revision; }));
}

void apply_one(State& state, const Edited& edited, const Recorded& recorded) {
    change_text(state, whole(edited.change, edited.repair), recorded);
    note_client(state, edited, recorded);
}

void apply_one(State& state, const SuggestionAccepted& accepted, const Recorded& recorded) {
    Suggestion& suggestion = state.suggestions.at(accepted.suggestion);
    suggestion.status = SuggestionStatus::accepted;
    suggestion.answered = signature(recorded);
    suggestion.change = {};
    change_text(state, whole(accepted.change, accepted.repair), recorded);
}

void apply_one(State& state, const Restored& restored, const Recorded& recorded) {
    change_text(state, restored.change, recorded);
}

void talk(State& state, const Commented& event, const Recorded& recorded) {
    const Range range{static_cast<std::size_t>(event.from), static_cast<std::size_t>(event.to)};
    Thread& thread = state.threads[event.thread];
    thread.kind = event.kind;
    thread.anchor = {range, false};
    thread.quote = event.quote;
    thread.body = event.body;
    thread.by = signature(recorded);
    thread.revision = recorded.revision;
}

void talk(State& state, const Replied& event, const Recorded& recorded) {
    state.threads.at(event.thread).replies.push_back({signature(recorded), event.body});
}

void talk(State& state, const ThreadResolved& event, const Recorded& recorded) {
    state.threads.at(event.thread).resolved = signature(recorded);
}

void talk(State& state, const ThreadReopened& event, const Recorded&) {
    state.threads.at(event.thread).resolved.reset();
}

void talk(State& state, const AdviceAnswered& event, const Recorded& recorded) {
    state.threads.at(event.thread).answer = Answer{event.answer, event.note, signature(recorded)};
}

void talk(State& state, const Suggested& event, const Recorded& recorded) {
    Suggestion& suggestion = state.suggestions[event.suggestion];
    suggestion.change = event.change;
    suggestion.quote = event.quote;
    suggestion.note = event.note;
    suggestion.by = signature(recorded);
    suggestion.organisation = event.organisation;
    suggestion.revision = recorded.revision;
}

void talk(State& state, const SuggestionDeclined& event, const Recorded& recorded) {
    Suggestion& suggestion = state.suggestions.at(event.suggestion);
    suggestion.status = SuggestionStatus::declined;
    suggestion.answered = signature(recorded);
    suggestion.answer_note = event.note;
    suggestion.change = {};
}

void talk(State& state, const VersionNamed& event, const Recorded& recorded) {
    state.versions.push_back({event.version, event.name, event.revision, signature(recorded)});
}

void forget(State& state, const Recorded& recorded) {
    state = {};
    state.erased_to = recorded.revision;
}

void apply_one(State& state, const Erased&, const Recorded& recorded) {
    forget(state, recorded);
    state.erased = true;
}

void apply_one(State& state, const Redacted&, const Recorded& recorded) {
    forget(state, recorded);
}

// What is said about a text leaves it as it is.
template <class Talk>
void apply_one(State& state, const Talk& event, const Recorded& recorded) {
    talk(state, event, recorded);
    state.recent.emplace_back();
}

} // namespace

Delta change_of(const Event& event) {
    return std::visit(
        Overloaded{
            [](const Edited& edited) { return whole(edited.change, edited.repair); },
            [](const SuggestionAccepted& accepted) { return whole(accepted.change, accepted.repair); },
            [](const Restored& restored) { return restored.change; },
            [](const auto&) { return Delta(); },
        },
        event);
}

void apply(State& state, const Event& event, const Recorded& recorded) {
    MOSTY_INVARIANT(recorded.revision == state.revision + 1, "history has no gaps");
    std::visit([&](const auto& one) { apply_one(state, one, recorded); }, event);
    state.revision = recorded.revision;
    if (state.recent.size() > recent_changes_max)
        state.recent.pop_front();
}

const Burst* State::burst_of(Revision written) const {
    const auto after = std::ranges::upper_bound(bursts, written, {}, &Burst::from);
    return after == bursts.begin() ? nullptr : &*std::prev(after);
}

std::size_t State::memory_bytes() const {
    constexpr std::size_t per_item = 256;
    std::size_t bytes = content.memory_bytes() + bursts.capacity() * sizeof(Burst);
    for (const Delta& change : recent) {
        bytes += sizeof(Delta) + change.operations().capacity() * sizeof(Operation);
        for (const Operation& operation : change.operations())
            bytes += operation.text.capacity() * sizeof(char16_t);
    }
    bytes += (clients.size() + threads.size() + suggestions.size() + versions.size()) * per_item;
    for (const auto& [id, thread] : threads) {
        bytes += thread.quote.size() + thread.body.size();
        for (const ThreadReply& reply : thread.replies)
            bytes += per_item + reply.body.size();
    }
    return bytes;
}

} // namespace mosty::text
