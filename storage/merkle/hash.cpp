#include "storage/merkle/hash.hpp"

namespace mosty::storage::merkle {

namespace {

constexpr std::string_view leaf_prefix("\0", 1);
constexpr std::string_view node_prefix("\1", 1);

std::string_view bytes_of(const Hash& hash) {
    return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

} // namespace

Hash leaf_hash(std::string_view entry) {
    return sha256({leaf_prefix, entry});
}

Hash node_hash(const Hash& left, const Hash& right) {
    return sha256({node_prefix, bytes_of(left), bytes_of(right)});
}

Hash empty_root() {
    return sha256("");
}

} // namespace mosty::storage::merkle
