#include "server/projections/related.hpp"

#include "server/projections/json_text.hpp"
#include "server/projections/keys.hpp"
#include "server/projections/rows.hpp"

namespace mosty::projections {
namespace json = boost::json;
namespace {

// The partnership's view with its lists; nothing for one without events.
Entity* open_partnership(Fold& fold, std::string_view id) {
    Entity& entity = fold.entities.open(std::string("partnership/").append(id));
    if (entity.is_new())
        return nullptr;
    const json::object& view = entity.document.value;
    if (!entity.is_ready())
        place(fold, entity, "partnerships", {text_of(view, "ua"), text_of(view, "eu")});
    return &entity;
}

void publish(Fold& fold, Entity& entity) {
    std::string related;
    append_object(related, entity.related);
    const std::string_view id = std::string_view(entity.topic).substr(entity.topic.find('/') + 1);
    fold.store.add(keys::at_size(keys::related(id), fold.size()), std::move(related));
    publish_row(fold, entity, partnership_row(entity, fold.size()));
}

void count(Fold& fold, std::string_view partnership, std::string_view what) {
    Entity* entity = open_partnership(fold, partnership);
    if (entity == nullptr)
        return;
    json::value& number = entity->related[what];
    number = number.is_null() ? 1 : number.as_int64() + 1;
    publish(fold, *entity);
}

} // namespace

Result<Related, storage::ReadError> read_related(const storage::ViewStore::Snapshot& snapshot,
                                                 std::string_view partnership, Size at) {
    const auto found =
        snapshot.scan(keys::related(partnership), keys::at_size({}, at), 1, storage::Order::descending);
    if (!found)
        return std::unexpected(found.error());
    if (found->empty())
        return Related{};
    return Related{json::parse(found->front().value).as_object(), keys::size_at_end(found->front().key)};
}

void count_visit(Fold& fold, std::string_view partnership) {
    count(fold, partnership, "visits");
}

void count_proposal(Fold& fold, std::string_view partnership) {
    count(fold, partnership, "proposals");
}

void set_held(Fold& fold, std::string_view partnership, std::string_view visit,
              std::optional<std::string_view> until) {
    Entity* entity = open_partnership(fold, partnership);
    if (entity == nullptr)
        return;
    json::object held;
    if (const auto* present = entity->related.if_contains("held"))
        held = present->as_object();
    const auto found = held.find(visit);
    if (until) {
        if (found != held.end() && text_of(found->value()) == *until)
            return;
        held[visit] = *until;
    } else {
        if (found == held.end())
            return;
        held.stable_erase(found);
    }
    entity->related["held"] = std::move(held);
    publish(fold, *entity);
}

} // namespace mosty::projections
