#pragma once

#include "domain/base/result.hpp"
#include "server/sealing/key_store.hpp"

#include <optional>
#include <string>

// The key under which what was derived from the log is kept on disk. It stands among the keys of what is
// sealed, one for each form of the views: when something is erased they get another form, and what is left of
// the old ones anywhere on a disk opens no more.
namespace mosty::sealing {

// Nothing when none was made.
std::optional<Key> views_key(const Keys& keys, const std::string& format);

// Makes it when there is none, and destroys those of all other forms.
Result<Key, std::string> views_key_for(KeyStore& keys, const std::string& format);

} // namespace mosty::sealing
