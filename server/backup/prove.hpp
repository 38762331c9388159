#pragma once

#include "server/audit/checkpoint.hpp"
#include "server/backup/folder.hpp"
#include "server/backup/heads.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace mosty::backup {

// What a backup was found to prove, in sentences for an operator.
struct Proof {
    bool entries_proven = false;     // all are there, byte for byte, by the root that the backup tells
    bool heads_proven = true;        // every checkpoint is readable and is one of these entries
    std::vector<std::string> damage; // of any file
    std::vector<std::string> wrong;  // what a checkpoint contradicts, or proves beyond the backup's end
    std::vector<std::string> proven;
    Heads heads;

    bool is_sound() const { return entries_proven && damage.empty() && wrong.empty(); }
};

// Reads the whole backup and holds it against its own checkpoints and, if given, one from elsewhere.
Proof prove(const std::filesystem::path& folder, const Manifest& manifest,
            const std::optional<audit::SignedCheckpoint>& outside, const std::function<void(Size)>& progress);

// "12,380"
std::string grouped(std::uint64_t number);

} // namespace mosty::backup
