#include "domain/base/result.hpp"
#include "domain/codec/data.hpp"
#include "server/projections/fold.hpp"
#include "server/projections/json_text.hpp"
#include "server/projections/keys.hpp"
#include "server/projections/search_index.hpp"
#include "server/projections/towns.hpp"

#include <optional>

namespace mosty::projections {
namespace json = boost::json;
namespace {

using namespace municipality;
using namespace std::string_view_literals;

constexpr auto list_topic = "municipalities"sv;

// The register's row as the list shows it. `fact` is the event that corrections of it name.
json::object row_of(const Fold& fold, std::string_view order, const Row& registered) {
    std::string text;
    codec::append_row(text, registered);
    json::object row{
        {"size", nullptr}, {"id", fold.id()}, {"order", order}, {"fact", fold.envelope.id.text()}};
    for (auto& member : json::parse(text).as_object())
        if (member.key() != "source")
            row.emplace(member.key(), std::move(member.value()));
    return row;
}

std::optional<json::object> present_row(Fold& fold) {
    const auto stored = fold.store.get(keys::row(list_topic, fold.id()));
    if (!stored)
        return std::nullopt;
    return json::parse(*stored).as_object();
}

void unindex(Fold& fold, const json::object& row) {
    for (auto& [key, value] : search_entries(fold.id(), row))
        fold.store.remove(std::move(key));
}

// Stores the row, makes it findable and tells the list's followers.
void show(Fold& fold, json::object row) {
    RowList& list = fold.lists.rows(list_topic);
    row["size"] = static_cast<std::int64_t>(fold.size());
    std::string text;
    text.reserve(512);
    append_object(text, row);
    fold.store.put(keys::row(list_topic, fold.id()), text);
    for (auto& [key, value] : search_entries(fold.id(), row))
        fold.store.put(std::move(key), std::move(value));
    fold.out.push_back({list.topic, Change::Kind::row, std::make_shared<const std::string>(std::move(text)),
                        fold.size(), list.total});
}

void fold_registered(Fold& fold, const Registered& registered) {
    const std::string order = order_of(fold.position);
    fold.lists.add(fold.lists.rows(list_topic), order, fold.id(), fold.size());
    show(fold, row_of(fold, order, registered.row));
}

void replace(Fold& fold, const json::object& present, json::object row) {
    unindex(fold, present);
    follow_town(fold, fold.id(), row);
    show(fold, std::move(row));
}

void fold_updated(Fold& fold, const Updated& updated) {
    if (const auto present = present_row(fold))
        replace(fold, *present, row_of(fold, text_of(*present, "order"), updated.row));
}

// Only a correction of the newest row changes what is shown; one of an older row is history.
void fold_corrected(Fold& fold, const Corrected& corrected) {
    std::string data;
    codec::append_data(data, fold.event);
    publish_feed(fold, {&fold.lists.feed("feed/all")}, {}, data, {});

    const auto present = present_row(fold);
    if (!present || text_of(*present, "fact") != corrected.corrects.text())
        return;
    json::object row = *present;
    for (auto& member : json::parse(data).as_object()) {
        const std::string_view name = member.key();
        if (name != "corrects" && name != "reason" && name != "source")
            row[name] = std::move(member.value());
    }
    replace(fold, *present, std::move(row));
}

} // namespace

Tally fold_municipality(Fold& fold, const Event& event) {
    std::visit(Overloaded{
                   [&](const Registered& registered) { fold_registered(fold, registered); },
                   [&](const Updated& updated) { fold_updated(fold, updated); },
                   [&](const Corrected& corrected) { fold_corrected(fold, corrected); },
               },
               event);
    return {.municipalities = std::holds_alternative<Registered>(event) ? 1 : 0};
}

} // namespace mosty::projections
