#pragma once

#include "server/projections/compare.hpp"
#include "server/projections/projector.hpp"
#include "server/projections/rebuild.hpp"
#include "storage/log_reader.hpp"
#include "storage/rocksdb/rocks_view_store.hpp"
#include "storage/rocksdb/scratch_folder.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace mosty::tools {

// Every view, list and kept state of a text at one size of a log whose sealed data are opened, folded from
// the entries alone: nothing that a server derived is read. They lie in a temporary folder (TMPDIR; about
// twice the log's bytes), which goes with this, encrypted under a key that is nowhere else.
struct RebuiltViews {
    storage::ScratchFolder folder{"mosty-rebuilt"};
    std::unique_ptr<storage::RocksViewStore> store;
    std::unique_ptr<projections::Projector> projector; // everything committed
};

// The same with nothing folded yet.
Result<std::unique_ptr<RebuiltViews>, std::string> begin_views(const storage::LogReader& log, Size size);

// Folds the first `size` entries of the log, which has as many. An error says what could not be done.
Result<std::unique_ptr<RebuiltViews>, std::string>
rebuild_views(const storage::LogReader& log, Size size, const projections::Progress& progress = nullptr);

struct FolderComparison {
    Size size = 0; // of the log that the folder's views stand for
    projections::Comparison views;
};

// Compares the views in a data folder, as they are now, with those that its log gives. A server may be
// running on it. Nothing when there is nothing to compare: no views, or views in another form, which the next
// start folds anew.
Result<std::optional<FolderComparison>, std::string>
compare_folder(const std::filesystem::path& data, const std::filesystem::path& master_key_file,
               const projections::Progress& progress = nullptr);

} // namespace mosty::tools
