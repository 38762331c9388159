#pragma once

#include "server/projections/fold.hpp"

#include <boost/json.hpp>

#include <string_view>
#include <vector>

namespace mosty::projections {

// Takes these municipalities, which a partnership names, into the `towns` view as their rows have them.
void add_towns(Fold& fold, const std::vector<std::string_view>& ids);

// Follows a municipality's new row, if a partnership names it.
void follow_town(Fold& fold, std::string_view id, const boost::json::object& row);

} // namespace mosty::projections
