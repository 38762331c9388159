#pragma once

#include "server/projections/document.hpp"
#include "server/projections/feed.hpp"
#include "server/projections/row_list.hpp"
#include "server/projections/working_store.hpp"

#include <cstddef>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mosty::projections {

// A view in memory, with what its fold looks at again and again. For `directory`, `towns` and `programme`
// the members below the first are empty.
struct Entity {
    std::string topic;
    Document document;

    std::string order; // of its row
    std::vector<RowList*> lists;
    std::vector<Feed*> feeds;
    std::shared_ptr<const std::string> row; // as last published; nothing when not since it was loaded
    bool row_changed = false;
    std::optional<SetHash::Element> row_counted; // as the store has it
    bool waits = false;                          // for the next commit

    boost::json::object related;       // a partnership's: its visits and proposals, see related.hpp
    bool some_figure_invented = false; // a proposal's

    // A proposal's: the parts of its rows' texts that most events leave as they are; empty: not written yet.
    std::string row_body;
    std::string feed_subject;

    bool is_new() const { return document.size == 0; }
    bool is_ready() const { return !lists.empty(); }
};

// The views in memory, those used last. Documents are loaded from the store when asked for again.
//
// References stay good until the next trim() or drop(). What waits for a commit is never dropped.
class Entities {
public:
    Entities(WorkingStore& store, std::size_t kept_max) : store_(store), kept_max_(kept_max) {}

    // The view under this topic; `begins`: the caller knows that nothing was recorded under it.
    Entity& open(std::string_view topic, bool begins = false);

    // Says that the entity has changed, and waits with its row for the next commit.
    void mark(Entity& entity);

    // Writes the rows that wait into the store, for its next commit.
    void save();

    // Forgets the views used longest ago, until no more than allowed are left; none while any waits.
    void trim();

    // Forgets a view that turned out to be empty.
    void drop(Entity& entity);

private:
    using Kept = std::list<Entity>; // the one used last in front

    WorkingStore& store_;
    const std::size_t kept_max_;
    Kept kept_;
    std::unordered_map<std::string_view, Kept::iterator> by_topic_;
    std::vector<Entity*> waiting_;
};

} // namespace mosty::projections
