#include "server/tools/folder_keys.hpp"

#include "server/sealing/key_store.hpp"

namespace mosty::tools {

Result<sealing::Keys, std::string> keys_of_folder(const std::filesystem::path& data) {
    if (!std::filesystem::exists(data / sealing::key_store_name))
        return sealing::Keys();
    const auto master = sealing::open_master_key(data, {});
    if (!master)
        return std::unexpected(master.error());
    return sealing::KeyStore::look(data, *master);
}

} // namespace mosty::tools
