#pragma once

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <system_error>

namespace mosty {

// The folder with the real registers and facts, which are not part of the project: $MOSTY_SHARED_DATA, or
// shared/data beside a folder above the working directory. Says so when there is none.
inline std::optional<std::filesystem::path> shared_data() {
    if (const char* named = std::getenv("MOSTY_SHARED_DATA"); named != nullptr && *named != '\0')
        return std::filesystem::path(named);
    std::error_code error;
    for (auto above = std::filesystem::current_path(error); above.has_relative_path();
         above = above.parent_path())
        if (auto data = above.parent_path() / "shared" / "data"; std::filesystem::is_directory(data, error))
            return data;
    std::cout << "skipped: data absent\n";
    return std::nullopt;
}

} // namespace mosty
