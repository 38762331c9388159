#pragma once

#include "domain/base/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace mosty::access {

// Reads a secret key of 32 bytes from a file, or makes the file, readable by its owner alone.
Result<std::string, std::string> open_key(const std::filesystem::path& path);

// HMAC-SHA256 of the payload, 32 bytes.
std::string seal_of(const std::string& key, std::string_view payload);

// Compares in the same time wherever they differ.
bool same_seal(std::string_view a, std::string_view b);

} // namespace mosty::access
