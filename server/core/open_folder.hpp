#pragma once

#include "server/projections/projector.hpp"
#include "server/projections/rebuild.hpp"
#include "storage/rocksdb/open_error.hpp"
#include "storage/rocksdb/rocks_event_log.hpp"
#include "storage/rocksdb/rocks_view_store.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

namespace mosty::core {

// The form of what the projections write. Change it with them, and views are folded anew at the next start.
inline constexpr const char* views_format = "3";

// A data folder opened for writing, its views brought up to its log. Destroyed in the right order.
struct OpenFolder {
    std::unique_ptr<storage::RocksEventLog> log;
    std::unique_ptr<storage::RocksViewStore> views;
    std::unique_ptr<projections::Projector> projector;
};

struct OpenFolderOptions {
    std::size_t documents_cached_max = 20'000;
    projections::Progress progress; // of folding views, when there is much to fold
};

// Opens the folder or makes it. Views that cannot be read, or are of another log, are folded anew.
Result<OpenFolder, storage::OpenError> open_folder(const std::filesystem::path& data,
                                                   OpenFolderOptions options);

} // namespace mosty::core
