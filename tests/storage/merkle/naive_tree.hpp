#pragma once

#include "storage/merkle/hash.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

// RFC 6962 §2.1 word by word, from the entries and with nothing of the code under test but the type of a
// hash: slow, and plainly right.
namespace mosty::storage::merkle::naive {

using Entries = std::span<const std::string>;

Hash tree_hash(Entries entries);                                           // MTH
std::vector<Hash> inclusion_path(std::size_t index, Entries entries);      // PATH
std::vector<Hash> consistency_path(std::size_t old_size, Entries entries); // PROOF, for 0 < old_size

} // namespace mosty::storage::merkle::naive
