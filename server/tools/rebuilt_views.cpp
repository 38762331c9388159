#include "server/tools/rebuilt_views.hpp"

#include "server/core/open_folder.hpp"
#include "server/sealing/opening_reader.hpp"
#include "server/texts/state_keeper.hpp"
#include "server/tools/folder_keys.hpp"
#include "server/tools/live_views.hpp"
#include "server/tools/whole_log.hpp"

#include <fmt/format.h>

#include <utility>

namespace mosty::tools {

Result<std::unique_ptr<RebuiltViews>, std::string> begin_views(const storage::LogReader& log, Size size) {
    auto rebuilt = std::make_unique<RebuiltViews>();
    if (rebuilt->folder.path().empty())
        return std::unexpected("cannot make a temporary folder");
    auto store = storage::RocksViewStore::open(
        rebuilt->folder.path(), {.log_id = log.log_id(), .format = core::views_format, .log_size = size},
        {.key = std::string(sealing::Key::random().bytes())});
    if (!store)
        return std::unexpected(store.error().sentence);
    rebuilt->store = std::move(*store);
    rebuilt->projector = std::make_unique<projections::Projector>(*rebuilt->store);
    return rebuilt;
}

Result<std::unique_ptr<RebuiltViews>, std::string> rebuild_views(const storage::LogReader& log, Size size,
                                                                 const projections::Progress& progress) {
    auto rebuilt = begin_views(log, size);
    if (!rebuilt)
        return rebuilt;
    const RebuiltViews& views = **rebuilt;
    const auto folded = projections::rebuild(*views.projector, log, size, progress,
                                             texts::keep_states(log, *views.store, *views.projector));
    if (!folded)
        return std::unexpected(folded.error().reason);
    return rebuilt;
}

Result<std::optional<FolderComparison>, std::string>
compare_folder(const std::filesystem::path& data, const std::filesystem::path& master_key_file,
               const projections::Progress& progress) {
    // The views first: the log, looked at later, holds at least what they stand for, and is read before its
    // keys.
    const auto keys_of_views = keys_of_folder(data, master_key_file);
    if (!keys_of_views)
        return std::unexpected(keys_of_views.error().sentence);
    const auto seen = look_at_views(data, *keys_of_views);
    if (!seen)
        return std::unexpected(seen.error().sentence);
    const auto stored = open_whole_log(data);
    if (!stored)
        return std::unexpected(stored.error());
    auto keys = keys_of_folder(data, master_key_file);
    if (!keys)
        return std::unexpected(keys.error().sentence);
    if (!*seen || (*seen)->format != core::views_format_after(keys->destroyed_of_streams()) ||
        (*seen)->log_id != (*stored)->log_id())
        return std::nullopt;
    const sealing::OpeningReader log(**stored, std::move(*keys), sealing::Missing::refuse);
    const storage::ViewStore::Snapshot& live = *(*seen)->rows;
    if (live.applied() > log.size())
        return std::unexpected(fmt::format("the views stand for {} entries, but the log has only {}",
                                           live.applied(), log.size()));
    const auto rebuilt = rebuild_views(log, live.applied(), progress);
    if (!rebuilt)
        return std::unexpected(rebuilt.error());
    auto compared = projections::compare_views(live, *(*rebuilt)->store->snapshot());
    if (!compared)
        return std::unexpected(compared.error().reason);
    return FolderComparison{live.applied(), std::move(*compared)};
}

} // namespace mosty::tools
