#pragma once

#include "domain/codec/entry.hpp"

#include <string>
#include <string_view>

namespace mosty::projections {

// A text's event as its followers get it: {"revision","type","actor","at","data"}. `data` is the event's
// JSON.
std::string text_event(const codec::Envelope& envelope, std::string_view at, std::string_view data);

} // namespace mosty::projections
