#include "server/sealing/rotation.hpp"

#include "server/sealing/key_store.hpp"
#include "storage/rocksdb/folder.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

namespace mosty::sealing {
namespace {

using storage::system_failure;

bool is_kept_elsewhere(const std::filesystem::path& from) {
    const char* digits = std::getenv("MOSTY_MASTER_KEY");
    return !from.empty() || (digits && *digits != '\0');
}

} // namespace

Result<std::string, std::string> rotate(const std::filesystem::path& data, const std::filesystem::path& from,
                                        const std::filesystem::path& to) {
    if (!std::filesystem::exists(data / key_store_name))
        return std::unexpected("there are no keys in " + data.string());
    if (auto ended = end_rotation(data); !ended)
        return std::unexpected(ended.error());
    if (is_kept_elsewhere(from) && to.empty())
        return std::unexpected("the master key is kept elsewhere: say where the new one is to be, --to FILE");
    const auto old = open_master_key(data, from);
    if (!old)
        return std::unexpected(old.error());
    auto store = KeyStore::open(data, *old);
    if (!store)
        return std::unexpected(store.error());

    const auto fresh = master_key_in(to.empty() ? data / next_master_key_name : to);
    if (!fresh)
        return std::unexpected(fresh.error());
    if (fresh->name == old->name)
        return std::unexpected(fmt::format("{} holds the master key that is in use already", to.string()));
    if (auto wrapped = (*store)->rewrap(*fresh); !wrapped)
        return std::unexpected(wrapped.error());
    if (auto ended = end_rotation(data); !ended)
        return std::unexpected(ended.error());
    return fresh->name;
}

Result<void, std::string> end_rotation(const std::filesystem::path& data) {
    const std::filesystem::path next = data / next_master_key_name;
    if (!std::filesystem::exists(next))
        return {};
    const auto wraps = KeyStore::master_name(data);
    const auto key = master_key_in(next);
    if (!wraps || !key)
        return std::unexpected(wraps ? key.error() : wraps.error());
    if (key->name == *wraps) {
        if (::rename(next.c_str(), (data / master_key_name).c_str()) != 0)
            return std::unexpected(system_failure("rename", next));
    } else if (std::error_code failure; !std::filesystem::remove(next, failure)) {
        return std::unexpected(fmt::format("cannot delete {}: {}", next.string(), failure.message()));
    }
    if (auto failure = storage::sync_folder(data))
        return std::unexpected(std::move(*failure));
    return {};
}

} // namespace mosty::sealing
