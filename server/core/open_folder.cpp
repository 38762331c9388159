#include "server/core/open_folder.hpp"

#include "domain/codec/sealed_form.hpp"
#include "server/audit/keeper.hpp"
#include "server/core/way_out.hpp"
#include "server/sealing/credentials_key.hpp"
#include "server/sealing/rotation.hpp"
#include "server/sealing/views_key.hpp"
#include "server/texts/state_keeper.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <utility>

namespace mosty::core {

std::string views_format_after(std::size_t keys_destroyed) {
    return keys_destroyed == 0 ? std::string(views_format)
                               : fmt::format("{}+{}", views_format, keys_destroyed);
}

namespace {

// Keys that are gone are not made anew in their place: what is sealed under the old ones would be lost for
// good.
Result<void, storage::OpenError> check_keys(const std::filesystem::path& data,
                                            const storage::LogReader& log) {
    if (std::filesystem::exists(data / sealing::key_store_name))
        return {};
    constexpr std::size_t entries_at_once = 256;
    for (Position from = 0; from < log.size(); from += entries_at_once) {
        const auto entries = log.read(from, entries_at_once);
        if (!entries)
            return {}; // whoever reads on tells
        for (const storage::Entry& entry : *entries)
            if (const auto parts = codec::sealed_parts(entry.bytes))
                return std::unexpected(storage::OpenError{
                    storage::OpenError::Code::io,
                    fmt::format(
                        "entry {} is sealed under {}, and {} is not there: put the folder's keys beside its "
                        "log",
                        entry.position, parts->key, (data / sealing::key_store_name).string())});
    }
    return {};
}

// Who may sign in is in no backup of the log: credentials that cannot be read whole are left as they are.
Result<void, storage::OpenError> check_credentials(const std::filesystem::path& data,
                                                   const std::filesystem::path& master_key_file) {
    const auto refuse = [](std::string sentence) {
        return std::unexpected(storage::OpenError{storage::OpenError::Code::io, std::move(sentence)});
    };
    const auto are_encrypted = sealing::are_credentials_encrypted(data);
    if (!are_encrypted)
        return refuse(are_encrypted.error());
    sealing::Keys keys;
    if (*are_encrypted && std::filesystem::exists(data / sealing::key_store_name)) {
        const auto master = sealing::open_master_key(data, master_key_file);
        if (!master)
            return refuse(master.error());
        auto found = sealing::KeyStore::look(data, *master);
        if (!found)
            return refuse(found.error());
        keys = std::move(*found);
    }
    if (const auto checked = sealing::check_credentials(data, keys); !checked)
        return refuse(checked.error());
    return {};
}

} // namespace

Result<OpenFolder, storage::OpenError> open_folder(const std::filesystem::path& data,
                                                   OpenFolderOptions options) {
    using storage::OpenError;
    const auto newest = audit::newest_checkpoint(data);
    if (!newest)
        return std::unexpected(newest.error());
    auto stored = storage::RocksEventLog::open(
        data, {.check = [&](const storage::LogReader& log) {
            auto fits = audit::check_continues(log, *newest);
            fits = fits ? check_keys(data, log) : fits;
            return fits ? check_credentials(data, options.master_key_file) : fits;
        }});
    if (!stored)
        return std::unexpected(with_way_out(std::move(stored.error()), data));
    const auto refuse = [](std::string sentence) {
        return std::unexpected(OpenError{OpenError::Code::io, std::move(sentence)});
    };
    if (auto ended = sealing::end_rotation(data); !ended)
        return refuse(ended.error());
    const auto master = sealing::open_master_key(data, options.master_key_file);
    if (!master)
        return refuse(master.error());
    auto keys = sealing::KeyStore::open(data, *master);
    if (!keys)
        return refuse(keys.error());
    auto log = sealing::SealingLog::open(**stored, **keys);
    if (!log)
        return refuse(log.error());
    const std::string format = views_format_after((*keys)->keys()->destroyed_of_streams());

    const auto credentials_key = sealing::credentials_key_for(**keys);
    if (!credentials_key)
        return refuse(credentials_key.error());
    const auto views_key = sealing::views_key_for(**keys, format);
    if (!views_key)
        return refuse(views_key.error());

    // A second attempt begins with no views at all: they are only derived.
    std::string reason;
    for (int attempt = 0; attempt < 2; ++attempt) {
        auto views = storage::RocksViewStore::open(
            data, {.log_id = (*log)->log_id(), .format = format, .log_size = (*log)->size()},
            {.key = std::string(views_key->bytes())});
        if (!views)
            return std::unexpected(views.error());
        if (!(*views)->begun_again_because().empty())
            spdlog::warn("views are folded anew: {}", (*views)->begun_again_because());
        auto projector = std::make_unique<projections::Projector>(
            **views, projections::Projector::Limits{.documents_cached_max = options.documents_cached_max});
        const auto rebuilt = projections::rebuild(*projector, **log, (*log)->size(), options.progress,
                                                  texts::keep_states(**log, **views, *projector));
        if (rebuilt)
            return OpenFolder{std::move(*stored), std::move(*keys),  *credentials_key,
                              std::move(*log),    std::move(*views), std::move(projector)};

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
