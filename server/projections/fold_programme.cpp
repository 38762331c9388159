#include "server/projections/fold.hpp"
#include "server/projections/json_text.hpp"
#include "server/projections/keys.hpp"
#include "server/projections/record.hpp"

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

// `events` is the log's size: every follower is told, but the store knows it without.
void fold_programme(Fold& fold, const Tally& tally) {
    Entity& programme = fold.entities.open(programme_topic, fold.position == 0);
    std::string told;
    append_all(told, {R"({"events":)", fold.size_text});
    if (programme.is_new() || changes_counts(tally)) {
        ViewChange change(programme.document.value);
        change.become(counts_after(programme.document.value, tally), members);
        const auto counts = finish(fold, programme, std::move(change));
        fold.store.add(keys::record(programme.topic, fold.size()), encode_record(*counts, {}));
        told.append(",").append(*counts, 1, counts->size() - 2);
    }
    told += '}';
    publish_patch(fold, programme, std::make_shared<const std::string>(std::move(told)));
}

} // namespace mosty::projections
