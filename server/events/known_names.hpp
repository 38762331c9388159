#pragma once

#include "domain/base/result.hpp"
#include "server/events/filter.hpp"
#include "storage/log_reader.hpp"

#include <optional>
#include <string>

namespace mosty::events {

// Whom the filter names although the first `size` entries know nobody of that id: an actor who neither was
// registered nor did anything, an organisation that is no municipality of the register and that nobody ever
// belonged to. `opened` is the log with its sealed data opened. The error says what cannot be read.
Result<std::optional<Mistake>, std::string> unknown_name_in(const storage::LogReader& opened, Size size,
                                                            const Filter& filter);

} // namespace mosty::events
