#pragma once

#include "server/tools/findings.hpp"
#include "storage/log_reader.hpp"
#include "storage/merkle/tree_check.hpp"

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace mosty::tools {

// What can be said of a log that may be damaged.
struct Provable {
    // A run of neighbours: [from, to).
    struct Range {
        Position from = 0;
        Position to = 0;
    };

    Size size = 0;                // entries that the log had, as far as it, its mark or a checkpoint tells
    std::vector<Range> lost;      // those that cannot be read, or are not the recorded ones
    std::vector<Range> recovered; // out of damaged appends, and proven
    // Out of a damaged append at the very end, which neither mark nor checkpoint knows of: perhaps it was
    // never acknowledged. Not counted to the size.
    Range beyond;
    Size proven = 0; // the mark or a checkpoint confirms the tree of the first so many
    Size kept = 0;   // the first ones that are all there, and that nothing contradicts
    Findings findings;

    Size lost_total() const;
};

// Reads the whole log once, in bounded memory. `unsure`: positions, ascending, of entries that count as lost
// unless an anchor proves them.
Provable find_provable(const storage::LogReader& log, std::vector<storage::merkle::Anchor> anchors,
                       std::span<const Position> unsure = {});

// Writes the log's first `provable.kept` entries into a new log in `folder`, which is made and gets a log id
// of its own, and every other readable entry into `folder`/left-out.ndjson when there is any; what is lost or
// beyond is marked there as not proven.
struct Written {
    std::string log_id;
    Size left_out = 0;
    Size unproven = 0; // of those
};

// An error says why it could not be written.
Result<Written, std::string> write_kept(const storage::LogReader& log, const Provable& provable,
                                        const std::filesystem::path& folder);

} // namespace mosty::tools
