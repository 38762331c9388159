#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "server/backup/folder.hpp"
#include "storage/merkle/hash.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace mosty::backup {

struct CheckRequest {
    // Leaves out the entries before; a multiple of 256. Their hashes are taken from the tiles above them,
    // and so still have to give the root.
    Position from = 0;
    // Ascending sizes not beyond the backup's, none below `from`: the trees whose roots are wanted.
    std::vector<Size> roots_at;
    // Told the entries checked so far, every 256.
    std::function<void(Size)> progress;
    bool from_disk = false; // not what the system still has in memory
    std::size_t damages_kept_max = 100;
};

struct CheckReport {
    // The entries from `from` on are all there and give, with what precedes them, the manifest's root.
    bool entries_proven = false;
    std::vector<storage::merkle::Hash> roots; // one for each of `roots_at`; of use when entries_proven
    std::uint64_t damages_total = 0;
    std::vector<std::string> damages; // sentences with positions, the first damages_kept_max
    std::uint64_t bytes = 0;          // of entries read

    // No file is damaged, hash tiles included.
    bool is_sound() const { return entries_proven && damages_total == 0; }
};

// Reads the backup and compares entries, hashes and root. Tells entries that are damaged from hashes that
// are: the root vouches for one of them. Memory stays bounded.
CheckReport check(const std::filesystem::path& folder, const Manifest& manifest, const CheckRequest& request);

} // namespace mosty::backup
