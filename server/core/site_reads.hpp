#pragma once

#include "domain/sites/view.hpp"
#include "storage/log_reader.hpp"

#include <string>

namespace mosty::core {

// What a view of sites showed when the log held `at` entries, to those who may read it now: without the
// places that they do not see any more. Folded from the log, its sealed data opened; the error says why that
// could not be read. Any thread.
Result<std::string, std::string> described_sites_as_of(const storage::LogReader& log,
                                                       const sites::ViewName& name, Size at);

} // namespace mosty::core
