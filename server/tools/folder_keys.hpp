#pragma once

#include "domain/base/result.hpp"
#include "server/sealing/keys.hpp"

#include <filesystem>
#include <string>

namespace mosty::tools {

// The keys of a data folder as they are now, for one who only reads; a server may be running on it. To be
// read after the log: then every entry's key is among them. None when the folder has none. The error is a
// sentence.
Result<sealing::Keys, std::string> keys_of_folder(const std::filesystem::path& data);

} // namespace mosty::tools
