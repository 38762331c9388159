#pragma once

#include "domain/base/ids.hpp"
#include "storage/merkle/hash.hpp"

#include <span>

namespace mosty::storage::merkle {

// Whether `proof` shows that the entry with this leaf hash stands at `index` in the log of `size`
// entries with this root. RFC 9162 §2.1.3.2. False for any input that is not exactly such a proof: an
// index not below the size, a hash too many or too few.
bool verify_inclusion(Position index, Size size, const Hash& leaf, std::span<const Hash> proof,
                      const Hash& root);

// Whether `proof` shows that the log of `new_size` entries begins with that of `old_size`. RFC 9162
// §2.1.4.2. Equal sizes have equal roots and an empty proof. The empty log begins every log: its root is
// empty_root() and its proof is empty.
bool verify_consistency(Size old_size, Size new_size, const Hash& old_root, const Hash& new_root,
                        std::span<const Hash> proof);

} // namespace mosty::storage::merkle
