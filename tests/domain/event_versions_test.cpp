// What is stored stays readable: every version of every type that was ever written has its golden entry and
// its fields, and whoever changes the form of one without a new version is told what to do.
#include "domain/codec/entry.hpp"
#include "domain/codec/event_types.hpp"
#include "domain/codec/upcast.hpp"
#include "event_fields.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <vector>

using namespace mosty;

namespace {

const std::filesystem::path vectors = MOSTY_VECTORS;

std::string content_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// A golden entry: "proposal.approved.v1.json", or another form of the same: "….v1.with_texts.json".
struct Golden {
    std::string type;
    int version = 0;
    std::string bytes;
};

std::vector<Golden> golden_entries() {
    std::vector<Golden> all;
    for (const auto& file : std::filesystem::directory_iterator(vectors / "events")) {
        const std::string name = file.path().filename().string();
        const auto digit = name.find_first_of("0123456789");
        REQUIRE(digit > 2);
        REQUIRE(name.substr(digit - 2, 2) == ".v");
        all.push_back({name.substr(0, digit - 2), std::stoi(name.substr(digit)), content_of(file.path())});
    }
    return all;
}

// The committed lines, "<type> <version> <field> <kind> <required|optional>", without comments.
std::vector<std::string> committed_lines() {
    std::vector<std::string> lines;
    std::ifstream file(vectors / "event_fields.txt");
    for (std::string line; std::getline(file, line);)
        if (!line.empty() && line[0] != '#')
            lines.push_back(line);
    return lines;
}

std::vector<std::string> words_of(const std::string& line) {
    std::vector<std::string> words{""};
    for (const char c : line)
        if (c == ' ')
            words.emplace_back();
        else
            words.back() += c;
    return words;
}

std::vector<std::string> lines_about(const std::vector<std::string>& lines, std::string_view type,
                                     int version) {
    std::vector<std::string> found;
    std::ranges::copy_if(lines, std::back_inserter(found), [&](const std::string& line) {
        return line.starts_with(fmt::format("{} {} ", type, version));
    });
    return found;
}

// Whether all that is new are words behind the released ones.
bool has_only_more_words(const std::vector<std::string>& released, const std::vector<std::string>& today) {
    return std::ranges::equal(released, today, [](const std::string& before, const std::string& now) {
        const auto was = words_of(before), is = words_of(now);
        return was[2] == is[2] && was[4] == is[4] &&
               (was[3] == is[3] ||
                (was[3].find("word:") != std::string::npos && is[3].starts_with(was[3] + "|")));
    });
}

// What to say of a type whose fields are not the committed ones; empty when they are.
std::string advice(const std::vector<std::string>& committed, std::string_view type, int version,
                   const std::vector<std::string>& today) {
    const auto released = lines_about(committed, type, version);
    if (released == today)
        return {};
    if (released.empty())
        return fmt::format("{} {} is not described yet. Append to tests/vectors/event_fields.txt:\n{}", type,
                           version, fmt::join(today, "\n"));
    if (has_only_more_words(released, today))
        return fmt::format("{} has new words. Append them to its line in tests/vectors/event_fields.txt:\n{}",
                           type, fmt::join(today, "\n"));
    return fmt::format("The stored form of {0} changed, but version {1} of it is released and entries of "
                       "that form stay in logs "
                       "for ever. Leave its lines in tests/vectors/event_fields.txt as they are; give the "
                       "event version {2} in "
                       "domain/codec/event_types.hpp, add the step from {1} to domain/codec/upcasters.cpp "
                       "and a golden entry "
                       "tests/vectors/events/{0}.v{2}.json, and append the lines of version "
                       "{2}.\nreleased:\n{3}\ntoday:\n{4}",
                       type, version, version + 1, fmt::join(released, "\n"), fmt::join(today, "\n"));
}

std::string today_as_json(const codec::DecodedEntry& entry) {
    return codec::encode_entry(entry.envelope, entry.event);
}

simdjson::dom::object object_of(simdjson::dom::parser& parser, const std::string& json) {
    simdjson::dom::object object;
    REQUIRE(parser.parse(json).get(object) == simdjson::SUCCESS);
    return object;
}

} // namespace

