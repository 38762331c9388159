#include "domain/proposal/evolve.hpp"

#include "domain/base/invariant.hpp"
#include "domain/base/result.hpp"
#include "domain/proposal/amend.hpp"

#include <algorithm>

namespace mosty::proposal {

namespace {

void unlock(Standing& standing) {
    standing.status = Status::draft;
    standing.version = 0;
    standing.approved = {};
}

void fold(Standing& standing, const Fact& fact) {
    std::visit(Overloaded{
                   [&](const Drafted& drafted) { standing.lead = drafted.lead; },
                   [&](const ApprovalAsked& asked) {
                       standing.status = Status::in_approval;
                       standing.version = asked.version;
                       standing.approved = {};
                   },
                   [&](const Approved& approved) {
                       standing.approved[approved.side] = true;
                       if (standing.approved.ua && standing.approved.eu)
                           standing.status = Status::approved;
                   },
                   [&](const Returned&) { unlock(standing); },
                   [&](const ApprovalWithdrawn&) { unlock(standing); },
                   [&](const Submitted& submitted) {
                       standing.status = Status::submitted;
                       standing.submitted_on = submitted.on;
                   },
                   [&](const Answered& answered) {
                       standing.status = answered.answer == Answer::granted    ? Status::granted
                                         : answered.answer == Answer::rejected ? Status::rejected
                                                                               : Status::submitted;
                   },
               },
               fact);
}

void correct(State& state, const Corrected& corrected) {
    auto* fact = state.trail.find(corrected.corrects);
    if (!fact)
        return;
    if (corrected.retracted)
        fact->retracted = true;
    else
        amend(fact->data, corrected.changes);
    state.standing = {};
    for (const auto& each : state.trail.facts())
        if (!each.retracted)
            fold(state.standing, each.data);
}

// What the first event says beside its place on the trail.
void begin(State& state, const Drafted& drafted) {
    state.partnership = drafted.partnership;
    if (drafted.partners.size() >= 2)
        state.towns = {drafted.partners[0], drafted.partners[1]};
    state.content.title = drafted.title;
    state.content.summary = drafted.summary;
    state.content.sectors = drafted.sectors;
    state.content.partners = drafted.partners;
}

void write(Content& content, const Edited& edited) {
    if (edited.title)
        content.title = *edited.title;
    if (edited.summary)
        content.summary = edited.summary;
    if (edited.sectors)
        content.sectors = *edited.sectors;
    for (const Clearable field : edited.cleared)
        if (field == Clearable::summary)
            content.summary.reset();
}

void write(Content& content, const PartnerAdded& added) {
    content.partners.push_back(added.municipality);
}

void write(Content& content, const PartnerRemoved& removed) {
    std::erase(content.partners, removed.municipality);
}

void write(Content& content, const BudgetLineSet& set) {
    content.budget.insert_or_assign(set.line.id, set.line);
}

void write(Content& content, const BudgetLineRemoved& removed) {
    content.budget.erase(removed.line);
}

void write(Content& content, const FundingSourceSet& set) {
    content.sources.insert_or_assign(set.source.id, set.source);
}

void write(Content& content, const FundingSourceRemoved& removed) {
    content.sources.erase(removed.source);
}

void write(Content& content, const IndicatorSet& set) {
    content.indicators.insert_or_assign(set.indicator.id, set.indicator);
}

void write(Content& content, const IndicatorRemoved& removed) {
    content.indicators.erase(removed.indicator);
}

template <class T>
concept WritesContent = requires(Content& content, const T& event) { write(content, event); };

} // namespace

void apply(State& state, const Event& event, const Recorded& recorded) {
    MOSTY_INVARIANT(recorded.revision == state.revision + 1, "history has no gaps");
    state.revision = recorded.revision;
    std::visit(
        [&](const auto& one) {
            using One = std::decay_t<decltype(one)>;
            if constexpr (WritesContent<One>) {
                write(state.content, one);
                state.content_revision = recorded.revision;
            } else if constexpr (std::is_same_v<One, Corrected>) {
                correct(state, one);
            } else {
                if constexpr (std::is_same_v<One, Drafted>) {
                    begin(state, one);
                    state.content_revision = recorded.revision;
                }
                if constexpr (std::is_same_v<One, ApprovalAsked>)
                    state.versions_named = std::max(state.versions_named, one.version);
                fold(state.standing, one);
                state.trail.record(recorded.id, recorded.revision, one);
            }
        },
        event);
}

} // namespace mosty::proposal
