#pragma once

#include "domain/base/invariant.hpp"

#include <cstdlib>
#include <filesystem>
#include <string>

namespace mosty::storage {

// An empty folder of the test's own, gone when the test is. In memory where the system offers that: the
// tests cut the power themselves, and need no real disk to wait for. A child that will not live to tidy up
// is given MOSTY_TEST_FOLDER, and makes it in there.
class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string name = (parent() / "mosty-storage-XXXXXX").string();
        MOSTY_INVARIANT(::mkdtemp(name.data()) != nullptr, "a test can make a temporary folder");
        path_ = name;
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    const std::filesystem::path& path() const { return path_; }

private:
    static std::filesystem::path parent() {
        if (const char* given = std::getenv("MOSTY_TEST_FOLDER"))
            return given;
        const std::filesystem::path memory = "/dev/shm";
        return std::filesystem::exists(memory) ? memory : std::filesystem::temp_directory_path();
    }

    std::filesystem::path path_;
};

// What a crash at this moment would leave, apart from what was never synced.
inline void copy_folder(const std::filesystem::path& from, const std::filesystem::path& to) {
    std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
}

} // namespace mosty::storage
