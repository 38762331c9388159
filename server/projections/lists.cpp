#include "server/projections/lists.hpp"

#include "server/projections/keys.hpp"

namespace mosty::projections {

RowList& Lists::rows(std::string_view topic) {
    if (const auto found = row_lists_.by_topic.find(topic); found != row_lists_.by_topic.end())
        return *found->second;
    auto stored = store_.take(read_row_list(store_.committed(), topic));
    RowList& list = row_lists_.lists.emplace_back(stored ? std::move(*stored) : RowList{});
    list.topic = topic;
    row_lists_.by_topic.emplace(list.topic, &list);
    return list;
}

Feed& Lists::feed(std::string_view topic) {
    if (const auto found = feeds_.by_topic.find(topic); found != feeds_.by_topic.end())
        return *found->second;
    auto stored = store_.take(read_feed(store_.committed(), topic));
    Feed& feed = feeds_.lists.emplace_back(stored ? std::move(*stored) : Feed{});
    feed.topic = topic;
    feeds_.by_topic.emplace(feed.topic, &feed);
    return feed;
}

void Lists::add(RowList& list, std::string_view order, std::string_view id) {
    store_.put(keys::members(list.topic).append(order), std::string(id));
    ++list.total;
    row_lists_.mark(list);
}

void Lists::remove(RowList& list, std::string_view order, Size size) {
    store_.remove(keys::members(list.topic).append(order));
    --list.total;
    list.removed_at = size;
    row_lists_.mark(list);
}

void Lists::append(Feed& feed, Position position, std::string_view stream) {
    feeds_.mark(feed);
    if (auto full = append_row(feed, position, stream))
        store_.add(std::move(full->key), std::move(full->value));
}

void Lists::save() {
    for (RowList* list : row_lists_.changed) {
        store_.add(keys::total(list->topic), encode_total(*list));
        list->changed = false;
    }
    row_lists_.changed.clear();
    for (Feed* feed : feeds_.changed) {
        if (feed->count > 0)
            store_.add(keys::feed_run(feed->topic, feed->first), feed->run);
        feed->changed = false;
    }
    feeds_.changed.clear();
}

} // namespace mosty::projections
