#pragma once

#include "domain/base/result.hpp"
#include "server/http/message.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>

namespace mosty::http {

// The dashboard's files, read once and held in memory.
//
// Threads: immutable, any.
class Assets {
public:
    // An empty folder name gives no files. At most 64 MiB are taken.
    static Result<Assets, std::string> load(const std::filesystem::path& folder);

    // The file that the request names, or index.html for a path without a dot; packed for those who take
    // that; 404 when there is none.
    Response get(const Request& request) const;

    // Whether there is such a file or page.
    bool has(std::string_view path) const { return find(path) != nullptr; }

    bool empty() const { return files_.empty(); }

private:
    struct File {
        std::string bytes;
        std::string gzip; // empty: not worth it
        std::string content_type;
        std::string etag;
        bool immutable = false; // its name changes with its content
    };

    const File* find(std::string_view path) const;

    std::unordered_map<std::string, File> files_;
};

} // namespace mosty::http
