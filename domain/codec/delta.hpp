#pragma once

#include "domain/codec/read_value.hpp"
#include "domain/text/delta.hpp"

#include <string>

namespace mosty::codec {

// A delta of at most `json_bytes_max` bytes of JSON, as our own writer writes it.
struct DeltaRule {
    std::size_t json_bytes_max = 16 * 1024;
};

// Reads a list of operations. A sent one is refused, `invalid_delta`, for everything that domain/README.md
// lists, duplicate members too, and `edit_too_big`; what is read is normalised. A recorded one only has to
// have the right form.
Fault read_value(Place place, Element element, const DeltaRule& rule, text::Delta& out);

// Appends the delta as a JSON list, attributes in a fixed order.
void write_value(std::string& out, const text::Delta& delta);

} // namespace mosty::codec
