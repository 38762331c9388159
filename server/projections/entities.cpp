#include "server/projections/entities.hpp"

#include "server/projections/keys.hpp"
#include "server/projections/related.hpp"

#include <limits>

namespace mosty::projections {
namespace {

std::string_view id_in(std::string_view topic) {
    return topic.substr(topic.find('/') + 1);
}

// The list in which an entity has its row: "proposal/p-7f3" is in "proposals".
std::string list_of(std::string_view topic) {
    return std::string(topic.substr(0, topic.find('/'))).append("s");
}

} // namespace

Entity& Entities::open(std::string_view topic, bool begins) {
    if (const auto found = by_topic_.find(topic); found != by_topic_.end()) {
        kept_.splice(kept_.begin(), kept_, found->second);
        return kept_.front();
    }
    Entity& entity = kept_.emplace_front();
    entity.topic = topic;
    by_topic_.emplace(entity.topic, kept_.begin());
    if (begins)
        return entity;

    auto document = store_.take(read_document(store_.committed(), topic, std::numeric_limits<Size>::max()));
    if (document)
        entity.document = std::move(*document);
    if (topic.starts_with("partnership/"))
        if (auto related =
                store_.take(read_related(store_.committed(), id_in(topic), std::numeric_limits<Size>::max())))
            entity.related = std::move(related->value);
    return entity;
}

void Entities::mark(Entity& entity) {
    if (entity.waits)
        return;
    entity.waits = true;
    waiting_.push_back(&entity);
}

void Entities::save() {
    for (Entity* entity : waiting_) {
        if (entity->row_changed)
            store_.rewrite(keys::row(list_of(entity->topic), id_in(entity->topic)), *entity->row,
                           entity->row_counted);
        entity->row_changed = entity->waits = false;
    }
    waiting_.clear();
}

void Entities::trim() {
    if (!waiting_.empty())
        return;
    while (kept_.size() > kept_max_) {
        by_topic_.erase(kept_.back().topic);
        kept_.pop_back();
    }
}

void Entities::drop(Entity& entity) {
    const auto found = by_topic_.find(entity.topic);
    const auto place = found->second;
    by_topic_.erase(found);
    kept_.erase(place);
}

} // namespace mosty::projections
