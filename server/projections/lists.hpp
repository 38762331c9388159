#pragma once

#include "server/projections/feed.hpp"
#include "server/projections/row_list.hpp"
#include "server/projections/working_store.hpp"

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mosty::projections {

// Every list and feed that has been touched, as folded so far. A handful of numbers each, so they all
// stay; references to them stay good.
class Lists {
public:
    explicit Lists(WorkingStore& store) : store_(store) {}

    RowList& rows(std::string_view topic);
    Feed& feed(std::string_view topic);

    // Adds or removes the entity `id`, whose row stands at `order`, after the event that made the log
    // `size` entries long. One event adds to a list or removes from it once.
    void add(RowList& list, std::string_view order, std::string_view id, Size size);
    void remove(RowList& list, std::string_view order, std::string_view id, Size size);

    void append(Feed& feed, Position position, std::string_view stream);

    // Writes the feeds' ends into the store, for its next commit.
    void save();

private:
    template <class List>
    struct Shelf {
        std::deque<List> lists;
        std::unordered_map<std::string_view, List*> by_topic;
    };

    WorkingStore& store_;
    Shelf<RowList> row_lists_;
    Shelf<Feed> feeds_;
    std::vector<Feed*> changed_;
};

} // namespace mosty::projections