TEST_CASE("every version of every event type has a golden entry, and all of them are read",
          "[codec][versions]") {
    std::set<std::pair<std::string, int>> shown;
    for (const auto& [type, version, bytes] : golden_entries()) {
        INFO(type << " " << version);
        const auto entry = codec::decode_entry(bytes);
        INFO((entry ? "" : entry.error().what));
        REQUIRE(entry.has_value());
        CHECK(entry->envelope.type == type);
        CHECK(entry->envelope.schema_version == version);
        shown.emplace(type, version);
    }
    std::set<std::pair<std::string, int>> stored;
    for (const auto& [name, version] : codec::event_types())
        for (int each = 1; each <= version; ++each)
            stored.emplace(name, each);
    CHECK(shown == stored);
}

TEST_CASE("a golden entry of the newest version is written byte for byte, an older one as committed",
          "[codec][versions]") {
    for (const auto& file : std::filesystem::directory_iterator(vectors / "events")) {
        INFO(file.path().filename());
        const std::string bytes = content_of(file.path());
        const auto entry = codec::decode_entry(bytes);
        REQUIRE(entry.has_value());
        const bool is_newest =
            entry->envelope.schema_version == codec::newest_version(entry->envelope.type).value();
        CHECK(today_as_json(*entry) ==
              (is_newest ? bytes : content_of(vectors / "upcast" / file.path().filename())));
    }
}

TEST_CASE("there is one step from every older version of every type, and no other", "[codec][versions]") {
    std::multiset<std::pair<std::string, int>> wanted, there;
    for (const auto& [name, version] : codec::event_types())
        for (int from = 1; from < version; ++from)
            wanted.emplace(name, from);
    for (const auto& step : codec::upcasters())
        there.emplace(step.type, step.from);
    CHECK(there == wanted);
}

TEST_CASE("the stored form of no event type changes without a new version", "[codec][versions]") {
    const auto committed = committed_lines();
    for (const auto& [name, version] : codec::event_types()) {
        const std::string what = advice(committed, name, version, test::event_fields(name));
        INFO(what);
        CHECK(what.empty());
    }
}

TEST_CASE("a changed, added or lost field is noticed, and the advice says what to do", "[codec][versions]") {
    const auto committed = committed_lines();
    auto today = test::event_fields("visit.held");
    REQUIRE(advice(committed, "visit.held", 1, today).empty());
    for (const auto& changed : {std::vector<std::string>(today.begin(), today.end() - 1),
                                [&] {
                                    auto more = today;
                                    more.emplace_back("visit.held 1 weather text optional");
                                    return more;
                                }(),
                                [&] {
                                    auto other = today;
                                    other[0] += "!";
                                    return other;
                                }()}) {
        const std::string what = advice(committed, "visit.held", 1, changed);
        CHECK(what.find("give the event version 2") != std::string::npos);
        CHECK(what.find("visit.held.v2.json") != std::string::npos);
    }
    CHECK(advice(committed, "visit.held", 2, today).find("is not described yet") != std::string::npos);
}

TEST_CASE("the committed fields are of versions that exist, each field once", "[codec][versions]") {
    std::set<std::string> seen;
    for (const std::string& line : committed_lines()) {
        INFO(line);
        const auto words = words_of(line);
        REQUIRE(words.size() == 5);
        const auto newest = codec::newest_version(words[0]);
        REQUIRE(newest.has_value());
        CHECK(std::stoi(words[1]) <= *newest);
        CHECK(seen.insert(words[0] + words[1] + words[2]).second);
    }
}

TEST_CASE("every golden entry has the fields that its version is committed to", "[codec][versions]") {
    const auto committed = committed_lines();
    for (const auto& [type, version, bytes] : golden_entries()) {
        INFO(type << " " << version);
        std::map<std::string, bool> required;
        for (const std::string& line : lines_about(committed, type, version))
            required.emplace(words_of(line)[2], words_of(line)[4] == "required");
        CHECK_FALSE(required.empty());
        simdjson::dom::parser parser;
        simdjson::dom::object data;
        REQUIRE(parser.parse(bytes)["data"].get(data) == simdjson::SUCCESS);
        for (const auto& [name, value] : data)
            CHECK(required.contains(std::string(name)));
        for (const auto& [name, is_required] : required)
            if (is_required)
                CHECK(data.at_key(name).error() == simdjson::SUCCESS);
    }
}

TEST_CASE("words may be added behind the stored ones, and are never changed or taken away",
          "[codec][versions]") {
    const auto said = [](const char* released, const char* today) {
        return advice({released}, "visit.held", 1, {today});
    };
    CHECK(
        said("visit.held 1 mood word:fine|bad required", "visit.held 1 mood word:fine|bad required").empty());
    const std::string more =
        said("visit.held 1 mood word:fine|bad required", "visit.held 1 mood word:fine|bad|mixed required");
    CHECK(more.find("Append them to its line") != std::string::npos);
    for (const char* today :
         {"visit.held 1 mood word:fine required", "visit.held 1 mood word:good|bad required",
          "visit.held 1 mood word:fine|mixed|bad required", "visit.held 1 mood word:fine|badly required",
          "visit.held 1 mood word:fine|bad|mixed optional"})
        CHECK(said("visit.held 1 mood word:fine|bad required", today).find("version 2") != std::string::npos);
}

