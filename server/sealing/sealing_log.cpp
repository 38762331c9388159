#include "server/sealing/sealing_log.hpp"

#include "domain/codec/entry_members.hpp"
#include "domain/codec/event_types.hpp"
#include "domain/codec/sealed_form.hpp"
#include "domain/codec/sealing_owners.hpp"
#include "server/sealing/opening_reader.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <set>
#include <unordered_map>

namespace mosty::sealing {
namespace {

constexpr std::size_t entries_at_once = 1'024;

// Seals a batch: who has no key gets one, and whoever is erased loses those that they had.
class Batch {
public:
    explicit Batch(const KeyStore& keys) : keys_(keys) {}

    void take(const storage::NewEntry& entry) {
        for (const std::string& owner : codec::owners_erased(entry.bytes))
            forget(owner);
        if (codec::is_sealed_type(codec::entry_type(entry.bytes))) {
            const DataKeyPtr key = key_of(codec::sealing_owner(entry.bytes));
            entries.push_back({seal_entry(entry.bytes, *key, random_nonce()), entry.keys});
            return;
        }
        entries.push_back(entry);
    }

    std::vector<storage::NewEntry> entries;
    std::vector<DataKeyPtr> made;
    std::vector<std::string> to_destroy;

private:
    DataKeyPtr key_of(const std::string& owner) {
        DataKeyPtr& key = current_.try_emplace(owner, keys_.current(owner)).first->second;
        if (!key) {
            key = KeyStore::make(owner);
            made.push_back(key);
        }
        return key;
    }

    void forget(const std::string& owner) {
        for (const DataKeyPtr& key : keys_.living(owner))
            to_destroy.push_back(key->name);
        for (const DataKeyPtr& key : made)
            if (key->owner == owner)
                to_destroy.push_back(key->name);
        current_[owner] = nullptr;
    }

    const KeyStore& keys_;
    std::unordered_map<std::string, DataKeyPtr> current_;
};

bool needs_keys(const storage::NewEntry& entry) {
    return codec::is_sealed_type(codec::entry_type(entry.bytes)) ||
           !codec::owners_erased(entry.bytes).empty();
}

} // namespace

Result<void, std::string> end_erasures(const storage::LogReader& stored, KeyStore& keys) {
    // By whose keys are to go, the names of those that later events use.
    std::unordered_map<std::string, std::set<std::string, std::less<>>> erased;
    const Size size = stored.size();
    for (Position from = keys.checked() <= size ? keys.checked() : 0; from < size;) {
        const auto entries = stored.read(from, std::min<Size>(entries_at_once, size - from));
        if (!entries)
            return std::unexpected(entries.error().reason);
        if (entries->empty())
            return std::unexpected("the log ends before its size");
        for (const storage::Entry& entry : *entries) {
            for (std::string& owner : codec::owners_erased(entry.bytes))
                erased[std::move(owner)] = {};
            if (const auto parts = erased.empty() ? std::nullopt : codec::sealed_parts(entry.bytes))
                if (const DataKey* key = keys.keys()->find(parts->key))
                    if (const auto found = erased.find(key->owner); found != erased.end())
                        found->second.insert(key->name);
        }
        from += entries->size();
    }
    std::vector<std::string> to_destroy;
    for (const auto& [owner, used_since] : erased)
        for (const DataKeyPtr& key : keys.living(owner))
            if (!used_since.contains(key->name))
                to_destroy.push_back(key->name);
    if (auto destroyed = keys.destroy(to_destroy); !destroyed)
        return destroyed;
    return keys.set_checked(size);
}

Result<std::unique_ptr<SealingLog>, std::string> SealingLog::open(storage::EventLog& stored, KeyStore& keys) {
    if (auto ended = end_erasures(stored, keys); !ended)
        return std::unexpected(ended.error());
    return std::unique_ptr<SealingLog>(new SealingLog(stored, keys));
}

Result<void, storage::AppendError> SealingLog::append(std::span<const storage::NewEntry> batch,
                                                      Size expected_size) {
    if (std::ranges::none_of(batch, needs_keys))
        return stored_.append(batch, expected_size);

    Batch sealed(keys_);
    for (const storage::NewEntry& entry : batch)
        sealed.take(entry);
    if (!sealed.made.empty())
        if (const auto added = keys_.add(sealed.made); !added) {
            spdlog::critical("the keys cannot be stored: {}", added.error());
            return std::unexpected(storage::AppendError::unknown);
        }
    if (auto appended = stored_.append(sealed.entries, expected_size); !appended)
        return appended;
    // What cannot be destroyed now, the next start destroys.
    if (!sealed.to_destroy.empty())
        if (const auto destroyed = keys_.destroy(sealed.to_destroy); !destroyed) {
            spdlog::critical("keys cannot be destroyed: {}", destroyed.error());
            return std::unexpected(storage::AppendError::unknown);
        }
    return {};
}

Result<std::vector<storage::Entry>, storage::ReadError> SealingLog::read(Position from,
                                                                         std::size_t count_max) const {
    // The entries first: whatever they are sealed under is stored by then.
    auto entries = stored_.read(from, count_max);
    if (!entries)
        return entries;
    return open_all(std::move(*entries), *keys_.keys(), Missing::refuse);
}

} // namespace mosty::sealing
