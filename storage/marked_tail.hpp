#pragma once

#include "domain/base/ids.hpp"
#include "storage/merkle/hash.hpp"
#include "storage/sha256.hpp"

#include <optional>
#include <string>

namespace mosty::storage {

// What is known from outside a log about its durable end: at least `size` entries of the log `log_id`,
// the last of which has this hash, under this root of the Merkle tree. The hash is zero for size 0; marks
// of an earlier form have no root.
struct MarkedTail {
    std::string log_id;
    Size size = 0;
    Sha256 last_entry_hash{};
    std::optional<merkle::Hash> root = std::nullopt;

    friend bool operator==(const MarkedTail&, const MarkedTail&) = default;
};

} // namespace mosty::storage
