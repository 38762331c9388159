#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mosty::realtime {

// Appends `"name":"text"` to an object being written; a comma first unless the object is still empty.
// `text` is UTF-8.
void append_member(std::string& out, std::string_view name, std::string_view text);

// The same for a number.
void append_member(std::string& out, std::string_view name, unsigned long long number);

} // namespace mosty::realtime
