#include "server/tools/live_views.hpp"

#include "server/core/open_folder.hpp"
#include "server/sealing/views_key.hpp"

namespace mosty::tools {

Result<std::optional<storage::SeenViews>, storage::OpenError> look_at_views(const std::filesystem::path& data,
                                                                            const sealing::Keys& keys) {
    const auto key = sealing::views_key(keys, core::views_format_after(keys.destroyed_of_streams()));
    if (!key)
        return std::nullopt;
    return storage::RocksViewStore::look(data, {.key = std::string(key->bytes())});
}

} // namespace mosty::tools
