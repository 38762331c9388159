#include "domain/base/result.hpp"
#include "domain/codec/data.hpp"
#include "domain/sites/decide.hpp"
#include "server/projections/fold.hpp"
#include "server/projections/json_text.hpp"
#include "server/projections/keys.hpp"
#include "server/projections/record.hpp"

#include <optional>

// What everybody may see who may read the proposal: how many places there are, and who sees what they are.
// The same whether a description can still be read or not.
namespace mosty::projections {
namespace json = boost::json;
namespace {

using namespace sites;

constexpr std::string_view list = "sites";

// The site's line, with another audience.
json::value seen_by(const json::object& view, const SiteId& id, Audience audience) {
    json::object line = view.at(list).at(id.text()).as_object();
    line["audience"] = to_string(audience);
    return line;
}

bool holds(const json::object& view, const SiteId& id) {
    const auto* lines = view.if_contains(list);
    return lines != nullptr && lines->as_object().contains(id.text());
}

void tell(Fold& fold, ViewChange& change, const Event& event) {
    const auto erase = [&](const SiteId& id) {
        if (holds(change.view(), id))
            change.erase_in(list, id.text());
    };
    std::visit(Overloaded{
                   [&](const sites::Recorded& one) {
                       json::object line = signature(fold.at, fold.actor());
                       line["order"] = fold.order;
                       line["side"] = to_string(one.side);
                       line["audience"] = to_string(one.audience);
                       change.set_in(list, one.site.text(), json::value(std::move(line)));
                   },
                   [](const Described&) {},
                   [&](const Shared& one) {
                       change.set_in(list, one.site.text(),
                                     seen_by(change.view(), one.site, Audience::partners));
                   },
                   [&](const Withdrawn& one) {
                       change.set_in(list, one.site.text(), seen_by(change.view(), one.site, Audience::town));
                   },
                   [&](const Removed& one) { erase(one.site); },
                   [&](const Erased& one) { erase(one.site); },
               },
               event);
}

// What a feed says; nothing of a description that comes along with something else.
std::optional<std::string> told_in_feed(const Fold& fold) {
    if (fold.envelope.type == Described::type)
        return fold.envelope.command_index == 0 ? std::optional<std::string>("{}") : std::nullopt;
    std::string data;
    codec::append_data(data, fold.event);
    return data;
}

} // namespace

Tally fold_sites(Fold& fold, const Event& event) {
    Entity& entity = fold.entities.open(fold.stream(), fold.envelope.revision == 1);
    if (fold.store.failure())
        return {};
    ViewChange change(entity.document.value);
    begin_entity(fold, change);
    tell(fold, change, event);
    const auto patch = finish(fold, entity, std::move(change));
    publish_patch(fold, entity, patch);

    const auto told = told_in_feed(fold);
    if (!told) {
        fold.store.add(keys::record(entity.topic, fold.size()), encode_record(*patch, {}));
        return {};
    }
    const Entity& proposal = open_proposal(fold, proposal_of(fold.envelope.stream).text());
    if (fold.store.failure())
        return {};
    const json::object& view = proposal.document.value;
    publish_feed(fold, proposal.feeds, feed_subject(text_of(view, "partnership"), view), *told, *patch);
    return {};
}

} // namespace mosty::projections
