#include "server/projections/fold.hpp"

#include "server/projections/json_text.hpp"
#include "server/projections/keys.hpp"

namespace mosty::projections {
namespace json = boost::json;
namespace {

std::string scoped(std::string_view list, std::string_view scope) {
    return std::string(list).append("/").append(scope);
}

std::shared_ptr<const std::string> shared(std::string text) {
    return std::make_shared<const std::string>(std::move(text));
}

} // namespace

json::object signature(std::string_view at, std::string_view actor) {
    return {{"at", at}, {"actor", actor}};
}

void begin_entity(Fold& fold, ViewChange& change) {
    const auto position = static_cast<std::int64_t>(fold.position);
    const bool is_first = change.view().empty();
    if (is_first)
        change.set("id", fold.id());
    change.set("revision", static_cast<std::int64_t>(fold.envelope.revision));
    if (is_first) {
        json::object created = signature(fold.at, fold.actor());
        created.emplace("position", position);
        change.set("created", json::value(std::move(created)));
    }
    change.set_changed(fold.at, fold.actor(), position);
}

std::shared_ptr<const std::string> store_patch(Fold& fold, Entity& entity, ViewChange&& change) {
    auto patch = shared(std::move(change).finish());
    Document& document = entity.document;
    document.size = fold.size();
    fold.store.add(keys::at_size(keys::patches(entity.topic), fold.size()), *patch);
    if (++document.since_copy == patches_per_copy) {
        std::string copy;
        append_object(copy, document.value);
        fold.store.add(keys::at_size(keys::copies(entity.topic), fold.size()), std::move(copy));
        document.since_copy = 0;
    }
    return patch;
}

void publish_patch(Fold& fold, Entity& entity, ViewChange&& change) {
    if (change.empty())
        return;
    auto patch = store_patch(fold, entity, std::move(change));
    fold.out.push_back({entity.topic, Change::Kind::patch, std::move(patch), fold.size(), 0});
}

void publish_row(Fold& fold, Entity& entity, std::string row) {
    entity.row = shared(std::move(row));
    entity.row_changed = true;
    fold.entities.mark(entity);
    for (const RowList* list : entity.lists)
        fold.out.push_back({list->topic, Change::Kind::row, entity.row, fold.size(), list->total});
}

void publish_feed(Fold& fold, const std::vector<Feed*>& feeds, const FeedSubject& subject,
                  std::string_view data) {
    std::string row;
    row.reserve(512 + std::min<std::size_t>(data.size(), 2048));
    row = "{";
    append_member(row, "size", static_cast<std::int64_t>(fold.size()));
    append_member(row, "id", fold.envelope.id.text());
    append_member(row, "order", order_of(fold.position));
    append_member(row, "position", static_cast<std::int64_t>(fold.position));
    append_member(row, "type", fold.envelope.type);
    append_member(row, "stream", fold.stream());
    append_member(row, "actor", fold.actor());
    append_member(row, "at", fold.at);
    append_member(row, "event", fold.envelope.id.text());
    if (!subject.partnership.empty())
        append_member(row, "partnership", subject.partnership);
    if (!subject.ua.empty())
        append_member(row, "ua", subject.ua);
    if (!subject.eu.empty())
        append_member(row, "eu", subject.eu);
    if (!subject.title.empty())
        append_member(row, "title", subject.title);
    append_name(row, "data");
    append_shortened(row, data);
    row += '}';

    const auto text = shared(std::move(row));
    fold.store.add(keys::feed_row(fold.position), *text);
    for (Feed* feed : feeds) {
        fold.lists.append(*feed, fold.position);
        fold.out.push_back({feed->topic, Change::Kind::row, text, fold.size(), feed->total()});
    }
}

void place(Fold& fold, Entity& entity, std::string_view list,
           const std::vector<std::string_view>& municipalities) {
    const auto& created = entity.document.value.at("created").as_object();
    entity.order = order_of(static_cast<Position>(created.at("position").as_int64()));
    entity.lists.clear();
    entity.feeds.clear();
    for (const std::string_view municipality : municipalities) {
        entity.lists.push_back(&fold.lists.rows(scoped(list, municipality)));
        entity.feeds.push_back(&fold.lists.feed(scoped("feed", municipality)));
    }
    entity.lists.push_back(&fold.lists.rows(scoped(list, "all")));
    entity.feeds.push_back(&fold.lists.feed("feed/all"));
}

} // namespace mosty::projections
