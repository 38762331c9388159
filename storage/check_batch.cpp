#include "storage/check_batch.hpp"

#include "domain/base/invariant.hpp"

#include <string_view>
#include <unordered_set>

namespace mosty::storage {

void check_batch(std::span<const NewEntry> batch, const Limits& limits) {
    MOSTY_INVARIANT(batch.size() <= limits.batch_entries_max,
                    "a batch has at most batch_entries_max entries");
    std::size_t bytes = 0;
    std::unordered_set<std::string_view> keys;
    for (const NewEntry& entry : batch) {
        MOSTY_INVARIANT(entry.bytes.size() <= entry_bytes_max, "an entry has at most entry_bytes_max bytes");
        bytes += entry.bytes.size();
        for (const IndexKey& key : entry.keys)
            MOSTY_INVARIANT(keys.insert(key).second, "an index key names exactly one entry");
    }
    MOSTY_INVARIANT(bytes <= limits.batch_bytes_max, "a batch has at most batch_bytes_max bytes");
}

} // namespace mosty::storage
