#include "server/http/assets.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <zlib.h>

namespace {

using namespace mosty;

// A folder with a page and a script, gone with the test.
class Folder {
public:
    Folder()
        : path_(std::filesystem::temp_directory_path() / ("mosty-assets-" + std::to_string(::getpid()))) {
        std::filesystem::create_directories(path_ / "assets");
    }
    ~Folder() { std::filesystem::remove_all(path_); }

    void write(const std::string& name, const std::string& bytes) const {
        std::ofstream(path_ / name) << bytes;
    }
    const std::filesystem::path& path() const { return path_; }

private:
    const std::filesystem::path path_;
};

http::Request get(std::string path, std::string encoding = {}) {
    http::Request request;
    request.method = "GET";
    request.path = std::move(path);
    request.accept_encoding = std::move(encoding);
    return request;
}

std::string header(const http::Response& response, const std::string& name) {
    for (const auto& [key, value] : response.headers)
        if (key == name)
            return value;
    return {};
}

std::string unpacked(const std::string& packed, std::size_t size) {
    z_stream stream{};
    REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
    std::string bytes(size + 1, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
    stream.avail_out = static_cast<uInt>(bytes.size());
    REQUIRE(inflate(&stream, Z_FINISH) == Z_STREAM_END);
    bytes.resize(stream.total_out);
    inflateEnd(&stream);
    return bytes;
}

} // namespace

TEST_CASE("a folder without a first page is refused, no folder gives no files", "[assets]") {
    const Folder folder;
    REQUIRE_FALSE(http::Assets::load(folder.path()).has_value());
    REQUIRE_FALSE(http::Assets::load(folder.path() / "elsewhere").has_value());

    const auto none = http::Assets::load({});
    REQUIRE(none.has_value());
    REQUIRE(none->get(get("/")).status == 404);
}

TEST_CASE("a path that is a page of the dashboard gets the first page, a missing file does not", "[assets]") {
    const Folder folder;
    folder.write("index.html", "<!doctype html>");
    const auto assets = http::Assets::load(folder.path());
    REQUIRE(assets.has_value());

    REQUIRE(assets->get(get("/proposals/byshiv-bacsalmas_water")).body == "<!doctype html>");
    REQUIRE(assets->get(get("/proposals/byshiv-bacsalmas_water")).content_type == "text/html; charset=utf-8");
    REQUIRE(assets->get(get("/assets/gone.js")).status == 404);
    REQUIRE(assets->get(get("/../credentials.key")).status == 404);
}

TEST_CASE("a file goes packed to those who take gzip, whole to all others, and not at all when unchanged",
          "[assets]") {
    const Folder folder;
    std::string script;
    for (int i = 0; i < 500; ++i)
        script += "console.log('bridge');\n";
    folder.write("index.html", "<!doctype html>");
    folder.write("assets/app-1a2b.js", script);
    const auto assets = http::Assets::load(folder.path());
    REQUIRE(assets.has_value());

    const auto whole = assets->get(get("/assets/app-1a2b.js"));
    REQUIRE(whole.body == script);
    REQUIRE(header(whole, "Content-Encoding").empty());
    REQUIRE(header(whole, "Cache-Control") == "public, max-age=31536000, immutable");

    const auto packed = assets->get(get("/assets/app-1a2b.js", "br, gzip"));
    REQUIRE(header(packed, "Content-Encoding") == "gzip");
    REQUIRE(packed.body.size() < script.size() / 10);
    REQUIRE(unpacked(packed.body, script.size()) == script);

    auto again = get("/assets/app-1a2b.js");
    again.if_none_match = header(whole, "ETag");
    REQUIRE(assets->get(again).status == 304);
    REQUIRE(assets->get(again).body.empty());
}
