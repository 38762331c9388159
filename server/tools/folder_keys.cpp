#include "server/tools/folder_keys.hpp"

#include "server/sealing/key_store.hpp"

#include <utility>

namespace mosty::tools {

Result<sealing::Keys, NoKeys> keys_of_folder(const std::filesystem::path& data,
                                             const std::filesystem::path& master_key_file) {
    if (!std::filesystem::exists(data / sealing::key_store_name))
        return sealing::Keys();
    const auto master = sealing::open_master_key(data, master_key_file);
    if (!master) {
        const bool is_named = !master_key_file.empty();
        const auto place = is_named ? master_key_file : data / sealing::master_key_name;
        return std::unexpected(NoKeys{master.error(), is_named || std::filesystem::exists(place)});
    }
    auto keys = sealing::KeyStore::look(data, *master);
    if (!keys)
        return std::unexpected(NoKeys{std::move(keys.error()), true});
    return std::move(*keys);
}

} // namespace mosty::tools
