#pragma once

#include "domain/text/delta.hpp"

#include <simdjson.h>

#include <cstddef>
#include <string>

namespace mosty::bench {

// Appends a delta without attributes as a JSON list of operations.
void append_json(std::string& out, const text::Delta& delta);

// Reads a list of operations; gives up when one has attributes, since no generator writes any.
text::Delta read_delta(simdjson::dom::element list);

// How many units a text of inserts has.
std::size_t length_of(const text::Delta& content);

} // namespace mosty::bench
