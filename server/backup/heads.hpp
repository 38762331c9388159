#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "server/audit/checkpoint.hpp"
#include "server/audit/verifier_key.hpp"
#include "server/backup/folder.hpp"
#include "server/backup/write.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

// The checkpoints that go with entries: read from a data folder, and from a backup.
namespace mosty::backup {

// What a log has signed, oldest first. All are of at most so many entries.
struct Heads {
    std::vector<audit::SignedCheckpoint> checkpoints;
    std::optional<audit::VerifierKey> key; // of the newest, when it is known

    SignedHeads as_bytes() const;
};

// The checkpoints of a data folder that are not beyond `size`; none is no error. The key is the public half
// of DIR/checkpoint.key, which is looked for and never made.
Result<Heads, std::string> heads_of_data(const std::filesystem::path& data, Size size);

// Those of a backup, as the manifest names them.
Result<Heads, std::string> heads_of_backup(const std::filesystem::path& folder, const Manifest& manifest);

} // namespace mosty::backup
