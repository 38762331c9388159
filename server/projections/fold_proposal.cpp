#include "domain/codec/data.hpp"
#include "server/projections/facts.hpp"
#include "server/projections/fold.hpp"
#include "server/projections/json_text.hpp"
#include "server/projections/proposal_content.hpp"
#include "server/projections/proposal_figures.hpp"
#include "server/projections/proposal_standing.hpp"
#include "server/projections/related.hpp"
#include "server/projections/rows.hpp"

namespace mosty::projections {
namespace json = boost::json;
namespace {

using namespace proposal;

enum class Weight { content, fact, correction };

struct Weigh {
    Weight operator()(const Drafted&) const { return Weight::fact; }
    Weight operator()(const ApprovalAsked&) const { return Weight::fact; }
    Weight operator()(const Approved&) const { return Weight::fact; }
    Weight operator()(const Returned&) const { return Weight::fact; }
    Weight operator()(const ApprovalWithdrawn&) const { return Weight::fact; }
    Weight operator()(const Submitted&) const { return Weight::fact; }
    Weight operator()(const Answered&) const { return Weight::fact; }
    Weight operator()(const Corrected&) const { return Weight::correction; }
    template <class Content>
    Weight operator()(const Content&) const {
        return Weight::content;
    }
};

void place_proposal(Fold& fold, Entity& entity) {
    std::vector<std::string_view> partners;
    for (const auto& partner : entity.document.value.at("partners").as_object())
        partners.push_back(partner.key());
    place(fold, entity, "proposals", partners);
}

void make_ready(Fold& fold, Entity& entity) {
    if (entity.is_ready())
        return;
    place_proposal(fold, entity);
    entity.some_figure_invented = has_invented_figure(entity.document.value);
}

// Whether the event may change what the row says beside when and by whom the proposal was changed.
bool changes_row(const Event& event) {
    const auto* edited = std::get_if<Edited>(&event);
    return edited == nullptr || edited->title || edited->sectors;
}

// A partner that came or went changes which lists have the row.
void follow_partners(Fold& fold, Entity& entity, const Event& event) {
    if (const auto* added = std::get_if<PartnerAdded>(&event)) {
        const std::size_t lists_before = entity.lists.size();
        place_proposal(fold, entity);
        if (entity.lists.size() > lists_before)
            fold.lists.add(fold.lists.rows("proposals/" + added->municipality.text()), entity.order,
                           fold.id(), fold.size());
    } else if (const auto* removed = std::get_if<PartnerRemoved>(&event)) {
        const std::size_t lists_before = entity.lists.size();
        place_proposal(fold, entity);
        if (entity.lists.size() == lists_before)
            return;
        RowList& list = fold.lists.rows("proposals/" + removed->municipality.text());
        fold.lists.remove(list, entity.order, fold.id(), fold.size());
        std::string id;
        append_quoted(id, fold.id());
        fold.out.push_back({list.topic, Change::Kind::removal,
                            std::make_shared<const std::string>(std::move(id)), fold.size(), list.total});
    }
}

} // namespace

Entity& open_proposal(Fold& fold, std::string_view topic) {
    Entity& entity = fold.entities.open(topic);
    if (!fold.store.failure())
        make_ready(fold, entity);
    return entity;
}

Tally fold_proposal(Fold& fold, const Event& event) {
    const bool begins = fold.envelope.revision == 1;
    Entity& entity = fold.entities.open(fold.stream(), begins);
    if (fold.store.failure())
        return {};
    json::object& view = entity.document.value;
    if (!begins)
        make_ready(fold, entity);
    const Weight weight = std::visit(Weigh(), event);
    Tally tally{.kind = "proposals"};
    if (weight != Weight::content)
        tally.status_before = text_of(view, "status");
    std::string data;
    codec::append_data(data, fold.event);

    ViewChange change(view);
    begin_entity(fold, change);
    write_content(fold, entity, change, event);
    if (weight == Weight::fact)
        record_fact(change, fold, data);
    if (weight == Weight::correction)
        correct_fact(change, fold, data);
    if (weight != Weight::content)
        change.become(proposal_standing(view), proposal_standing_members);
    const auto patch = finish(fold, entity, std::move(change));
    publish_patch(fold, entity, patch);
    if (weight != Weight::content)
        tally.status_after = text_of(view, "status");

    if (begins) {
        make_ready(fold, entity);
        for (RowList* list : entity.lists)
            fold.lists.add(*list, entity.order, fold.id(), fold.size());
    }
    std::vector<Feed*> feeds_before;
    if (std::holds_alternative<PartnerRemoved>(event))
        feeds_before = entity.feeds;
    follow_partners(fold, entity, event);
    if (entity.row_body.empty() || changes_row(event)) {
        entity.row_body = proposal_row_body(entity);
        entity.feed_subject = feed_subject(text_of(view, "partnership"), view);
    }
    const auto revision = static_cast<std::int64_t>(fold.envelope.revision);
    publish_row(fold, entity, proposal_row(entity, {fold.size_text, fold.at, fold.actor(), revision}));
    publish_feed(fold, std::holds_alternative<PartnerRemoved>(event) ? feeds_before : entity.feeds,
                 entity.feed_subject, data, *patch);
    if (begins)
        count_proposal(fold, text_of(view, "partnership"));
    return tally;
}

} // namespace mosty::projections
