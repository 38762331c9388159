#pragma once

#include "server/sealing/cipher.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

namespace mosty::sealing {

// A data key, or what is left of one: a name that says that it was destroyed.
struct DataKey {
    std::string name;       // "k-…", 28 characters
    std::string owner;      // for whom it seals: domain/codec/sealing_owners.hpp
    std::optional<Key> key; // nothing: destroyed, for ever
};

using DataKeyPtr = std::shared_ptr<const DataKey>;

// The keys at one moment. Never changes: making a new set from it costs little, whatever their number.
class Keys {
public:
    // All of these; of one name the last.
    static Keys of(std::span<const DataKeyPtr> keys);

    // nullptr for a name that was never heard of here.
    const DataKey* find(std::string_view name) const;

    // This set and one key more, or in place of the one of its name.
    Keys with(DataKeyPtr key) const;

    // Calls `see(data_key)` for each, in no order.
    void for_each(const std::function<void(const DataKey&)>& see) const;

    std::size_t size() const;
    std::size_t destroyed() const;
    // Those of them that sealed whole streams: what is kept in views was folded from such.
    std::size_t destroyed_of_streams() const;

private:
    using Settled = std::unordered_map<std::string_view, DataKeyPtr>;

    std::shared_ptr<const Settled> settled_ = std::make_shared<const Settled>();
    std::map<std::string_view, DataKeyPtr> recent_; // not many; win over the settled
};

} // namespace mosty::sealing
