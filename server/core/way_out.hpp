#pragma once

#include "storage/rocksdb/open_error.hpp"

#include <filesystem>

namespace mosty::core {

// The refusal of a folder, with what its owner can do next when its log is damaged or lacks something.
storage::OpenError with_way_out(storage::OpenError refusal, const std::filesystem::path& data);

} // namespace mosty::core
