#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace mosty::storage {

// A private folder among the system's temporary ones (TMPDIR), removed with all that is in it at the end of
// its life.
class ScratchFolder {
public:
    // Its path is empty when it could not be made. The name begins with `name`.
    explicit ScratchFolder(const std::string& name) {
        std::error_code error;
        std::string path = (std::filesystem::temp_directory_path(error) / (name + "-XXXXXX")).string();
        if (!error && ::mkdtemp(path.data()) != nullptr)
            path_ = path;
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    ~ScratchFolder() {
        std::error_code ignored;
        if (!path_.empty())
            std::filesystem::remove_all(path_, ignored);
    }

    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

} // namespace mosty::storage
