#include "domain/codec/data.hpp"
#include "server/projections/facts.hpp"
#include "server/projections/fold.hpp"
#include "server/projections/json_text.hpp"
#include "server/projections/related.hpp"
#include "server/projections/rows.hpp"

#include <array>
#include <optional>

namespace mosty::projections {
namespace json = boost::json;
namespace {

using namespace visit;

constexpr std::array standing_members{"partnership"sv, "ua"sv,     "eu"sv,     "title"sv,     "host"sv,
                                      "kind"sv,        "from"sv,   "to"sv,     "place"sv,     "purpose"sv,
                                      "by"sv,          "source"sv, "status"sv, "confirmed"sv, "postponed"sv,
                                      "cancelled"sv,   "held"sv,   "report"sv};

void set_dates(json::object& standing, const json::object& data) {
    standing.erase("from");
    standing.erase("to");
    copy_members(standing, data, {"from", "to"});
}

// What the facts add up to. A postponement is told until both sides have confirmed the new dates.
json::object standing_of(const json::object& view) {
    json::object standing;
    json::object confirmed;
    for_each_fact(view, [&](const Fact& fact) {
        if (fact.type == Planned::type) {
            copy_members(standing, fact.data,
                         {"partnership", "ua", "eu", "title", "host", "kind", "from", "to", "place",
                          "purpose", "by", "source"});
            standing["status"] = "planned";
            const std::string_view by = text_of(fact.data, "by");
            if (by != "programme")
                confirmed[by] = signature(fact.at, fact.actor);
        } else if (fact.type == Confirmed::type) {
            confirmed[text_of(fact.data, "side")] = signature(fact.at, fact.actor);
            if (confirmed.size() < 2)
                return;
            standing["status"] = "confirmed";
            standing.erase("postponed");
        } else if (fact.type == Postponed::type) {
            set_dates(standing, fact.data);
            confirmed.clear();
            standing["status"] = "postponed";
            standing["postponed"] = fact.signed_with({"reason"});
        } else if (fact.type == Cancelled::type) {
            standing["status"] = "cancelled";
            standing["cancelled"] = fact.signed_with({"reason"});
        } else if (fact.type == Held::type) {
            set_dates(standing, fact.data);
            standing["status"] = "held";
            standing["held"] = fact.signed_with({"from", "to", "participants_ua", "participants_eu"});
        } else if (fact.type == Reported::type) {
            standing["status"] = "reported";
            standing["report"] = fact.signed_with({"summary", "lessons"});
        }
    });
    standing["confirmed"] = std::move(confirmed);
    return standing;
}

// The last day, month or year on which the visit was held, as far as it is known.
std::optional<std::string_view> held_until(const json::object& view) {
    const auto* held = view.if_contains("held");
    if (held == nullptr)
        return std::nullopt;
    const json::object& dates = held->as_object();
    return dates.contains("to") ? text_of(dates, "to") : text_of(dates, "from");
}

} // namespace

Tally fold_visit(Fold& fold, const Event& event) {
    Entity& entity = fold.entities.open(fold.stream(), fold.envelope.revision == 1);
    if (fold.store.failure())
        return {};
    json::object& view = entity.document.value;
    Tally tally{.kind = "visits", .status_before = std::string(text_of(view, "status"))};
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

    const std::string_view partnership = text_of(view, "partnership");
    const std::string_view ua = text_of(view, "ua");
    const std::string_view eu = text_of(view, "eu");
    if (!entity.is_ready())
        place(fold, entity, "visits", {ua, eu});
    if (begins)
        for (RowList* list : entity.lists)
            fold.lists.add(*list, entity.order, fold.id(), fold.size());
    publish_row(fold, entity, visit_row(entity, fold.size()));
    publish_feed(fold, entity.feeds, feed_subject(partnership, view), data, *patch);
    if (begins)
        count_visit(fold, partnership);
    else
        set_held(fold, partnership, fold.id(), held_until(view));
    return tally;
}

} // namespace mosty::projections
