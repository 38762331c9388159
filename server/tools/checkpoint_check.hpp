#pragma once

#include "server/audit/checkpoint.hpp"
#include "server/tools/findings.hpp"
#include "storage/log_reader.hpp"
#include "storage/merkle/tree_check.hpp"
#include "storage/rocksdb/open_error.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace mosty::tools {

// The checkpoints that a folder keeps, oldest first. To be read before the log, which can then only be
// ahead of them.
Result<std::vector<audit::SignedCheckpoint>, storage::OpenError>
kept_checkpoints(const std::filesystem::path& data);

// Holds a log's tree against every checkpoint that was signed of it, and the signatures of its present
// origin against DIR/checkpoint.key, when that is there. Gives a line that says what was compared.
std::string check_checkpoints(const std::filesystem::path& data, const storage::LogReader& log,
                              const std::vector<audit::SignedCheckpoint>& kept, Findings& findings);

// The same checkpoints as roots to hold a damaged log against: those that DIR/checkpoint.key signed. The
// others are findings.
std::vector<storage::merkle::Anchor> signed_anchors(const std::filesystem::path& data, Findings& findings);

} // namespace mosty::tools
