#include "domain/codec/index_keys.hpp"
#include "server/accounts/credentials.hpp"
#include "server/core/open_folder.hpp"
#include "server/sealing/rotation.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>

using namespace mosty;

namespace {

// The golden entry of a confirmed visit, at the beginning of its stream.
std::string confirmed() {
    std::ifstream file(std::filesystem::path(MOSTY_VECTORS) / "events" / "visit.confirmed.v1.json",
                       std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), {}};
    const auto at = bytes.find("\"revision\":");
    REQUIRE(at != std::string::npos);
    const auto end = bytes.find(',', at);
    return bytes.replace(at, end - at, "\"revision\":1");
}

void record(const std::filesystem::path& folder, const std::string& bytes,
            const std::vector<std::string>& keys) {
    auto log = storage::RocksEventLog::open(folder);
    REQUIRE(log.has_value());
    const std::array batch{storage::NewEntry{bytes, keys}};
    REQUIRE((*log)->append(batch, (*log)->size()).has_value());
}

} // namespace

TEST_CASE("a log with an entry that only a newer program knows is refused, and its views stay",
          "[open_folder]") {
    const storage::TemporaryFolder folder;
    const auto opens = [&] { return core::open_folder(folder.path(), {}); };
    REQUIRE(opens().has_value());
    const std::string bytes = confirmed();
    const auto keys = codec::index_keys_of(bytes);
    REQUIRE(keys.has_value());

    std::string later = bytes;
    const std::string version = R"("schemaversion":1)";
    later.replace(later.find(version), version.size(), R"("schemaversion":2)");
    record(folder.path(), later, *keys);
    const auto written = std::filesystem::last_write_time(folder.path() / "views" / "IDENTITY");
    const auto refused = opens();
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == storage::OpenError::Code::format);
    CHECK(refused.error().sentence.find(
              "event_version_from_future: visit.confirmed is stored in version 2") != std::string::npos);
    CHECK(std::filesystem::last_write_time(folder.path() / "views" / "IDENTITY") == written);
}

namespace {

// Every file below the folder, with its bytes.
std::map<std::string, std::string> files_of(const std::filesystem::path& folder) {
    std::map<std::string, std::string> files;
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder))
        if (file.is_regular_file()) {
            std::ifstream stream(file.path(), std::ios::binary);
            files[file.path().string()] = std::string{std::istreambuf_iterator<char>(stream), {}};
        }
    return files;
}

bool are_anywhere(const std::filesystem::path& folder, std::string_view words) {
    return std::ranges::any_of(
        files_of(folder), [&](const auto& file) { return file.second.find(words) != std::string::npos; });
}

// As a server opens it: the log, then who may sign in.
std::unique_ptr<accounts::Credentials> credentials_of(const std::filesystem::path& data) {
    const auto folder = core::open_folder(data, {});
    REQUIRE(folder.has_value());
    auto credentials = accounts::Credentials::open(data, folder->credentials_key, AccountSettings{});
    REQUIRE(credentials.has_value());
    return std::move(*credentials);
}

const accounts::Account olena{.actor = ActorId("u-olena"), .email = "olena@town.example"};

} // namespace

TEST_CASE("credentials are encrypted under a key among the folder's own, which outlives its master key",
          "[open_folder][credentials]") {
    const storage::TemporaryFolder folder;
    credentials_of(folder.path())->put(olena, std::nullopt);
    CHECK_FALSE(are_anywhere(folder.path(), olena.email));
    REQUIRE(sealing::rotate(folder.path(), {}, {}).has_value());
    CHECK(credentials_of(folder.path())->account_by_email(olena.email)->actor == olena.actor);
}

TEST_CASE("a folder whose credentials are damaged, or whose key is lost, is refused and stays as it is",
          "[open_folder][credentials]") {
    const storage::TemporaryFolder folder;
    credentials_of(folder.path())->put(olena, std::nullopt);
    credentials_of(folder.path()).reset(); // brings what there is into a table
    const auto harm =
        GENERATE(as<std::string>(), "no key of theirs", "no keys", "another master key", "damage");
    if (harm == "no key of theirs") {
        const std::string path = folder.path() / "keys";
        std::string lines = files_of(folder.path()).at(path);
        const auto begin = lines.rfind('\n', lines.find(" credentials:1 ")) + 1;
        std::ofstream(path) << lines.erase(begin, lines.find('\n', begin) + 1 - begin);
    } else if (harm == "no keys") {
        std::filesystem::remove(folder.path() / "keys");
    } else if (harm == "another master key") {
        std::ofstream(folder.path() / "master.key") << std::string(32, 'x');
    } else {
        for (const auto& [path, bytes] : files_of(folder.path() / "credentials"))
            if (path.ends_with(".sst"))
                std::ofstream(path) << bytes.substr(0, 4'116) + '!' + bytes.substr(4'117);
    }
    const auto before = files_of(folder.path());
    const auto refused = core::open_folder(folder.path(), {});
    REQUIRE_FALSE(refused.has_value());
    INFO(refused.error().sentence);
    const std::string_view expected = harm == "damage" ? "the credentials cannot be read: "
                                      : harm == "another master key"
                                          ? "cannot be read: "
                                          : "is encrypted under a key that is not in";
    CHECK(refused.error().sentence.find(expected) != std::string::npos);
    CHECK(files_of(folder.path()) == before);
}

TEST_CASE("a folder whose credentials are in the clear is opened, unless they are damaged",
          "[open_folder][credentials]") {
    const storage::TemporaryFolder folder;
    REQUIRE(core::open_folder(folder.path(), {}).has_value());
    const auto path = folder.path() / "credentials";
    {
        const auto store = storage::RocksRecordStore::open(path, "");
        REQUIRE(store.has_value());
        REQUIRE((*store)->write({{"a/u-olena", accounts::to_json(olena)}, {"format", "2"}}).has_value());
        REQUIRE((*store)->forget().has_value());
    }
    if (GENERATE(true, false)) {
        CHECK(credentials_of(folder.path())->account(olena.actor)->email == olena.email);
        CHECK_FALSE(are_anywhere(folder.path(), olena.email));
        return;
    }
    for (const auto& [file, bytes] : files_of(path))
        if (file.ends_with(".sst"))
            std::ofstream(file) << '!' + bytes.substr(1);
    const auto before = files_of(folder.path());
    const auto refused = core::open_folder(folder.path(), {});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().sentence.find("the credentials cannot be read: ") != std::string::npos);
    CHECK(files_of(folder.path()) == before);
}
