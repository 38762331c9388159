#include "server/sealing/credentials_key.hpp"

#include "storage/rocksdb/encrypt_records.hpp"
#include "storage/rocksdb/rocks_record_store.hpp"

#include <fmt/format.h>

#include <string_view>

namespace mosty::sealing {
namespace {

using storage::KeptAs;

// Its number counts the forms of the files.
constexpr std::string_view owner = "credentials:1";

std::filesystem::path folder_of(const std::filesystem::path& data) {
    return storage::folder_of_records(data / credentials_name);
}

} // namespace

std::optional<Key> credentials_key(const Keys& keys) {
    std::optional<Key> found;
    keys.for_each([&](const DataKey& key) {
        if (key.key && key.owner == owner)
            found = key.key;
    });
    return found;
}

Result<Key, std::string> credentials_key_for(KeyStore& keys) {
    DataKeyPtr current = keys.current(std::string(owner));
    if (!current) {
        current = KeyStore::make(std::string(owner));
        if (auto added = keys.add({&current, 1}); !added)
            return std::unexpected(added.error());
    }
    return *current->key;
}

Result<std::optional<std::size_t>, std::string> check_credentials(const std::filesystem::path& data,
                                                                  const Keys& keys) {
    const auto folder = folder_of(data);
    const auto found = credentials_key(keys);
    const std::string key(found ? found->bytes() : "");
    const auto kept = storage::RocksRecordStore::kept_as(folder, key);
    if (!kept)
        return std::unexpected(kept.error());
    if (!*kept)
        return std::nullopt;
    if (**kept == KeptAs::under_another_key)
        return std::unexpected(fmt::format(
            "{} is encrypted under a key that is not in {}: put the keys there that belong to it, or move it "
            "away, and everyone is invited anew",
            folder.string(), (data / key_store_name).string()));
    const auto checked = storage::RocksRecordStore::check(folder, **kept == KeptAs::under_the_key ? key : "");
    if (!checked)
        return std::unexpected("the credentials cannot be read: " + checked.error());
    return *checked;
}

Result<bool, std::string> are_credentials_encrypted(const std::filesystem::path& data) {
    const auto kept = storage::RocksRecordStore::kept_as(folder_of(data), "");
    if (!kept)
        return std::unexpected(kept.error());
    return *kept && **kept != KeptAs::in_the_clear;
}

} // namespace mosty::sealing
