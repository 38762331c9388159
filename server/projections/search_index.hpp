#pragma once

#include "storage/view_store.hpp"

#include <boost/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace mosty::projections {

// What a municipality is found by. Under keys::words(), for each word: the word, the folded name and the
// id, divided by zero bytes; the value is the country and every word in order, divided by spaces. Under
// keys::names(): country, folded name and id; no value.
std::vector<storage::KeyValue> search_entries(std::string_view id, const boost::json::object& row);

// The parts of such a key behind its prefix, and of such a value.
std::vector<std::string_view> parts_of(std::string_view text, char divider);

} // namespace mosty::projections
