#include "server/projections/fold.hpp"

#include "server/projections/json_text.hpp"
#include "server/projections/keys.hpp"
#include "server/projections/record.hpp"

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

std::shared_ptr<const std::string> finish(Fold& fold, Entity& entity, ViewChange&& change) {
    Document& document = entity.document;
    std::string patch = std::move(change).finish();
    document.size = fold.size();
    ++document.patches;
    document.patch_bytes += patch.size();
    if (is_copy_due(document)) {
        std::string copy;
        append_object(copy, document.value);
        document.copy_bytes = copy.size();
        document.patches = document.patch_bytes = 0;
        fold.store.add(keys::at_size(keys::copies(entity.topic), fold.size()), std::move(copy));
    }
    return shared(std::move(patch));
}

void publish_patch(Fold& fold, const Entity& entity, std::shared_ptr<const std::string> patch) {
    fold.out.push_back({entity.topic, Change::Kind::patch, std::move(patch), fold.size(), 0});
}

void publish_view(Fold& fold, Entity& entity, ViewChange&& change) {
    if (change.empty())
        return;
    auto patch = finish(fold, entity, std::move(change));
    fold.store.add(keys::record(entity.topic, fold.size()), encode_record(*patch, {}));
    publish_patch(fold, entity, std::move(patch));
}

void publish_row(Fold& fold, Entity& entity, std::string row) {
    entity.row = shared(std::move(row));
    entity.row_changed = true;
    fold.entities.mark(entity);
    for (const RowList* list : entity.lists)
        fold.out.push_back({list->topic, Change::Kind::row, entity.row, fold.size(), list->total});
}

std::string feed_subject(std::string_view partnership, const json::object& view) {
    std::string subject;
    append_all(subject, {",\"partnership\":\"", partnership, "\""});
    for (const std::string_view member : {"ua", "eu", "title"})
        if (const auto* value = view.if_contains(member))
            append_member(subject, member, text_of(*value));
    return subject;
}

// Ids, types and times need no escapes.
void publish_feed(Fold& fold, const std::vector<Feed*>& feeds, std::string_view subject,
                  std::string_view data, std::string_view patch) {
    std::string row;
    row.reserve(320 + subject.size() + std::min<std::size_t>(data.size(), 2'048));
    const std::string_view id = fold.envelope.id.text();
    append_all(row, {R"({"size":)",
                     fold.size_text,
                     R"(,"id":")",
                     id,
                     R"(","order":")",
                     fold.order,
                     R"(","position":)",
                     fold.position_text,
                     R"(,"type":")",
                     fold.envelope.type,
                     R"(","stream":")",
                     fold.stream(),
                     R"(","actor":")",
                     fold.actor(),
                     R"(","at":")",
                     fold.at,
                     R"(","event":")",
                     id,
                     R"(")",
                     subject,
                     R"(,"data":)"});
    append_shortened(row, data);
    row += '}';

    const auto text = shared(std::move(row));
    fold.store.add(keys::record(fold.stream(), fold.size()), encode_record(patch, *text));
    for (Feed* feed : feeds) {
        fold.lists.append(*feed, fold.position, fold.stream());
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
