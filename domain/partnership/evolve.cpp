#include "domain/partnership/evolve.hpp"

#include "domain/base/invariant.hpp"
#include "domain/base/result.hpp"
#include "domain/history/changes.hpp"
#include "domain/partnership/amend.hpp"

namespace mosty::partnership {

namespace {

void fold(Standing& standing, const Fact& fact) {
    std::visit(Overloaded{
                   [&](const Proposed& proposed) {
                       standing.ua = proposed.ua;
                       standing.eu = proposed.eu;
                       standing.by = proposed.by;
                       standing.sectors = proposed.sectors;
                       standing.accepted = {proposed.by == Party::ua, proposed.by == Party::eu};
                   },
                   [&](const Accepted& accepted) {
                       standing.accepted[accepted.side] = true;
                       if (standing.accepted.ua && standing.accepted.eu)
                           standing.status = Status::active;
                   },
                   [&](const Declined&) { standing.status = Status::declined; },
                   [&](const Withdrawn&) { standing.status = Status::withdrawn; },
                   [&](const Ended&) { standing.status = Status::ended; },
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
                   [&](Proposed& proposed) {
                       take(proposed.sectors, changes.sectors);
                       take(proposed.note, changes.note);
                       take(proposed.strand, changes.strand);
                       take(proposed.phase, changes.phase);
                       take(proposed.source, changes.source);
                       take(proposed.confidence, changes.confidence);
                   },
                   [&](Accepted& accepted) { take(accepted.on, changes.on); },
                   [&](Declined& declined) { take(declined.reason, changes.fact_reason); },
                   [&](Withdrawn& withdrawn) { take(withdrawn.reason, changes.fact_reason); },
                   [&](Ended& ended) {
                       take(ended.on, changes.on);
                       take(ended.reason, changes.fact_reason);
                   },
               },
               fact);
    return first_left({{"sectors", changes.sectors.has_value()},
                       {"note", changes.note.has_value()},
                       {"strand", changes.strand.has_value()},
                       {"phase", changes.phase.has_value()},
                       {"source", changes.source.has_value()},
                       {"confidence", changes.confidence.has_value()},
                       {"on", changes.on.has_value()},
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

} // namespace mosty::partnership
