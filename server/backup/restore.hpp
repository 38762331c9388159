#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "server/backup/folder.hpp"
#include "server/backup/write.hpp"
#include "storage/event_log.hpp"

#include <filesystem>
#include <functional>

namespace mosty::backup {

// Appends the backup's entries, byte for byte, to an empty log, with the index keys that follow from them;
// at the end the log has the manifest's root. To be asked after a check() that proved the entries. After
// an error the log holds some of them and is good for nothing.
Result<void, Fault> restore(const std::filesystem::path& folder, const Manifest& manifest,
                            storage::EventLog& into, const std::function<void(Size)>& progress);

} // namespace mosty::backup
