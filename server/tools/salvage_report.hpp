#pragma once

#include "server/tools/provable.hpp"
#include "storage/rocksdb/salvaged_log.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace mosty::tools {

// What is left of a log that may not be opened any more, and what of that is proven.
struct SalvageReport {
    std::unique_ptr<storage::SalvagedLog> log;
    Provable found;
    std::vector<std::string> lines; // what is damaged where, lost, recovered, whole and proven

    bool is_whole() const { return lines.size() == summary_lines && found.kept == found.size; }

    static constexpr std::size_t summary_lines = 3; // those of a log that is whole
};

// Reads all of the folder's log, as far as it can be read, into `scratch`, which must not exist, and holds it
// against its mark and its checkpoints. `locked` while a server has the folder open.
Result<SalvageReport, storage::OpenError> report_salvage(const std::filesystem::path& data,
                                                         const std::filesystem::path& scratch);

} // namespace mosty::tools
