#include "server/core/open_folder.hpp"

#include "server/audit/keeper.hpp"
#include "server/texts/state_keeper.hpp"

#include <spdlog/spdlog.h>

#include <memory>
#include <utility>

namespace mosty::core {

Result<OpenFolder, storage::OpenError> open_folder(const std::filesystem::path& data,
                                                   OpenFolderOptions options) {
    using storage::OpenError;
    auto log = storage::RocksEventLog::open(data);
    if (!log)
        return std::unexpected(log.error());
    if (auto whole = audit::check_newest_checkpoint(data, **log); !whole)
        return std::unexpected(std::move(whole.error()));

    // A second attempt begins with no views at all: they are only derived.
    std::string reason;
    for (int attempt = 0; attempt < 2; ++attempt) {
        auto views = storage::RocksViewStore::open(
            data, {.log_id = (*log)->log_id(), .format = views_format, .log_size = (*log)->size()});
        if (!views)
            return std::unexpected(views.error());
        if (!(*views)->begun_again_because().empty())
            spdlog::warn("views are folded anew: {}", (*views)->begun_again_because());
        auto projector = std::make_unique<projections::Projector>(
            **views, projections::Projector::Limits{.documents_cached_max = options.documents_cached_max});
        const auto rebuilt = projections::rebuild(*projector, **log, (*log)->size(), options.progress,
                                                  texts::keep_states(**log, **views, *projector));
        if (rebuilt)
            return OpenFolder{std::move(*log), std::move(*views), std::move(projector)};

        reason = rebuilt.error().reason;
        if (rebuilt.error().of_newer_program) // folding again, or away, what is whole would change nothing
            return std::unexpected(OpenError{OpenError::Code::format, reason});
        spdlog::warn("the views cannot be brought up to the log: {}", reason);
        projector.reset();
        views->reset();
        if (auto removed = storage::RocksViewStore::remove(data); !removed)
            return std::unexpected(removed.error());
    }
    return std::unexpected(
        OpenError{OpenError::Code::corrupted, "the views cannot be folded from the log: " + reason});
}

} // namespace mosty::core
