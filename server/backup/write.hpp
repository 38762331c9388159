#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "server/backup/folder.hpp"
#include "storage/log_reader.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace mosty::backup {

struct Fault {
    enum class Code {
        in_use,  // another process writes to this backup
        foreign, // the backup, or the folder, is of something else
        damaged, // bytes and hashes contradict each other
        failed,  // the log cannot be read, or the system refused
    };

    Code code = Code::failed;
    std::string sentence; // for the operator
};

// What the log's server signed, as bytes to be kept: vkey of the newest checkpoint, and all of them one after
// the other. None is of more entries than are saved.
struct SignedHeads {
    std::string key;
    std::string checkpoints;
};

struct Written {
    std::optional<Manifest> before; // nothing: this was the first backup in the folder
    Manifest now;
    std::uint64_t bytes = 0; // written
    std::uint64_t files = 0;
};

// Brings the backup in `folder`, or a new one, up to the log's first `size` entries, which must be durable.
// Writes only tiles that are new or have grown, reads them back and compares them with the log's root;
// after that TO/backup names the new size, in one step. On any error the backup is what it was before.
//
// The log may grow meanwhile. `progress` is told the entries done: of copying and then of reading back.
Result<Written, Fault> write(const storage::LogReader& log, Size size, const SignedHeads& heads,
                             const std::filesystem::path& folder, std::string time,
                             const std::function<void(Size)>& progress);

} // namespace mosty::backup
