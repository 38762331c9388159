#include "domain/codec/index_keys.hpp"
#include "server/core/open_folder.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <filesystem>
#include <fstream>

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
