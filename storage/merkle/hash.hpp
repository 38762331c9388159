#pragma once

#include "storage/sha256.hpp"

#include <string_view>

namespace mosty::storage::merkle {

using Hash = Sha256;

// RFC 6962 §2.1. The first byte tells leaves from nodes, so that neither can be passed off as the other.
Hash leaf_hash(std::string_view entry);              // SHA-256(0x00 ‖ entry)
Hash node_hash(const Hash& left, const Hash& right); // SHA-256(0x01 ‖ left ‖ right)
Hash empty_root();                                   // SHA-256("")

} // namespace mosty::storage::merkle
