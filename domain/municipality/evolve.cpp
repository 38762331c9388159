#include "domain/municipality/evolve.hpp"

#include "domain/base/invariant.hpp"
#include "domain/base/result.hpp"
#include "domain/history/changes.hpp"
#include "domain/municipality/amend.hpp"

namespace mosty::municipality {

namespace {

void adopt(State& state, const Row& row, const Recorded& recorded) {
    state.trail.record(recorded.id, recorded.revision, row);
    state.row = row;
    state.as_registered = row;
}

} // namespace

std::string_view amend(Row& row, Changes changes) {
    take(row.name, changes.name);
    take(row.name_local, changes.name_local);
    take(row.kind, changes.kind);
    take(row.region, changes.region);
    take(row.district, changes.district);
    take(row.centre, changes.centre);
    take(row.lat_e5, changes.lat_e5);
    take(row.lon_e5, changes.lon_e5);
    take(row.area_ha, changes.area_ha);
    take(row.population, changes.population);
    take(row.population_year, changes.population_year);
    take(row.settlements, changes.settlements);
    take(row.source, changes.source);
    return {};
}

void apply(State& state, const Event& event, const Recorded& recorded) {
    MOSTY_INVARIANT(recorded.revision == state.revision + 1, "history has no gaps");
    state.revision = recorded.revision;
    std::visit(Overloaded{
                   [&](const Registered& registered) { adopt(state, registered.row, recorded); },
                   [&](const Updated& updated) { adopt(state, updated.row, recorded); },
                   [&](const Corrected& corrected) {
                       auto* fact = state.trail.find(corrected.corrects);
                       if (!fact)
                           return;
                       amend(fact->data, corrected.changes);
                       if (state.trail.last() == fact)
                           state.row = fact->data;
                   },
               },
               event);
}

} // namespace mosty::municipality
