#include "delta_json.hpp"
#include "domain/codec/delta.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace mosty;
using namespace mosty::test;

namespace {

struct Read {
    codec::Fault fault;
    text::Delta delta;
};

Read read(codec::Origin origin, std::string_view json) {
    simdjson::dom::parser parser;
    simdjson::dom::element element;
    REQUIRE(parser.parse(json.data(), json.size()).get(element) == simdjson::SUCCESS);
    Read read;
    read.fault = codec::read_value({origin, "change"}, element, codec::DeltaRule{}, read.delta);
    return read;
}

Read send(std::string_view json) {
    return read(codec::Origin::sent, json);
}

// An insert of text that takes `size` bytes of JSON in all.
std::string insert_of_bytes(std::size_t size) {
    const std::string_view around = R"([{"insert":""}])";
    return fmt::format(R"([{{"insert":"{}"}}])", std::string(size - around.size(), 'x'));
}

struct Refused {
    const char* name;
    std::string json;
};

const std::vector<Refused> refused_form{
    {"an object is no list", R"({"ops":[{"insert":"a"}]})"},
    {"text is no list", R"("a")"},
    {"null is no list", "null"},
    {"a number is no operation", "[1]"},
    {"a list is no operation", "[[]]"},
    {"null is no operation", R"([{"insert":"a"},null])"},
    {"an empty operation", "[{}]"},
    {"attributes alone are no operation", R"([{"attributes":{"bold":true}}])"},
    {"an operation of two kinds", R"([{"insert":"a","delete":1}])"},
    {"an operation of two other kinds", R"([{"retain":1,"delete":1}])"},
    {"an operation of three kinds", R"([{"insert":"a","retain":1,"delete":1}])"},
    {"an unknown member", R"([{"insert":"a","author":"u-1"}])"},
    {"an unknown member alone", R"([{"replace":1}])"},
    {"a kind in capitals", R"([{"Insert":"a"}])"},
    {"an insert that stands there twice", R"([{"insert":"a","insert":"b"}])"},
    {"a retain that stands there twice", R"([{"retain":1,"retain":1}])"},
    {"a delete that stands there twice", R"([{"delete":1,"delete":2}])"},
    {"attributes that stand there twice",
     R"([{"insert":"a","attributes":{"bold":true},"attributes":{"italic":true}}])"},
    {"an attribute that stands there twice", R"([{"insert":"a","attributes":{"bold":true,"bold":true}}])"},
    {"an attribute that is taken away twice", R"([{"retain":1,"attributes":{"bold":null,"bold":null}}])"},
    {"a link that stands there twice",
     R"([{"insert":"a","attributes":{"link":"https://a.test","link":"https://b.test"}}])"},
    {"a link that is given and taken away",
     R"([{"retain":1,"attributes":{"link":null,"link":"https://b.test"}}])"},
    {"a retain of 0", R"([{"retain":0}])"},
    {"a delete of 0", R"([{"delete":0}])"},
    {"a negative retain", R"([{"retain":-1}])"},
    {"a negative delete", R"([{"delete":-3}])"},
    {"half a unit", R"([{"retain":1.5}])"},
    {"a whole number written as a fraction", R"([{"delete":1.0}])"},
    {"a length with an exponent", R"([{"delete":1e3}])"},
    {"a length in quotation marks", R"([{"retain":"1"}])"},
    {"a length that is null", R"([{"retain":null}])"},
    {"a length that is true", R"([{"delete":true}])"},
    {"a length over 2^53 - 1", R"([{"retain":9007199254740992}])"},
    {"a length over 2^63", R"([{"delete":9223372036854775808}])"},
    {"lengths that are over 2^53 - 1 together", R"([{"retain":9007199254740991},{"delete":1}])"},
    {"a retain of an embed", R"([{"retain":{"image":1}}])"},
    {"an embed", R"([{"insert":{"image":"https://a.test/a.png"}}])"},
    {"an insert of a number", R"([{"insert":7}])"},
    {"an insert of null", R"([{"insert":null}])"},
    {"an insert of a list", R"([{"insert":["a"]}])"},
    {"an insert of nothing", R"([{"insert":""}])"},
    {"attributes of a deletion", R"([{"delete":1,"attributes":{"bold":true}}])"},
    {"attributes of a deletion that stand first", R"([{"attributes":{"bold":true},"delete":1}])"},
    {"attributes without any", R"([{"insert":"a","attributes":{}}])"},
    {"attributes that are a list", R"([{"insert":"a","attributes":["bold"]}])"},
    {"attributes that are null", R"([{"retain":1,"attributes":null}])"},
    {"an unknown attribute", R"([{"insert":"a","attributes":{"color":"red"}}])"},
    {"an unknown attribute that is taken away", R"([{"retain":1,"attributes":{"font":null}}])"},
    {"an attribute in capitals", R"([{"insert":"a","attributes":{"Bold":true}}])"},
    {"bold that is false", R"([{"retain":1,"attributes":{"bold":false}}])"},
    {"italic that is a number", R"([{"insert":"a","attributes":{"italic":1}}])"},
    {"underline that is text", R"([{"insert":"a","attributes":{"underline":"true"}}])"},
    {"blockquote that is an object", R"([{"insert":"\n","attributes":{"blockquote":{}}}])"},
    {"a header of level 0", R"([{"insert":"\n","attributes":{"header":0}}])"},
    {"a header of level 4", R"([{"insert":"\n","attributes":{"header":4}}])"},
    {"a header that is true", R"([{"insert":"\n","attributes":{"header":true}}])"},
    {"a header of half a level", R"([{"insert":"\n","attributes":{"header":1.5}}])"},
    {"a list of unknown kind", R"([{"insert":"\n","attributes":{"list":"checked"}}])"},
    {"a list that is true", R"([{"insert":"\n","attributes":{"list":true}}])"},
    {"a link that is no text", R"([{"insert":"a","attributes":{"link":true}}])"},
    {"an insert that takes an attribute away", R"([{"insert":"a","attributes":{"bold":null}}])"},
    {"an insert that takes a link away", R"([{"insert":"a","attributes":{"link":null}}])"},
    {"an insert that takes away beside what it gives",
     R"([{"insert":"\n","attributes":{"header":1,"list":null}}])"},
};

const std::vector<Refused> refused_content{
    {"an empty list", "[]"},
    {"a retain alone", R"([{"retain":5}])"},
    {"retains alone", R"([{"retain":5},{"retain":1}])"},
    {"a zero byte", R"([{"insert":"a\u0000b"}])"},
    {"a carriage return", R"([{"insert":"a\r\nb"}])"},
    {"an escape character", R"([{"insert":"\u001b[0m"}])"},
    {"a vertical tab", R"([{"insert":"\u000b"}])"},
    {"a left-to-right embedding", "[{\"insert\":\"a\u202Ab\"}]"},
    {"a right-to-left override", "[{\"insert\":\"a\u202Eb\"}]"},
    {"a right-to-left override as an escape", R"([{"insert":"\u202e"}])"},
    {"a directional isolate", "[{\"insert\":\"a\u2066b\"}]"},
    {"the end of an isolate", "[{\"insert\":\"a\u2069b\"}]"},
    {"a link that runs a script", R"-([{"insert":"a","attributes":{"link":"javascript:alert(1)"}}])-"},
    {"a link to data", R"([{"insert":"a","attributes":{"link":"data:text/html,a"}}])"},
    {"a link to a file", R"([{"insert":"a","attributes":{"link":"file:///etc/passwd"}}])"},
    {"a link without a scheme", R"([{"insert":"a","attributes":{"link":"mosty.test"}}])"},
    {"a link to the same scheme", R"([{"insert":"a","attributes":{"link":"//mosty.test"}}])"},
    {"a link whose scheme stands behind", R"([{"insert":"a","attributes":{"link":"x-https://a.test"}}])"},
    {"a link that is empty", R"([{"insert":"a","attributes":{"link":""}}])"},
    {"a link that is a scheme alone", R"([{"insert":"a","attributes":{"link":"https:"}}])"},
    {"a link that begins with a space", R"([{"insert":"a","attributes":{"link":" https://a.test"}}])"},
    {"a link with a space", R"([{"insert":"a","attributes":{"link":"https://a.test/a b"}}])"},
    {"a link with a no-break space",
     "[{\"insert\":\"a\",\"attributes\":{\"link\":\"https://a.test/\u00A0\"}}]"},
    {"a link with a tab", R"([{"insert":"a","attributes":{"link":"https://a.test/\t"}}])"},
    {"a link with a newline", R"([{"insert":"a","attributes":{"link":"https://a.test/\n"}}])"},
    {"a link with a zero byte", R"([{"insert":"a","attributes":{"link":"https://a.test/\u0000"}}])"},
    {"a link with a delete character", R"([{"insert":"a","attributes":{"link":"https://a.test/\u007f"}}])"},
    {"a link with a C1 control", R"([{"insert":"a","attributes":{"link":"https://a.test/\u0085"}}])"},
    {"a link that reverses the direction",
     R"([{"insert":"a","attributes":{"link":"https://a.test/\u202e"}}])"},
    {"a link over 2,048 bytes",
     fmt::format(R"([{{"insert":"a","attributes":{{"link":"https://a.test/{}"}}}}])",
                 std::string(2034, 'x'))},
    {"a link over 2,048 bytes in Cyrillic",
     [] {
         std::string letters;
         for (int i = 0; i < 1020; ++i)
             letters += "ї";
         return fmt::format(R"([{{"retain":1,"attributes":{{"link":"https://a.te/{}"}}}}])", letters);
     }()},
};

} // namespace

TEST_CASE("a sent delta is refused for what has not the form of one", "[delta][codec]") {
    for (const Refused& each : refused_form) {
        DYNAMIC_SECTION(each.name) {
            const auto fault = send(each.json).fault;
            REQUIRE(fault.has_value());
            CHECK(to_string(fault->code) == "invalid_delta");
            CHECK(fault->field == "change");
            CHECK(fault->sentence.starts_with("change: "));
            CHECK(fault->sentence.ends_with('.'));
        }
    }
}

TEST_CASE("a sent delta is refused for what no text may hold", "[delta][codec]") {
    for (const Refused& each : refused_content) {
        DYNAMIC_SECTION(each.name) {
            const auto fault = send(each.json).fault;
            REQUIRE(fault.has_value());
            CHECK(to_string(fault->code) == "invalid_delta");
            CHECK(fault->sentence.ends_with('.'));
        }
    }
}

TEST_CASE("a refusal names the operation at fault", "[delta][codec]") {
    const auto fault = send(R"([{"retain":4},{"insert":"a"},{"delete":0}])").fault;
    REQUIRE(fault.has_value());
    REQUIRE(fault->sentence ==
            "change: operation 3: a length is a whole number above 0. Count in UTF-16 units.");
    REQUIRE(fault->params == RejectionParams{{"operation", "3"}});
}

TEST_CASE("half a surrogate pair is not even JSON", "[delta][codec]") {
    simdjson::dom::parser parser;
    for (const std::string_view json :
         {R"([{"insert":"\ud83c"}])", R"([{"insert":"\udf09"}])", R"([{"insert":"\udf09\ud83c"}])",
          R"([{"insert":"\ud83cx"}])", "[{\"insert\":\"\xED\xA0\xBC\"}]", "[{\"insert\":\"\xFF\"}]"}) {
        INFO(json);
        REQUIRE(parser.parse(json.data(), json.size()).error() != simdjson::SUCCESS);
    }
}

TEST_CASE("an edit takes at most 16 KiB of JSON, as it is written", "[delta][codec]") {
    REQUIRE_FALSE(send(insert_of_bytes(16 * 1024)).fault.has_value());
    const auto fault = send(insert_of_bytes(16 * 1024 + 1)).fault;
    REQUIRE(fault.has_value());
    REQUIRE(to_string(fault->code) == "edit_too_big");
    REQUIRE(fault->field == "change");
    REQUIRE(fault->params == RejectionParams{{"max", "16384"}, {"size", "16385"}});
    // White space and escapes that need not be do not count.
    std::string spaced = insert_of_bytes(16 * 1024);
    spaced.insert(1, std::string(1000, ' '));
    REQUIRE_FALSE(send(spaced).fault.has_value());
    const std::string paste = insert_of_bytes(10 << 20);
    REQUIRE(to_string(send(paste).fault->code) == "edit_too_big");
}

TEST_CASE("what a sent delta may say is read and written as it was", "[delta][codec]") {
    const std::pair<const char*, const char*> accepted[] = {
        {"Ukrainian letters", R"([{"insert":"Бишів і Бачалмаш: ґанок, їжак, щастя’"}])"},
        {"astral letters", R"([{"retain":7},{"insert":"🌉𝔐👩‍👩‍👧"},{"delete":2}])"},
        {"combining marks", "[{\"insert\":\"и\u0306 е\u0301\"}]"},
        {"right-to-left letters with their marks", "[{\"insert\":\"שלום\u200F\"}]"},
        {"tabs and newlines", R"([{"insert":"a\tb\nc"}])"},
        {"every attribute of letters",
         R"([{"insert":"a","attributes":{"bold":true,"italic":true,"underline":true,"link":"https://a.test/?q=%20"}}])"},
        {"headers", R"([{"retain":3},{"retain":1,"attributes":{"header":3}}])"},
        {"an ordered list", R"([{"insert":"\n","attributes":{"list":"ordered"}}])"},
        {"a bullet list in a quote", R"([{"insert":"\n","attributes":{"list":"bullet","blockquote":true}}])"},
        {"taking every attribute away",
         R"([{"retain":1,"attributes":{"bold":null,"italic":null,"underline":null,"link":null,"header":null,"list":null,"blockquote":null}}])"},
        {"a mail address", R"([{"insert":"a","attributes":{"link":"mailto:rada@byshiv.test"}}])"},
        {"a link in Cyrillic", R"([{"insert":"a","attributes":{"link":"https://бишів.укр/рада"}}])"},
        {"a scheme in capitals", R"([{"insert":"a","attributes":{"link":"HTTPS://a.test"}}])"},
        {"the greatest length", R"([{"delete":9007199254740991}])"},
    };
    for (const auto& [name, json] : accepted) {
        DYNAMIC_SECTION(name) {
            const auto sent = send(json);
            INFO((sent.fault ? sent.fault->sentence : std::string()));
            REQUIRE_FALSE(sent.fault.has_value());
            CHECK(json_of(sent.delta) == json);
            CHECK(delta_of(json) == sent.delta);
        }
    }
    const std::string link = fmt::format(R"([{{"insert":"a","attributes":{{"link":"https://a.test/{}"}}}}])",
                                         std::string(2033, 'x'));
    REQUIRE_FALSE(send(link).fault.has_value());
}

TEST_CASE("a sent delta is normalised, its attributes written in one order", "[delta][codec]") {
    const auto sent = send(
        R"([{"retain":1},{"retain":2},{"delete":1},{"insert":"a","attributes":{"underline":true,"bold":true}},
            {"attributes":{"bold":true,"underline":true},"insert":"b"},{"delete":1},{"retain":9}])");
    REQUIRE_FALSE(sent.fault.has_value());
    REQUIRE(json_of(sent.delta) ==
            R"([{"retain":3},{"insert":"ab","attributes":{"bold":true,"underline":true}},{"delete":2}])");
}

TEST_CASE("the greatest lengths together are counted without overflow", "[delta][codec]") {
    std::string json = "[";
    for (int i = 0; i < 3000; ++i)
        json += R"({"retain":9007199254740991},)";
    json += R"({"insert":"a"}])";
    REQUIRE(to_string(send(json).fault->code) == "invalid_delta");
}

TEST_CASE("a recorded delta only has to have the form of one", "[delta][codec]") {
    for (const Refused& each : refused_content) {
        DYNAMIC_SECTION("history keeps " << each.name) {
            const auto recorded = read(codec::Origin::recorded, each.json);
            CHECK_FALSE(recorded.fault.has_value());
        }
    }
    SECTION("history keeps what is over 16 KiB") {
        CHECK_FALSE(read(codec::Origin::recorded, insert_of_bytes(20'000)).fault.has_value());
    }
    SECTION("an edit that others made void is nothing") {
        CHECK(read(codec::Origin::recorded, "[]").delta.is_empty());
    }
    for (const Refused& each : refused_form) {
        DYNAMIC_SECTION("history has not " << each.name) {
            CHECK(read(codec::Origin::recorded, each.json).fault.has_value());
        }
    }
}
