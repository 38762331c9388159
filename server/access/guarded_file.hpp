#pragma once

#include "domain/base/result.hpp"

#include <filesystem>
#include <string>

namespace mosty::access {

// The bytes of a small file that somebody else has written for us, 256 KiB at most; why not is a sentence.
Result<std::string, std::string> read_file(const std::filesystem::path& path);

// The same of a secret: refused when people other than its owner and group may read it, or than its owner
// write it.
Result<std::string, std::string> read_secret_file(const std::filesystem::path& path);

} // namespace mosty::access
