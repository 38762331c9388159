#include "server/audit/checkpoint.hpp"
#include "server/evidence/bundle.hpp"
#include "tests/storage/random_seed.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace mosty::evidence {
namespace {

Bundle small() {
    Bundle bundle;
    bundle.origin = "bridges.example";
    bundle.log_id = "0123";
    bundle.key = "bridges.example+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    bundle.stream = "proposal/p-1";
    bundle.size = 9;
    bundle.at = 7;
    bundle.checkpoint = "bridges.example\n9\n…\n\n— bridges.example …\n";
    bundle.events = {{3, R"({"quoted":"\"","letters":"Бишів"})"}, {5, "{}"}};
    bundle.nodes = {storage::merkle::leaf_hash("a"), storage::merkle::leaf_hash("b")};
    bundle.content.proposal = R"({"title":"Вода"})";
    bundle.content.texts["needs"] = {4, R"([{"insert":"a\n"}])"};
    return bundle;
}

std::string fault_of(const std::string& json) {
    const auto bundle = parse_bundle(json);
    return bundle ? "" : bundle.error();
}

std::string replaced(std::string text, std::string_view part, std::string_view by) {
    const auto at = text.find(part);
    REQUIRE(at != text.npos);
    return text.replace(at, part.size(), by);
}

} // namespace

TEST_CASE("a bundle is read back as it was written", "[evidence]") {
    const Bundle bundle = small();
    const auto read = parse_bundle(to_json(bundle)).value();
    REQUIRE(to_json(read) == to_json(bundle));
    REQUIRE(read.events[0].entry == bundle.events[0].entry);
    REQUIRE(read.nodes == bundle.nodes);
    REQUIRE(read.content.texts.at("needs").revision == 4);
    REQUIRE(read.at == 7);
    REQUIRE(parse_bundle(replaced(to_json(bundle), R"("at":7,)", "")).value().at == 9);
}

TEST_CASE("a bundle with a member twice, at any depth, is refused", "[evidence]") {
    const std::string json = to_json(small());
    REQUIRE(fault_of(replaced(json, R"("size":9)", R"("size":9,"size":9)")) ==
            R"(it names "size" twice in one object)");
    REQUIRE(fault_of(replaced(json, R"("position":3)", R"("position":3,"position":4)")) ==
            R"(it names "position" twice in one object)");
    REQUIRE(fault_of(replaced(json, R"({"title":"Вода"})", R"({"title":"Вода","title":"x"})")) ==
            R"(it names "title" twice in one object)");
    REQUIRE(fault_of(replaced(json, R"([{"insert":"a\n"}])", R"([{"insert":"a\n","insert":"b\n"}])")) ==
            R"(it names "insert" twice in one object)");
}

TEST_CASE("a bundle with a member missing, unknown or of another kind is refused", "[evidence]") {
    const std::string json = to_json(small());
    for (const std::string_view member :
         {"format", "origin", "log", "key", "stream", "size", "checkpoint", "events", "nodes", "content",
          "position", "entry", "proposal", "texts", "revision"})
        REQUIRE(!fault_of(replaced(json, fmt::format("\"{}\":", member), "\"other\":")).empty());
    for (const auto& [from, to] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
             {R"("size":9)", R"("size":"9")"},
             {R"("size":9)", R"("size":-9)"},
             {R"("size":9)", R"("size":9.5)"},
             {R"("size":9)", R"("size":9007199254740993)"},
             {R"("position":3)", R"("position":-3)"},
             {R"("mosty.evidence.v1")", R"("mosty.evidence.v2")"},
             {R"({"title":"Вода"})", R"([])"},
             {R"([{"insert":"a\n"}])", R"({})"},
             {"\"nodes\":[\"", "\"nodes\":[\"A"},
             {"\"nodes\":[\"", "\"nodes\":[7,\""},
             {"\"events\":[", "\"events\":[[],"}})
        REQUIRE(!fault_of(replaced(json, from, to)).empty());
}

TEST_CASE("what is no JSON, cut anywhere or nested without end is refused, never read", "[evidence]") {
    const std::string json = to_json(small());
    for (std::size_t length = 0; length < json.size(); ++length)
        REQUIRE(!fault_of(json.substr(0, length)).empty());
    REQUIRE(!fault_of(json + "x").empty());
    REQUIRE(!fault_of(std::string(100'000, '[')).empty());
    REQUIRE(
        !fault_of(replaced(json, R"({"title":"Вода"})", std::string(50'000, '[') + std::string(50'000, ']')))
             .empty());
    REQUIRE(!fault_of(replaced(json, "Вода", "\xff\xfe")).empty());
}

} // namespace mosty::evidence
