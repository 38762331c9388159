#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "server/sealing/keys.hpp"
#include "server/sealing/master_key.hpp"
#include "storage/rocksdb/file_descriptor.hpp"

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace mosty::sealing {

inline constexpr const char* key_store_name = "keys";

// The data keys of a folder, each wrapped by the master key, in DIR/keys: lines of text, 0600.
//
//   mosty keys 1
//   master <name of the master key>
//   key <name> <owner> <base 64 of nonce, wrapped key and tag>
//   destroyed <name> <owner>
//   checked <size of the log up to which every erasure is known to have ended in destroyed keys>
//
// New keys are appended and synced before they are of use; whatever takes something away writes the whole
// file anew and puts it in the place of the old one, so that a destroyed key is on the disk no more, as far
// as a file system tells. The wrapping binds name and owner.
//
// Threads: keys() from any; everything else from one at a time, that which appends to the log.
class KeyStore {
public:
    // For the one who holds the folder's lock. Makes the file when there is none.
    static Result<std::unique_ptr<KeyStore>, std::string> open(const std::filesystem::path& data,
                                                               const MasterKey& master);

    // The keys of a folder that somebody else may have open; none when the file is missing.
    static Result<Keys, std::string> look(const std::filesystem::path& data, const MasterKey& master);

    // The name of the master key that the folder's keys are wrapped by; empty when there are none.
    static Result<std::string, std::string> master_name(const std::filesystem::path& data);

    std::shared_ptr<const Keys> keys() const { return keys_.load(std::memory_order_acquire); }

    // The key that seals the owner's new entries; nullptr when it has none, or only destroyed ones.
    DataKeyPtr current(const std::string& owner) const;

    // All keys of the owner that are not destroyed.
    std::vector<DataKeyPtr> living(const std::string& owner) const;

    // Makes a key that is not stored yet; add() stores it, and makes it its owner's current one.
    static DataKeyPtr make(std::string owner);
    Result<void, std::string> add(std::span<const DataKeyPtr> keys);

    // Destroys these, for ever. Names that are destroyed already, or unknown, are passed over.
    Result<void, std::string> destroy(std::span<const std::string> names);

    Size checked() const { return checked_; }
    Result<void, std::string> set_checked(Size size);

    // Wraps every key by another master key, which must be kept somewhere before.
    Result<void, std::string> rewrap(const MasterKey& master);

private:
    KeyStore(std::filesystem::path path, const MasterKey& master) : path_(std::move(path)), master_(master) {}

    Result<void, std::string> rewrite();
    Result<void, std::string> append(const std::string& lines);

    const std::filesystem::path path_;
    MasterKey master_;
    std::atomic<std::shared_ptr<const Keys>> keys_;
    std::unordered_map<std::string, std::vector<DataKeyPtr>> by_owner_; // not destroyed, the newest last
    Size checked_ = 0;
    std::optional<storage::FileDescriptor> file_;
};

} // namespace mosty::sealing
