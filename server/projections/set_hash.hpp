#pragma once

#include "storage/sha256.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace mosty::projections {

// The hash of a set of rows that is kept up to date as rows come and go: the sum, modulo 2^256, of a SHA-256
// of each. It does not depend on the order in which they came. AdHash of Bellare and Micciancio (A New
// Paradigm for Collision-Free Hashing, EUROCRYPT 1997), which is MSet-Add-Hash of Clarke, Devadas, van Dijk,
// Gassend and Suh (Incremental Multiset Hash Functions, ASIACRYPT 2003) without its key.
//
// Sets that differ by any fault have different hashes, but for a chance of 2^-256. It does not withstand
// somebody who may choose the rows of a set to reach a given sum (Wagner, A Generalized Birthday Problem,
// CRYPTO 2002): the log's signed checkpoints do, and folding the log anew.
class SetHash {
public:
    using Element = storage::Sha256;

    void add(const Element& element);
    void remove(const Element& element); // one that was added

    // The sum, its most significant byte first; and back.
    storage::Sha256 bytes() const;
    static SetHash of(const storage::Sha256& bytes);

    friend bool operator==(const SetHash&, const SetHash&) = default;

private:
    std::array<std::uint64_t, 4> words_{}; // the least significant first
};

// What a row counts for: SHA-256 of a name of its own for this use, the lengths of key and value and both.
SetHash::Element element_of(std::string_view key, std::string_view value);

} // namespace mosty::projections
