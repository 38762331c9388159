#include "domain/base/result.hpp"
#include "domain/codec/data.hpp"
#include "server/projections/facts.hpp"
#include "server/projections/fold.hpp"
#include "server/projections/json_text.hpp"
#include "server/projections/rows.hpp"
#include "server/projections/towns.hpp"

#include <array>

namespace mosty::projections {
namespace json = boost::json;
namespace {

using namespace partnership;

constexpr std::array standing_members{"ua"sv,       "eu"sv,       "by"sv,        "status"sv, "sectors"sv,
                                      "note"sv,     "strand"sv,   "phase"sv,     "source"sv, "confidence"sv,
                                      "accepted"sv, "declined"sv, "withdrawn"sv, "ended"sv};

// What the facts add up to.
json::object standing_of(const json::object& view) {
    json::object standing;
    json::object accepted;
    for_each_fact(view, [&](const Fact& fact) {
        if (fact.type == Proposed::type) {
            copy_members(standing, fact.data,
                         {"ua", "eu", "by", "sectors", "note", "strand", "phase", "source", "confidence"});
            standing["status"] = "proposed";
            const std::string_view by = text_of(fact.data, "by");
            if (by != "programme")
                accepted[by] = signature(fact.at, fact.actor);
        } else if (fact.type == Accepted::type) {
            accepted[text_of(fact.data, "side")] = fact.signed_with({"on"});
            if (accepted.size() == 2)
                standing["status"] = "active";
        } else if (fact.type == Declined::type) {
            standing["status"] = "declined";
            standing["declined"] = fact.signed_with({"side", "reason"});
        } else if (fact.type == Withdrawn::type) {
            standing["status"] = "withdrawn";
            standing["withdrawn"] = fact.signed_with({"reason"});
        } else if (fact.type == Ended::type) {
            standing["status"] = "ended";
            standing["ended"] = fact.signed_with({"on", "reason"});
        }
    });
    standing["accepted"] = std::move(accepted);
    return standing;
}

} // namespace

Tally fold_partnership(Fold& fold, const Event& event) {
    Entity& entity = fold.entities.open(fold.stream(), fold.envelope.revision == 1);
    if (fold.store.failure())
        return {};
    json::object& view = entity.document.value;
    Tally tally{.kind = "partnerships", .status_before = std::string(text_of(view, "status"))};
    std::string data;
    codec::append_data(data, fold.event);

    const bool begins = entity.is_new();
    ViewChange change(view);
    begin_entity(fold, change);
    if (std::holds_alternative<Corrected>(event))
        correct_fact(change, fold, data);
    else
        record_fact(change, fold, data);
    change.become(standing_of(view), standing_members);
    const auto patch = finish(fold, entity, std::move(change));
    publish_patch(fold, entity, patch);
    tally.status_after = text_of(view, "status");

    const std::string_view ua = text_of(view, "ua");
    const std::string_view eu = text_of(view, "eu");
    if (!entity.is_ready())
        place(fold, entity, "partnerships", {ua, eu});
    if (begins)
        for (RowList* list : entity.lists)
            fold.lists.add(*list, entity.order, fold.id(), fold.size());
    publish_row(fold, entity, partnership_row(entity, fold.size()));
    publish_feed(fold, entity.feeds, feed_subject(fold.id(), view), data, *patch);
    if (begins)
        add_towns(fold, {ua, eu});
    return tally;
}

} // namespace mosty::projections
