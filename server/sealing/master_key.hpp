#pragma once

#include "domain/base/result.hpp"
#include "server/sealing/cipher.hpp"

#include <filesystem>
#include <string>

namespace mosty::sealing {

inline constexpr const char* master_key_name = "master.key";
inline constexpr const char* next_master_key_name = "master.key.next"; // while it is being rotated

// The key that wraps all others, and how the wrapped ones name it: by the first 16 hexadecimal digits of its
// SHA-256, which tell nothing of it.
struct MasterKey {
    Key key;
    std::string name;
};

MasterKey master_key_of(const Key& key);

// The one in a file, which is made when it is not there.
Result<MasterKey, std::string> master_key_in(const std::filesystem::path& path);

// The master key of a data folder: of the environment variable MOSTY_MASTER_KEY (64 hexadecimal digits) when
// it is set; otherwise of `file` (32 bytes), or of DIR/master.key when that is empty. That last one is made
// when neither it nor DIR/keys is there, readable by the owner alone; while it is being rotated,
// DIR/master.key.next is it as soon as DIR/keys is wrapped by that. The error is a sentence.
Result<MasterKey, std::string> open_master_key(const std::filesystem::path& data,
                                               const std::filesystem::path& file);

} // namespace mosty::sealing
