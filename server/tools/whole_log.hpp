#pragma once

#include "domain/base/result.hpp"
#include "storage/rocksdb/rocks_log_reader.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace mosty::tools {

// The log of a data folder, for a tool that tells or saves what stands in it: one that a server would go on
// with, so neither shorter than its mark or a checkpoint says, nor another. A server may be running on it.
Result<std::unique_ptr<storage::RocksLogReader>, std::string>
open_whole_log(const std::filesystem::path& data);

} // namespace mosty::tools
