#include "server/sealing/views_key.hpp"

#include <vector>

namespace mosty::sealing {
namespace {

constexpr std::string_view owners = "views:";

std::string owner_of(const std::string& format) {
    return std::string(owners) + format;
}

} // namespace

std::optional<Key> views_key(const Keys& keys, const std::string& format) {
    std::optional<Key> found;
    keys.for_each([&](const DataKey& key) {
        if (key.key && key.owner == owner_of(format))
            found = key.key;
    });
    return found;
}

Result<Key, std::string> views_key_for(KeyStore& keys, const std::string& format) {
    std::vector<std::string> of_others;
    keys.keys()->for_each([&](const DataKey& key) {
        if (key.key && key.owner.starts_with(owners) && key.owner != owner_of(format))
            of_others.push_back(key.name);
    });
    if (auto destroyed = keys.destroy(of_others); !destroyed)
        return std::unexpected(destroyed.error());
    DataKeyPtr current = keys.current(owner_of(format));
    if (!current) {
        current = KeyStore::make(owner_of(format));
        if (auto added = keys.add({&current, 1}); !added)
            return std::unexpected(added.error());
    }
    return *current->key;
}

} // namespace mosty::sealing