TEST_CASE("an older entry keeps its version and its bytes, and its event is today's", "[codec][versions]") {
    const std::string before_texts = content_of(vectors / "events" / "proposal.approval_asked.v1.json");
    const std::string with_texts =
        content_of(vectors / "events" / "proposal.approval_asked.v1.with_texts.json");
    const auto asked = [](const std::string& bytes) {
        const auto entry = codec::decode_entry(bytes);
        REQUIRE(entry.has_value());
        REQUIRE(entry->envelope.schema_version == 1);
        return std::get<proposal::ApprovalAsked>(std::get<proposal::Event>(entry->event));
    };
    CHECK(asked(before_texts).texts.empty());
    CHECK(asked(with_texts).texts.size() == 8);
    CHECK(asked(before_texts).content_hash == asked(with_texts).content_hash);
}

TEST_CASE("a version or a type from the future is refused with its code, never guessed",
          "[codec][versions]") {
    const auto replaced = [](std::string bytes, const std::string& from, const std::string& to) {
        const auto at = bytes.find(from);
        REQUIRE(at != std::string::npos);
        return bytes.replace(at, from.size(), to);
    };
    for (const auto& [type, version, bytes] : golden_entries()) {
        INFO(type);
        const int newest = codec::newest_version(type).value();
        const std::string later = replaced(bytes, fmt::format(R"("schemaversion":{},)", version),
                                           fmt::format(R"("schemaversion":{},)", newest + 1));
        const std::string unknown = replaced(bytes, type, type + "_twice");
        using Code = codec::DecodeError::Code;
        for (const auto& [changed, code, word] :
             {std::tuple{later, Code::event_version_from_future, "event_version_from_future: "},
              std::tuple{unknown, Code::unknown_event_type, "unknown_event_type: "}}) {
            const auto entry = codec::decode_entry(changed);
            const auto envelope = codec::decode_envelope(changed);
            REQUIRE_FALSE(entry.has_value());
            REQUIRE_FALSE(envelope.has_value());
            CHECK(entry.error().code == code);
            CHECK(envelope.error().code == code);
            CHECK(entry.error().what.starts_with(word));
        }
    }
    const auto broken = codec::decode_entry("{}");
    REQUIRE_FALSE(broken.has_value());
    CHECK(broken.error().code == codec::DecodeError::Code::malformed);
}

TEST_CASE("steps are taken one after the other, from where the data are stored to the newest",
          "[codec][versions]") {
    // Of a test's own type: as no product ever wrote it.
    const std::array table{
        codec::Upcaster{"other.thing", 2, [](codec::DataMembers& data) { data.add("stray", "1"); }},
        codec::Upcaster{"test.thing", 3, [](codec::DataMembers& data) { data.remove("b"); }},
        codec::Upcaster{"test.thing", 1, [](codec::DataMembers& data) { data.rename("a", "b"); }},
        codec::Upcaster{
            "test.thing", 2,
            [](codec::DataMembers& data) { data.add("c", data.contains("b") ? "[true]" : "null"); }},
    };
    simdjson::dom::parser parser;
    const auto from = [&](int first, int last, const std::string& json) {
        return codec::upcast(table, "test.thing", first, last, object_of(parser, json));
    };
    CHECK(from(1, 2, R"({ "a": "\u00e9\n", "z": {"y": [1, -2]} })") ==
          "{\"b\":\"é\\n\",\"z\":{\"y\":[1,-2]}}");
    CHECK(from(1, 3, R"({"a":1})") == R"({"b":1,"c":[true]})");
    CHECK(from(1, 4, R"({"a":1})") == R"({"c":[true]})");
    CHECK(from(2, 4, R"({"a":1})") == R"({"a":1,"c":null})");
    CHECK(from(3, 4, R"({"b":1})") == "{}");
    CHECK(from(4, 4, R"({"b":1})") == R"({"b":1})");
    CHECK(from(1, 2, R"({"a":1,"b":2})") == R"({"a":1,"b":2})");
    CHECK(from(2, 3, R"({"c":7})") == R"({"c":7})");
}
