#pragma once

#include "domain/base/result.hpp"
#include "server/sealing/keys.hpp"

#include <string>
#include <string_view>

namespace mosty::sealing {

// The sealed form of a plain entry (domain/codec/sealed_form.hpp). The same nonce gives the same bytes, and
// must never be used twice with one key.
std::string seal_entry(std::string_view plain, const DataKey& key, const Nonce& nonce);

// What to read of an entry whose key is not here, and not known to be destroyed either.
enum class Missing { refuse, read_as_erased };

// The plain form of an entry: itself when it is not sealed, its data opened, or the erased form when its key
// is destroyed. The error is a sentence.
Result<std::string, std::string> open_entry(std::string entry, const Keys& keys, Missing missing);

} // namespace mosty::sealing
