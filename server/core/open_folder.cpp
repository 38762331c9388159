#include "server/core/open_folder.hpp"

#include "server/texts/state_keeper.hpp"

#include <spdlog/spdlog.h>

#include <memory>
#include <utility>

namespace mosty::core {
namespace {

// Makes the states that are kept of texts while the views are folded.
projections::SeeFolded keep_states(const storage::EventLog& log, const storage::ViewStore& views,
                                   projections::Projector& projector) {
    return [&, keeper = std::make_shared<texts::StateKeeper>()](
               const codec::DecodedEntry& entry) -> Result<void, projections::RebuildError> {
        if (!std::holds_alternative<text::Event>(entry.event) ||
            entry.envelope.revision % texts::revisions_per_state != 0)
            return {};
        auto kept = keeper->reach(log, *views.snapshot(), entry.envelope.stream, entry.envelope.revision);
        if (!kept)
            return std::unexpected(projections::RebuildError{kept.error()});
        for (auto& [revision, bytes] : *kept)
            projector.keep_text_state(entry.envelope.stream.text(), revision, std::move(bytes));
        return {};
    };
}

} // namespace

Result<OpenFolder, storage::OpenError> open_folder(const std::filesystem::path& data,
                                                   OpenFolderOptions options) {
    using storage::OpenError;
    auto log = storage::RocksEventLog::open(data);
    if (!log)
        return std::unexpected(log.error());

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
                                                  keep_states(**log, **views, *projector));
        if (rebuilt)
            return OpenFolder{std::move(*log), std::move(*views), std::move(projector)};

        reason = rebuilt.error().reason;
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
