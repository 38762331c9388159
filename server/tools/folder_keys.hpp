#pragma once

#include "domain/base/result.hpp"
#include "server/sealing/keys.hpp"

#include <filesystem>
#include <string>

namespace mosty::tools {

// Why the keys of a folder cannot be had.
struct NoKeys {
    std::string sentence;
    bool is_wrong = false; // a master key is at hand, and does not open them: they, or it, are damaged
};

// The keys of a data folder as they are now, for one who only reads; a server may be running on it. To be
// read after the log: then every entry's key is among them. None when the folder has none. `master_key_file`:
// sealing/master_key.hpp.
Result<sealing::Keys, NoKeys> keys_of_folder(const std::filesystem::path& data,
                                             const std::filesystem::path& master_key_file);

} // namespace mosty::tools
