#include "server/projections/lists.hpp"

#include "server/projections/keys.hpp"

#include <utility>

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

void Lists::add(RowList& list, std::string_view order, std::string_view id, Size size) {
    store_.put(keys::members(list.topic).append(order), std::string(id));
    ++list.total;
    store_.add(keys::at_size(keys::totals(list.topic), size), encode_total(list));
}

void Lists::remove(RowList& list, std::string_view order, std::string_view id, Size size) {
    store_.remove(keys::members(list.topic).append(order));
    store_.put(keys::left_members(list.topic).append(order), std::string(id));
    --list.total;
    list.removed_at = size;
    store_.add(keys::at_size(keys::totals(list.topic), size), encode_total(list));
}

void Lists::append(Feed& feed, Position position, std::string_view stream) {
    if (!std::exchange(feed.changed, true))
        changed_.push_back(&feed);
    if (auto full = append_row(feed, position, stream)) {
        store_.rewrite(std::move(full->key), std::move(full->value), feed.run_counted);
        feed.run_counted.reset();
    }
}

void Lists::save() {
    for (Feed* feed : changed_) {
        if (feed->count > 0)
            store_.rewrite(keys::feed_run(feed->topic, feed->first), feed->run, feed->run_counted);
        feed->changed = false;
    }
    changed_.clear();
}

} // namespace mosty::projections
