#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "storage/log_reader.hpp"
#include "storage/merkle/hash.hpp"

#include <functional>
#include <optional>
#include <span>
#include <vector>

// One proof that several entries stand where they say in a log of a given size. It holds the root of every
// largest subtree of RFC 6962 without any of those entries, from left to right, and nothing that can be
// computed: for entries 2 and 5 of a log of 7 these are the hashes of [0,2), [3,4), [4,5) and [6,7).
//
//   rebuild(from, size):  no entry in [from, from + size)  →  the next hash of the proof
//                         size 1                           →  leaf_hash(entry)
//                         otherwise, k = the largest power of two below size
//                                                          →  node_hash(rebuild(from, k),
//                                                                       rebuild(from + k, size - k))
//
// The entries are proven when rebuild(0, size of the log) is the log's root and no hash is left over.
namespace mosty::storage::merkle {

struct Leaf {
    Position position = 0;
    Hash hash{};
};

// The root of the subtree over [from, from + size), which the recursion above comes to.
using SubtreeRoot = std::function<Result<Hash, ReadError>(Position from, Size size)>;

// The proof for these positions, which ascend and are below `size`; a log of at least one entry.
Result<std::vector<Hash>, ReadError> multi_proof(std::span<const Position> positions, Size size,
                                                 const SubtreeRoot& root_of);

// The root that leaves and proof give together. Nothing when they do not fit one another: a hash too many
// or too few, a leaf out of order or past the end, a log of no entry. Takes any input; the work grows with
// leaves and hashes given, not with `size`.
std::optional<Hash> rebuild_root(std::span<const Leaf> leaves, Size size, std::span<const Hash> proof);

} // namespace mosty::storage::merkle
