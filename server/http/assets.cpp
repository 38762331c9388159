#include "server/http/assets.hpp"

#include "server/http/gzip.hpp"
#include "server/sequencing/sha256.hpp"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <iterator>
#include <utility>

namespace mosty::http {
namespace {

constexpr std::size_t bytes_max = 64u << 20;

std::string content_type_of(const std::filesystem::path& file) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 12> types{{
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".json", "application/json"},
        {".webmanifest", "application/manifest+json"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
        {".woff", "font/woff"},
        {".txt", "text/plain; charset=utf-8"},
        {".map", "application/json"},
    }};
    for (const auto& [extension, type] : types)
        if (file.extension() == extension)
            return std::string{type};
    return "application/octet-stream";
}

bool already_packed(const std::filesystem::path& file) {
    return file.extension() == ".woff2" || file.extension() == ".woff" || file.extension() == ".png";
}

} // namespace

Result<Assets, std::string> Assets::load(const std::filesystem::path& folder) {
    Assets assets;
    if (folder.empty())
        return assets;
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error))
        return std::unexpected(fmt::format("{} is not a folder with the dashboard's files", folder.string()));
    std::size_t total = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file())
            continue;
        std::ifstream stream(entry.path(), std::ios::binary);
        File file{.bytes = {std::istreambuf_iterator<char>(stream), {}},
                  .gzip = {},
                  .content_type = content_type_of(entry.path()),
                  .etag = {},
                  .immutable = false};
        if (!stream.good() && !stream.eof())
            return std::unexpected(fmt::format("cannot read {}", entry.path().string()));
        total += file.bytes.size();
        if (total > bytes_max)
            return std::unexpected("the dashboard's files are over 64 MiB");
        if (!already_packed(entry.path()))
            file.gzip = gzip(file.bytes);
        // Weak: the packed bytes bear it, too.
        file.etag = "W/\"" + sequencing::sha256_hex(file.bytes).substr(0, 32) + '"';
        const std::string path = "/" + std::filesystem::relative(entry.path(), folder).generic_string();
        file.immutable = path.starts_with("/assets/");
        assets.files_.emplace(path, std::move(file));
    }
    if (!assets.files_.contains("/index.html"))
        return std::unexpected(
            fmt::format("{} holds no index.html; build the dashboard first", folder.string()));
    return assets;
}

// Pages have addresses without a dot; all of them are one file.
const Assets::File* Assets::find(std::string_view path) const {
    auto found = files_.find(std::string{path});
    if (found == files_.end() && path.substr(path.rfind('/')).find('.') == std::string_view::npos)
        found = files_.find("/index.html");
    return found == files_.end() ? nullptr : &found->second;
}

Response Assets::get(const Request& request) const {
    const File* found = find(request.path);
    if (!found)
        return {404, "text/plain; charset=utf-8", "There is nothing here.\n", {}};

    const File& file = *found;
    Response response{200, file.content_type, {}, {}};
    response.headers.emplace_back("ETag", file.etag);
    response.headers.emplace_back("Cache-Control",
                                  file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
    response.headers.emplace_back("Vary", "Accept-Encoding");
    if (request.if_none_match == file.etag) {
        response.status = 304;
    } else if (!file.gzip.empty() && request.accept_encoding.find("gzip") != std::string::npos) {
        response.headers.emplace_back("Content-Encoding", "gzip");
        response.body = file.gzip;
    } else {
        response.body = file.bytes;
    }
    return response;
}

} // namespace mosty::http
