#pragma once

#include "domain/base/result.hpp"
#include "domain/domain.hpp"

#include <simdjson.h>

#include <string_view>

namespace mosty::codec {

// Reads a command sent by somebody we do not trust. Strict: an unknown or repeated member, a wrong type, a
// number that is not whole or a field out of bounds is refused, with a sentence that names the field.
// Text is trimmed. `unknown_command` for a name that is none of ours.
Result<domain::Command, Rejection> parse_command(std::string_view wanted, simdjson::dom::element data);

} // namespace mosty::codec
