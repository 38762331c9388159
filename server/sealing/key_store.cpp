#include "server/sealing/key_store.hpp"

#include "domain/base/invariant.hpp"
#include "server/sealing/key_lines.hpp"
#include "server/sequencing/entropy.hpp"
#include "storage/rocksdb/folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <unistd.h>
#include <unordered_set>

namespace mosty::sealing {
namespace {

using storage::FileDescriptor;
using storage::system_failure;
using storage::write_synced;

Result<std::string, std::string> read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), {}};
    if (!file.good() && !file.eof())
        return std::unexpected(system_failure("read", path));
    return bytes;
}

std::string unreadable(const std::filesystem::path& path, std::string_view why) {
    return fmt::format("the keys in {} cannot be read: {}", path.string(), why);
}

Result<StoredKeys, std::string> read_store(const std::filesystem::path& path, const MasterKey& master,
                                           std::size_t& bytes) {
    const auto content = read_file(path);
    if (!content)
        return std::unexpected(content.error());
    bytes = content->size();
    auto stored = read_key_lines(*content, master);
    if (!stored)
        return std::unexpected(unreadable(path, stored.error()));
    return stored;
}

} // namespace

Result<std::unique_ptr<KeyStore>, std::string> KeyStore::open(const std::filesystem::path& data,
                                                              const MasterKey& master) {
    std::unique_ptr<KeyStore> store(new KeyStore(data / key_store_name, master));
    if (!std::filesystem::exists(store->path_)) {
        store->keys_ = std::make_shared<const Keys>();
        if (auto written = store->rewrite(); !written)
            return std::unexpected(written.error());
        return store;
    }
    std::size_t bytes = 0;
    const auto stored = read_store(store->path_, master, bytes);
    if (!stored)
        return std::unexpected(stored.error());
    for (const DataKeyPtr& key : stored->keys)
        if (key->key)
            store->by_owner_[key->owner].push_back(key);
    store->keys_ = std::make_shared<const Keys>(Keys::of(stored->keys));
    store->checked_ = stored->checked;
    if (stored->whole_bytes < bytes) { // a crash cut the last line short: nothing was sealed under its key
        if (auto written = store->rewrite(); !written)
            return std::unexpected(written.error());
        return store;
    }
    store->file_ = FileDescriptor(::open(store->path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
    if (!store->file_->is_open())
        return std::unexpected(system_failure("open", store->path_));
    return store;
}

Result<Keys, std::string> KeyStore::look(const std::filesystem::path& data, const MasterKey& master) {
    if (!std::filesystem::exists(data / key_store_name))
        return Keys();
    std::size_t bytes = 0;
    const auto stored = read_store(data / key_store_name, master, bytes);
    if (!stored)
        return std::unexpected(stored.error());
    return Keys::of(stored->keys);
}

Result<std::string, std::string> KeyStore::master_name(const std::filesystem::path& data) {
    if (!std::filesystem::exists(data / key_store_name))
        return std::string();
    const auto bytes = read_file(data / key_store_name);
    if (!bytes)
        return std::unexpected(bytes.error());
    auto name = master_name_of(*bytes);
    if (!name)
        return std::unexpected(unreadable(data / key_store_name, name.error()));
    return name;
}

DataKeyPtr KeyStore::current(const std::string& owner) const {
    const auto found = by_owner_.find(owner);
    return found == by_owner_.end() || found->second.empty() ? nullptr : found->second.back();
}

std::vector<DataKeyPtr> KeyStore::living(const std::string& owner) const {
    const auto found = by_owner_.find(owner);
    return found == by_owner_.end() ? std::vector<DataKeyPtr>() : found->second;
}

DataKeyPtr KeyStore::make(std::string owner) {
    static const sequencing::Entropy entropy = sequencing::system_entropy();
    return std::make_shared<const DataKey>(
        DataKey{sequencing::random_id("k-", entropy), std::move(owner), Key::random()});
}

Result<void, std::string> KeyStore::add(std::span<const DataKeyPtr> keys) {
    std::string lines;
    Keys more = *this->keys();
    for (const DataKeyPtr& key : keys) {
        MOSTY_INVARIANT(key->key && more.find(key->name) == nullptr, "a new key has a name of its own");
        lines += line_of(*key, master_);
        more = more.with(key);
    }
    if (auto appended = append(lines); !appended)
        return appended;
    for (const DataKeyPtr& key : keys)
        by_owner_[key->owner].push_back(key);
    keys_.store(std::make_shared<const Keys>(std::move(more)), std::memory_order_release);
    return {};
}

Result<void, std::string> KeyStore::destroy(std::span<const std::string> names) {
    Keys fewer = *keys();
    bool changed = false;
    for (const std::string& name : names) {
        const DataKey* key = fewer.find(name);
        if (key == nullptr || !key->key)
            continue;
        std::erase_if(by_owner_[key->owner], [&](const DataKeyPtr& one) { return one->name == name; });
        fewer = fewer.with(std::make_shared<const DataKey>(DataKey{name, key->owner, std::nullopt}));
        changed = true;
    }
    if (!changed)
        return {};
    keys_.store(std::make_shared<const Keys>(std::move(fewer)), std::memory_order_release);
    return rewrite();
}

Result<void, std::string> KeyStore::set_checked(Size size) {
    if (size == checked_)
        return {};
    checked_ = size;
    return append(checked_line(size));
}

Result<void, std::string> KeyStore::rewrap(const MasterKey& master) {
    master_ = master;
    return rewrite();
}

Result<void, std::string> KeyStore::append(const std::string& lines) {
    return write_synced(*file_, lines, path_);
}

// Written aside and renamed: whenever the power fails, there is the whole old file or the whole new one.
Result<void, std::string> KeyStore::rewrite() {
    std::string lines = first_lines(master_);
    keys()->for_each([&](const DataKey& key) {
        if (!key.key)
            lines += line_of(key, master_);
    });
    for (const auto& [owner, living] : by_owner_)
        for (const DataKeyPtr& key : living) // in the order of their making
            lines += line_of(*key, master_);
    lines += checked_line(checked_);

    const std::filesystem::path aside = path_.string() + ".new";
    FileDescriptor file(
        ::open(aside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!file.is_open())
        return std::unexpected(system_failure("open", aside));
    if (auto written = write_synced(file, lines, aside); !written)
        return written;
    if (::rename(aside.c_str(), path_.c_str()) != 0)
        return std::unexpected(system_failure("rename", aside));
    if (auto failure = storage::sync_folder(path_.parent_path()))
        return std::unexpected(std::move(*failure));
    file_ = std::move(file);
    return {};
}

} // namespace mosty::sealing
