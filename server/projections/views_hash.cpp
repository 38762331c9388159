#include "server/projections/views_hash.hpp"

#include "domain/base/invariant.hpp"
#include "server/projections/keys.hpp"
#include "server/projections/store_rows.hpp"

#include <algorithm>

namespace mosty::projections {

using storage::ReadError;
using Snapshot = storage::ViewStore::Snapshot;

bool is_counted(std::string_view key) {
    constexpr std::string_view kinds = "fgklprt"; // see keys.cpp
    return kinds.contains(key.front());
}

std::string encode_views_hash(const ViewsHash& hash) {
    const storage::Sha256 sum = hash.hash.bytes();
    std::string bytes;
    keys::append_number(bytes, hash.size);
    return bytes.append(reinterpret_cast<const char*>(sum.data()), sum.size());
}

ViewsHash decode_views_hash(std::string_view bytes) {
    storage::Sha256 sum;
    MOSTY_INVARIANT(bytes.size() == 8 + sum.size(), "a stored hash has a size and a sum");
    std::copy_n(bytes.begin() + 8, sum.size(), sum.begin());
    return {keys::number_at(bytes, 0), SetHash::of(sum)};
}

Result<SetHash, ReadError> hash_of_rows(const Snapshot& snapshot) {
    SetHash hash;
    for (StoreRows rows(snapshot);;) {
        if (auto read = rows.advance(); !read)
            return std::unexpected(read.error());
        const storage::KeyValue* const row = rows.row();
        if (row == nullptr)
            return hash;
        if (is_counted(row->key))
            hash.add(element_of(row->key, row->value));
    }
}

Result<std::optional<ViewsHash>, ReadError> noted_views_hash(const Snapshot& snapshot, Size size) {
    const auto stored = snapshot.get(keys::noted_hash(size));
    if (!stored)
        return std::unexpected(stored.error());
    if (!*stored)
        return std::nullopt;
    return decode_views_hash(**stored);
}

Result<std::vector<ViewsHash>, ReadError> noted_views_hashes(const Snapshot& snapshot, std::size_t limit) {
    const auto stored = snapshot.scan(keys::noted_hashes(), {}, limit, storage::Order::descending);
    if (!stored)
        return std::unexpected(stored.error());
    std::vector<ViewsHash> hashes;
    for (const auto& [key, value] : *stored)
        hashes.push_back(decode_views_hash(value));
    return hashes;
}

} // namespace mosty::projections
