#pragma once

#include "server/projections/fold.hpp"

#include <boost/json.hpp>

#include <initializer_list>
#include <string_view>

// The recorded facts of an entity as its view has them: by event id, in the order they happened, each with
// its data as corrected so far. What an entity's facts add up to, its standing, is folded from them alone;
// a correction changes a fact, and the standing is folded again.
namespace mosty::projections {

// Adds the event to the view's facts. `data` is the event's own, as in the entry.
void record_fact(ViewChange& change, const Fold& fold, std::string_view data);

// Takes the fact that the correction names back, or gives its fields new values. A fact that is not there
// changes nothing.
void correct_fact(ViewChange& change, const Fold& fold, std::string_view data);

// One fact that still holds.
struct Fact {
    std::string_view type;
    std::string_view at;
    std::string_view actor;
    const boost::json::object& data;

    // {"at","actor"} and the named members of the data that are there.
    boost::json::object signed_with(std::initializer_list<std::string_view> members) const;
};

// Calls `visit` for each fact that has not been taken back, in order.
template <class Visit>
void for_each_fact(const boost::json::object& view, Visit visit) {
    const auto* facts = view.if_contains("facts");
    if (facts == nullptr)
        return;
    for (const auto& [id, value] : facts->as_object()) {
        const auto& fact = value.as_object();
        if (fact.contains("retracted"))
            continue;
        visit(Fact{fact.at("type").as_string(), fact.at("at").as_string(), fact.at("actor").as_string(),
                   fact.at("data").as_object()});
    }
}

// Copies the named members that are there.
void copy_members(boost::json::object& to, const boost::json::object& from,
                  std::initializer_list<std::string_view> members);

} // namespace mosty::projections
