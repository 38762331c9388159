#pragma once

#include "domain/base/result.hpp"
#include "storage/merkle/tree_check.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace mosty::tools {

// What a folder's signed checkpoints say of its log's tree. None when none was signed yet; an error when
// one is there that cannot be read or whose signature is not the folder's.
Result<std::vector<storage::merkle::Anchor>, std::string> signed_anchors(const std::filesystem::path& data);

} // namespace mosty::tools
