#include "server/projections/towns.hpp"

#include "server/projections/facts.hpp"
#include "server/projections/keys.hpp"

namespace mosty::projections {
namespace json = boost::json;
namespace {

json::object town_of(const json::object& row) {
    json::object town;
    copy_members(town, row,
                 {"name", "name_local", "country", "kind", "region", "lat_e5", "lon_e5", "population",
                  "population_year"});
    return town;
}

Entity& open_towns(Fold& fold) {
    return fold.entities.open("towns");
}

} // namespace

void add_towns(Fold& fold, const std::vector<std::string_view>& ids) {
    Entity& towns = open_towns(fold);
    ViewChange change(towns.document.value);
    for (const std::string_view id : ids) {
        if (change.view().contains(id))
            continue;
        const auto row = fold.store.get(keys::row("municipalities", id));
        if (row)
            change.set(id, json::value(town_of(json::parse(*row).as_object())));
    }
    publish_view(fold, towns, std::move(change));
}

void follow_town(Fold& fold, std::string_view id, const json::object& row) {
    Entity& towns = open_towns(fold);
    if (!towns.document.value.contains(id))
        return;
    ViewChange change(towns.document.value);
    change.set(id, json::value(town_of(row)));
    publish_view(fold, towns, std::move(change));
}

} // namespace mosty::projections
