#pragma once

#include "domain/base/result.hpp"
#include "server/sealing/key_store.hpp"

#include <filesystem>
#include <optional>
#include <string>

// The key under which DIR/credentials is kept on disk: who may sign in, and with what address. It stands
// among the keys of what is sealed. What it opens can be made from nothing else, so it is never destroyed.
namespace mosty::sealing {

inline constexpr const char* credentials_name = "credentials";

// Nothing when none was made.
std::optional<Key> credentials_key(const Keys& keys);

// Makes it when there is none.
Result<Key, std::string> credentials_key_for(KeyStore& keys);

// Whether the credentials of a folder that somebody may have open can be read with these keys: whole, or in
// the clear as an earlier version left them. How many records there are; nothing where there are no
// credentials. The error is a sentence. Changes nothing there.
Result<std::optional<std::size_t>, std::string> check_credentials(const std::filesystem::path& data,
                                                                  const Keys& keys);

// Whether there are credentials that need a key.
Result<bool, std::string> are_credentials_encrypted(const std::filesystem::path& data);

} // namespace mosty::sealing
