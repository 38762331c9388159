#include "domain/codec/json_writer.hpp"
#include "folded.hpp"
#include "server/projections/json_text.hpp"

namespace mosty::test {

namespace {

std::string shortened(std::string_view text) {
    std::string out;
    projections::append_shortened(out, text);
    return out;
}

std::string repeated(std::string_view text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i)
        all += text;
    return all;
}

} // namespace

TEST_CASE("texts of up to 300 characters stay whole, longer ones are cut", "[json_text]") {
    for (const std::string_view letter : {"a", "ї", "🌉", "\\n", "\\\"", "\\u0001"}) {
        const std::string whole = R"({"a":")" + repeated(letter, 300) + R"(","b":1})";
        REQUIRE(shortened(whole) == whole);
        const std::string longer = R"({"a":")" + repeated(letter, 301) + R"(","b":1})";
        const std::string cut = R"({"a":")" + repeated(letter, 300) + R"(…","b":1})";
        REQUIRE(shortened(longer) == cut);
        REQUIRE_NOTHROW(json::parse(cut));
    }
}

TEST_CASE("only the long texts among many are cut", "[json_text]") {
    const std::string text = R"({"lessons":["short","x)" + repeated("y", 400) + R"(","\\"],"summary":")" +
                             repeated("z", 299) + R"("})";
    const std::string cut = R"({"lessons":["short","x)" + repeated("y", 299) + R"(…","\\"],"summary":")" +
                            repeated("z", 299) + R"("})";
    REQUIRE(shortened(text) == cut);
}

TEST_CASE("a text is quoted as entries quote it", "[json_text]") {
    for (int place = 0; place < 20; ++place) {
        for (int byte = 0; byte < 256; ++byte) {
            std::string text = "Bácsalmás, Бишів 12";
            text.insert(static_cast<std::size_t>(place), 1, static_cast<char>(byte < 128 ? byte : 'x'));
            std::string ours, theirs;
            projections::append_quoted(ours, text);
            codec::append_string(theirs, text);
            REQUIRE(ours == theirs);
        }
    }
}

} // namespace mosty::test
