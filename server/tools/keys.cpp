#include "domain/codec/sealed_form.hpp"
#include "server/sealing/credentials_key.hpp"
#include "server/sealing/key_store.hpp"
#include "server/sealing/master_key.hpp"
#include "server/sealing/rotation.hpp"
#include "server/tools/tools.hpp"
#include "server/tools/whole_log.hpp"
#include "storage/rocksdb/folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <set>

namespace mosty::tools {
namespace {

constexpr std::size_t entries_at_once = 1'000;

int cannot(std::string_view why) {
    fmt::print(stderr, "mosty keys: {}\n", why);
    return 2;
}

int rotate(const config::Keys& task) {
    const auto lock = storage::lock_folder(task.data / "lock");
    if (!lock)
        return cannot(lock.error().code == storage::OpenError::Code::locked
                          ? "a server has the folder open: stop it first"
                          : lock.error().sentence);
    const auto name = sealing::rotate(task.data, task.master_key_file, task.to);
    if (!name)
        return cannot(name.error());
    fmt::print("every key is wrapped by the master key {}\n", *name);
    if (task.to.empty())
        return 0;
    fmt::print("it is in {}: name that file as [sealing] master_key_file\n", task.to.string());
    const auto before =
        task.master_key_file.empty() ? task.data / sealing::master_key_name : task.master_key_file;
    if (std::error_code ignored; std::filesystem::exists(before, ignored))
        fmt::print(
            "that of before is still in {} and opens older copies of keys: destroy it when none of them "
            "is to be opened any more\n",
            before.string());
    return 0;
}

int check(const config::Keys& task) {
    const auto log = open_whole_log(task.data);
    if (!log)
        return cannot(log.error());
    const auto master = sealing::open_master_key(task.data, task.master_key_file);
    if (!master)
        return cannot(master.error());
    const auto keys = sealing::KeyStore::look(task.data, *master);
    if (!keys)
        return cannot(keys.error());
    std::size_t sealed = 0, erased = 0;
    std::set<std::string, std::less<>> missing;
    const Size size = (*log)->size();
    for (Position from = 0; from < size; from += entries_at_once) {
        const auto entries = (*log)->read(from, std::min<Size>(entries_at_once, size - from));
        if (!entries)
            return cannot(entries.error().reason);
        for (const storage::Entry& entry : *entries) {
            const auto parts = codec::sealed_parts(entry.bytes);
            if (!parts)
                continue;
            const sealing::DataKey* key = keys->find(parts->key);
            if (key == nullptr)
                missing.emplace(parts->key);
            ++(key && !key->key ? erased : sealed);
        }
    }
    for (const std::string& name : missing)
        fmt::print("wrong: the key {} is not here, and not known to be destroyed\n", name);
    const auto credentials = sealing::check_credentials(task.data, *keys);
    if (!credentials)
        fmt::print("wrong: {}\n", credentials.error());
    fmt::print("keys: {}, and {} destroyed, wrapped by the master key {}\n", keys->size() - keys->destroyed(),
               keys->destroyed(), master->name);
    fmt::print("entries: {} sealed, {} erased\n", sealed, erased);
    return missing.empty() && credentials ? 0 : 1;
}

} // namespace

int work_on_keys(const config::Keys& task) {
    return task.rotates ? rotate(task) : check(task);
}

} // namespace mosty::tools
