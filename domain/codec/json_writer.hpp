#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mosty::codec {

// Appends a JSON string with its quotation marks. The text must be UTF-8; what JSON does not require to be
// escaped stands as it is.
void append_string(std::string& out, std::string_view text);

void append_integer(std::string& out, std::int64_t value);

} // namespace mosty::codec
