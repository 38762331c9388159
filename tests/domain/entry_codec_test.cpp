#include "domain/codec/content.hpp"
#include "domain/codec/data.hpp"
#include "domain/codec/entry.hpp"
#include "domain/codec/event_types.hpp"
#include "domain/codec/index_keys.hpp"
#include "domain/codec/time.hpp"
#include "seed.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

using namespace mosty;
using namespace std::string_literals;

namespace {

std::string golden_bytes(std::string_view type) {
    const std::string name = fmt::format("{}.v{}.json", type, codec::newest_version(type).value());
    std::ifstream file(std::filesystem::path(MOSTY_VECTORS) / "events" / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

TEST_CASE("an entry that was changed is refused or still an entry, and never harms", "[codec][property]") {
    test::for_each_seed(20, [](std::mt19937_64& random) {
        for (const auto& [type, version] : codec::event_types()) {
            std::string bytes = golden_bytes(type);
            for (std::uint64_t changes = 1 + random() % 3; changes > 0; --changes) {
                const std::size_t at = random() % bytes.size();
                switch (random() % 4) {
                case 0:
                    bytes[at] = static_cast<char>(random());
                    break;
                case 1:
                    bytes.erase(at, 1 + random() % 9);
                    break;
                case 2:
                    bytes.insert(at, 1, "\"{}[]:,0\\"[random() % 9]);
                    break;
                default:
                    bytes.insert(at, bytes.substr(random() % bytes.size(), random() % 40));
                    break;
                }
            }
            const auto entry = codec::decode_entry(bytes);
            if (!entry)
                continue;
            const auto again = codec::decode_entry(codec::encode_entry(entry->envelope, entry->event));
            REQUIRE(again.has_value());
            REQUIRE(again->envelope == entry->envelope);
        }
    });
}

TEST_CASE("an entry with a member missing, moved, doubled, unknown or from the future is refused",
          "[codec]") {
    const std::string bytes = golden_bytes("proposal.approved");
    const auto refuses = [&](const std::string& from, const std::string& to) {
        std::string changed = bytes;
        const auto at = changed.find(from);
        REQUIRE(at != std::string::npos);
        changed.replace(at, from.size(), to);
        return !codec::decode_entry(changed).has_value();
    };
    CHECK(refuses(R"("specversion":"1.0",)", ""));
    CHECK(refuses(R"("specversion":"1.0")", R"("specversion":"1.1")"));
    CHECK(refuses(R"("schemaversion":1)", R"("schemaversion":2)"));
    CHECK(refuses(R"("schemaversion":1)", R"("schemaversion":4294967296)"));
    CHECK(refuses(R"("schemaversion":1)", R"("schemaversion":4294967297)"));
    CHECK(refuses(R"("commandindex":0)", R"("commandindex":4294967296)"));
    CHECK(refuses(R"("revision":9)", R"("revision":0)"));
    CHECK(refuses(R"("revision":9)", R"("revision":9,"revision":9)"));
    CHECK(refuses(R"(proposal/p-7f3)", "partnership/p-7f3"));
    CHECK(refuses(R"("side":"ua")", R"("side":"ua","mood":"fine")"));
    CHECK(refuses(R"("side":"ua")", R"("side":"ua","side":"ua")"));
    CHECK(refuses(R"(,"side":"ua")", ""));
    CHECK(refuses(R"("side":"ua")", R"("side":"us")"));
    CHECK(refuses("proposal.approved", "proposal.forgotten"));
    CHECK_FALSE(refuses("commandid", "commandid"));
    CHECK_FALSE(codec::decode_entry("").has_value());
    CHECK_FALSE(codec::decode_entry("[]").has_value());
    CHECK_FALSE(codec::decode_entry(std::string(5000, '[')).has_value());
}

TEST_CASE("index keys are made from an entry alone", "[codec]") {
    REQUIRE(codec::stream_key(StreamId("proposal/p-7f3"), 258) == "s/proposal/p-7f3/\0\0\0\0\0\0\1\2"s);
    REQUIRE(codec::stream_key(StreamId("proposal/p-7f3"), 258)
                .starts_with(codec::stream_prefix(StreamId("proposal/p-7f3"))));
    const std::string bytes = golden_bytes("proposal.approved");
    const auto keys = codec::index_keys_of(bytes);
    REQUIRE(keys.has_value());
    REQUIRE(*keys == std::vector{codec::stream_key(StreamId("proposal/p-7f3"), 9),
                                 codec::command_key(ActorId("u-4c1"), CommandId("c-0009"))});
    auto envelope = codec::decode_envelope(bytes);
    REQUIRE(envelope.has_value());
    envelope->command_index = 1;
    REQUIRE(codec::index_keys(*envelope).size() == 1);
}

TEST_CASE("a moment is written in UTC with milliseconds, and read back", "[codec]") {
    REQUIRE(codec::format_time(0) == "1970-01-01T00:00:00.000Z");
    REQUIRE(codec::format_time(1'795'341'600'123) == "2026-11-22T10:00:00.123Z");
    REQUIRE(codec::parse_time("2026-11-22T10:00:00.123Z") == 1'795'341'600'123);
    REQUIRE(codec::parse_time("2024-02-29T23:59:59.999Z").has_value());
    for (const char* text :
         {"", "2026-11-22", "2026-11-22T10:00:00Z", "2026-11-22T10:00:00.123", "2026-02-29T10:00:00.123Z",
          "2026-11-22T24:00:00.123Z", "2026-11-22 10:00:00.123Z", "1969-12-31T10:00:00.123Z"})
        REQUIRE_FALSE(codec::parse_time(text).has_value());
}

TEST_CASE("a moment of any year can be asked for", "[codec]") {
    REQUIRE(codec::parse_any_time("1970-01-01T00:00:00.000Z") == 0);
    REQUIRE(codec::parse_any_time("1969-12-31T23:59:59.999Z") == -1);
    REQUIRE(codec::parse_any_time("0000-01-01T00:00:00.000Z") == -62'167'219'200'000);
    REQUIRE(!codec::parse_any_time("1900-02-29T00:00:00.000Z"));
}

TEST_CASE("equal contents have equal canonical bytes, whatever the order of writing", "[codec]") {
    const proposal::BudgetLine pumps{BudgetLineId("b-1"),
                                     CostCategory::equipment,
                                     MunicipalityId("HU_1"),
                                     "Pumps \"K2\"\n",
                                     5,
                                     *parse_currency("UAH"),
                                     false};
    proposal::BudgetLine pipes = pumps;
    pipes.id = BudgetLineId("a-1");
    proposal::Content one;
    one.title = "Вода";
    one.sectors = {Sector::water_supply};
    one.partners = {MunicipalityId("UA1"), MunicipalityId("HU_1")};
    proposal::Content two = one;
    one.budget = {{pumps.id, pumps}, {pipes.id, pipes}};
    two.budget = {{pipes.id, pipes}, {pumps.id, pumps}};
    REQUIRE(codec::canonical_content(one, {}) == codec::canonical_content(two, {}));
    one.budget.erase(pipes.id);
    REQUIRE(
        codec::canonical_content(one, {}) ==
        R"({"title":"Вода","sectors":["water_supply"],"partners":["UA1","HU_1"],"budget":[{"line":"b-1",)"
        R"("category":"equipment","partner":"HU_1","description":"Pumps \"K2\"\n","amount":5,"currency":"UAH",)"
        R"("invented":false}],"sources":[],"indicators":[]})");
}
