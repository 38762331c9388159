#pragma once

#include "server/projections/view_change.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mosty::projections {

// One amount of a proposal's budget or funding.
struct Figure {
    enum class Kind { cost, funding, confirmed_funding };
    Kind kind = Kind::cost;
    std::string currency;
    std::int64_t amount = 0;
};

// The amount of a line of `budget` or of one of `sources`, as the view has it; nothing when it is not there.
std::optional<Figure> cost_in(const boost::json::object& view, std::string_view line);
std::optional<Figure> funding_in(const boost::json::object& view, std::string_view source);

// Changes the totals by one amount that was and is no more, and one that now is: the cost of an edit does
// not grow with the budget. A currency that no line and no source names any more leaves the totals. The
// budget and the sources must have been changed already.
void change_totals(ViewChange& change, const std::optional<Figure>& gone, const std::optional<Figure>& come);

// Whether any line, source or indicator of the view is invented.
bool has_invented_figure(const boost::json::object& view);

// Sets `missing` to what asking for approval still needs.
void change_missing(ViewChange& change);

} // namespace mosty::projections
