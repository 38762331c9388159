#include "domain/visit/evolve.hpp"

#include "domain/base/invariant.hpp"
#include "domain/base/result.hpp"
#include "domain/history/changes.hpp"
#include "domain/visit/amend.hpp"

namespace mosty::visit {

namespace {

void fold(Standing& standing, const Fact& fact) {
    std::visit(Overloaded{
                   [&](const Planned& planned) {
                       standing.partnership = planned.partnership;
                       standing.ua = planned.ua;
                       standing.eu = planned.eu;
                       standing.from = planned.from;
                       standing.to = planned.to;
                       standing.confirmed = {planned.by == Party::ua, planned.by == Party::eu};
                   },
                   [&](const Confirmed& confirmed) {
                       standing.confirmed[confirmed.side] = true;
                       if (standing.confirmed.ua && standing.confirmed.eu)
                           standing.status = Status::confirmed;
                   },
                   [&](const Postponed& postponed) {
                       standing.status = Status::postponed;
                       standing.confirmed = {};
                       standing.from = postponed.from;
                       standing.to = postponed.to;
                   },
                   [&](const Cancelled&) { standing.status = Status::cancelled; },
                   [&](const Held& held) {
                       standing.status = Status::held;
                       standing.from = held.from;
                       standing.to = held.to;
                   },
                   [&](const Reported&) { standing.status = Status::reported; },
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

} // namespace

std::string_view amend(Fact& fact, Changes changes) {
    std::visit(Overloaded{
                   [&](Planned& planned) {
                       take(planned.title, changes.title);
                       take(planned.host, changes.host);
                       take(planned.kind, changes.kind);
                       take(planned.from, changes.from);
                       take(planned.to, changes.to);
                       take(planned.place, changes.place);
                       take(planned.purpose, changes.purpose);
                       take(planned.source, changes.source);
                   },
                   [](Confirmed&) {},
                   [&](Postponed& postponed) {
                       take(postponed.from, changes.from);
                       take(postponed.to, changes.to);
                       take(postponed.reason, changes.fact_reason);
                   },
                   [&](Cancelled& cancelled) { take(cancelled.reason, changes.fact_reason); },
                   [&](Held& held) {
                       take(held.from, changes.from);
                       take(held.to, changes.to);
                       take(held.participants_ua, changes.participants_ua);
                       take(held.participants_eu, changes.participants_eu);
                   },
                   [&](Reported& reported) {
                       take(reported.summary, changes.summary);
                       take(reported.lessons, changes.lessons);
                   },
               },
               fact);
    return first_left({{"title", changes.title.has_value()},
                       {"host", changes.host.has_value()},
                       {"kind", changes.kind.has_value()},
                       {"from", changes.from.has_value()},
                       {"to", changes.to.has_value()},
                       {"place", changes.place.has_value()},
                       {"purpose", changes.purpose.has_value()},
                       {"source", changes.source.has_value()},
                       {"participants_ua", changes.participants_ua.has_value()},
                       {"participants_eu", changes.participants_eu.has_value()},
                       {"summary", changes.summary.has_value()},
                       {"lessons", changes.lessons.has_value()},
                       {"fact_reason", changes.fact_reason.has_value()}});
}

void apply(State& state, const Event& event, const Recorded& recorded) {
    MOSTY_INVARIANT(recorded.revision == state.revision + 1, "history has no gaps");
    state.revision = recorded.revision;
    std::visit(Overloaded{
                   [&](const Corrected& corrected) { correct(state, corrected); },
                   [&](const auto& fact) {
                       fold(state.standing, fact);
                       state.trail.record(recorded.id, recorded.revision, fact);
                   },
               },
               event);
}

} // namespace mosty::visit
