#pragma once

#include "server/sealing/keys.hpp"
#include "storage/rocksdb/rocks_view_store.hpp"

#include <filesystem>
#include <optional>

namespace mosty::tools {

// The views in a data folder as they are now, which a server may be running on; nothing when there are none
// of the form that goes with these keys: the next start folds them. The keys are looked at before.
Result<std::optional<storage::SeenViews>, storage::OpenError> look_at_views(const std::filesystem::path& data,
                                                                            const sealing::Keys& keys);

} // namespace mosty::tools
