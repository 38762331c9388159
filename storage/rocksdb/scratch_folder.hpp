#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>
#include <unistd.h>

namespace mosty::storage {

// A private folder among the system's temporary ones (TMPDIR), removed with all that is in it at the end of
// its life. What a process left that was killed goes when the next folder is made.
class ScratchFolder {
public:
    // Its path is empty when it could not be made. The name begins with `name`, which begins with "mosty-".
    explicit ScratchFolder(const std::string& name) {
        std::error_code error;
        const auto among = std::filesystem::temp_directory_path(error);
        if (error)
            return;
        remove_left(among);
        std::string path = (among / (name + "-" + std::to_string(::getpid()) + "-XXXXXX")).string();
        if (::mkdtemp(path.data()) != nullptr)
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
    // Another user's cannot be removed, and is not ours to remove.
    static void remove_left(const std::filesystem::path& among) {
        std::error_code error;
        for (std::filesystem::directory_iterator each(among, error), end; !error && each != end;
             each.increment(error)) {
            const std::string name = each->path().filename().string();
            const auto last = name.rfind('-');
            const auto before = last == std::string::npos || last == 0 ? last : name.rfind('-', last - 1);
            if (!name.starts_with("mosty-") || before == std::string::npos)
                continue;
            const std::string process = name.substr(before + 1, last - before - 1);
            if (process.empty() || process.find_first_not_of("0123456789") != std::string::npos ||
                std::filesystem::exists("/proc/" + process))
                continue;
            std::error_code ignored;
            std::filesystem::remove_all(each->path(), ignored);
        }
    }

    std::filesystem::path path_;
};

} // namespace mosty::storage
