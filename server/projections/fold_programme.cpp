#include "server/projections/fold.hpp"

#include <array>

namespace mosty::projections {
namespace json = boost::json;
namespace {

using namespace std::string_view_literals;

constexpr std::array kinds{"partnerships"sv, "visits"sv, "proposals"sv};
constexpr std::array members{"municipalities"sv, kinds[0], kinds[1], kinds[2]};

void add(json::object& counts, std::string_view status, std::int64_t number) {
    if (status.empty())
        return;
    json::value& count = counts[status];
    count = (count.is_null() ? 0 : count.as_int64()) + number;
    if (count.as_int64() == 0)
        counts.stable_erase(counts.find(status));
}

bool changes_counts(const Tally& tally) {
    return tally.municipalities != 0 || tally.status_before != tally.status_after;
}

// The counts after the event. Every kind has its object from the first event on.
json::object counts_after(const json::object& view, const Tally& tally) {
    json::object counts = view;
    json::value& municipalities = counts["municipalities"];
    municipalities = (municipalities.is_null() ? 0 : municipalities.as_int64()) + tally.municipalities;
    for (const std::string_view kind : kinds)
        if (counts[kind].is_null())
            counts[kind].emplace_object();
    if (tally.status_before != tally.status_after) {
        json::object& statuses = counts.at(tally.kind).as_object();
        add(statuses, tally.status_before, -1);
        add(statuses, tally.status_after, 1);
    }
    return counts;
}

} // namespace

// Most events leave the counts as they are, and nobody is told anything.
void fold_programme(Fold& fold, const Tally& tally) {
    if (fold.position != 0 && !changes_counts(tally))
        return;
    Entity& programme = fold.entities.open(programme_topic, fold.position == 0);
    ViewChange change(programme.document.value);
    change.become(counts_after(programme.document.value, tally), members);
    publish_view(fold, programme, std::move(change));
}

} // namespace mosty::projections
