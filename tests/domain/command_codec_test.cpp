#include "domain/codec/command.hpp"
#include "world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace mosty;
using namespace mosty::test;

namespace {

// "ok", or the code of the rejection with the field at fault.
std::string read(std::string_view name, std::string_view data) {
    const auto command = parsed(name, data);
    if (command)
        return "ok";
    REQUIRE_FALSE(command.error().sentence.empty());
    const std::string code(to_string(command.error().code));
    return command.error().field.empty() ? code : code + " " + command.error().field;
}

std::string drafted(std::string_view title) {
    return read("draft_proposal",
                fmt::format(R"({{"partnership":"p-1","title":"{}","sectors":["youth"]}})", title));
}

std::string with_line(std::string_view amount, std::string_view rest = "") {
    return read(
        "set_budget_line",
        fmt::format(R"({{"line":"b-1","category":"staff","partner":"HU_1","description":"d","amount":{},)"
                    R"("currency":"EUR"{}}})",
                    amount, rest));
}

} // namespace

TEST_CASE("a command that nobody knows is named so", "[codec]") {
    REQUIRE(read("delete_everything", "{}") == "unknown_command");
    REQUIRE(read("", "{}") == "unknown_command");
    REQUIRE(read("ask_approval", "[]") == "malformed data");
    REQUIRE(read("ask_approval", "{}") == "ok");
}

TEST_CASE("a command's members are each known, each once, each of its type", "[codec]") {
    REQUIRE(read("decline_partnership", R"({"reason":"no time","mood":"bad"})") == "malformed mood");
    REQUIRE(read("decline_partnership", R"({"reason":"no time","reason":"none"})") == "malformed reason");
    REQUIRE(read("decline_partnership", R"({"reason":7})") == "malformed reason");
    REQUIRE(read("decline_partnership", R"({"reason":null})") == "malformed reason");
    REQUIRE(read("decline_partnership", "{}") == "invalid_field reason");
    REQUIRE(read("accept_partnership", R"({"side":"us"})") == "invalid_field side");
    REQUIRE(read("accept_partnership", R"({"on":"yesterday"})") == "invalid_field on");
    REQUIRE(with_line("5", R"(,"invented":1)") == "malformed invented");
}

TEST_CASE("numbers are whole and within their bounds", "[codec]") {
    REQUIRE(with_line("0") == "ok");
    REQUIRE(with_line("10000000000000") == "ok");
    REQUIRE(with_line("10000000000001") == "invalid_field amount");
    REQUIRE(with_line("-1") == "invalid_field amount");
    for (const char* number : {"1.0", "1e3", "\"5\"", "true", "18446744073709551615"})
        REQUIRE(with_line(number) == "malformed amount");
    const auto target = [](std::string_view number) {
        return read("set_indicator",
                    fmt::format(R"({{"indicator":"i","name":"n","unit":"%","target":{}}})", number));
    };
    REQUIRE(target("-9007199254740991") == "ok");
    REQUIRE(target("9007199254740992") == "invalid_field target");
}

TEST_CASE("texts are trimmed and measured in UTF-16 units", "[codec]") {
    std::string bridges;
    for (int i = 0; i < 100; ++i)
        bridges += "🌉";
    REQUIRE(drafted("  " + bridges + " ") == "ok");
    REQUIRE(drafted(bridges + "!") == "too_long title");
    REQUIRE(drafted(" \u00A0 ") == "invalid_field title");
    REQUIRE(read("decline_partnership", R"({"reason":" no "})") == "invalid_field reason");
    REQUIRE(read("edit_proposal", fmt::format(R"({{"summary":"{}"}})", std::string(4001, 'x'))) ==
            "too_long summary");
}

TEST_CASE("bad text never becomes a command", "[codec]") {
    REQUIRE(drafted(R"(a\u0000b)") == "invalid_field title");
    REQUIRE(drafted(R"(a\u0007b)") == "invalid_field title");
    REQUIRE(drafted(R"(a\rb)") == "invalid_field title");
    REQUIRE(drafted(R"(a\u202Eb)") == "invalid_field title");
    REQUIRE(drafted(R"(a\u2067b)") == "invalid_field title");
    REQUIRE(drafted("a\u202Db") == "invalid_field title");
    REQUIRE(drafted(R"(line\none\ttab)") == "ok");
    REQUIRE(drafted(R"(\ud83c\udf09)") == "ok");
    REQUIRE(drafted(R"(a\ud83cb)").substr(0, 9) == "malformed");
    REQUIRE(drafted(R"(a\udf09b)").substr(0, 9) == "malformed");
    REQUIRE(drafted("a\xED\xA0\xBC").substr(0, 9) == "malformed");
    REQUIRE(drafted("a\x01").substr(0, 9) == "malformed");
}

TEST_CASE("lists are bounded and name nothing twice", "[codec]") {
    const auto propose = [](std::string_view sectors) {
        return read("propose_partnership",
                    fmt::format(R"({{"ua":"UA1","eu":"HU_1","sectors":{}}})", sectors));
    };
    REQUIRE(propose(R"(["health"])") == "ok");
    REQUIRE(propose("[]") == "ok");
    REQUIRE(propose(R"(["health","health"])") == "invalid_field sectors");
    REQUIRE(propose(R"(["war"])") == "invalid_field sectors");
    REQUIRE(propose(R"("health")") == "malformed sectors");
    REQUIRE(propose(R"(["health","youth","energy","culture","housing","shelters","transport"])") ==
            "too_many sectors");
    REQUIRE(read("report_visit", R"({"summary":"s","lessons":[""]})") == "invalid_field lessons");
    REQUIRE(read("propose_partnership", R"({"ua":"UA 1","eu":"HU_1","sectors":["health"]})") ==
            "invalid_field ua");
    REQUIRE(read("set_budget_line", R"({"line":"b","category":"staff","partner":"HU_1","description":"d",)"
                                    R"("amount":1,"currency":"eur"})") == "invalid_field currency");
}

TEST_CASE("an edit clears what it gives as null or empty", "[codec]") {
    for (const char* data : {R"({"summary":null})", R"({"summary":"  "})"}) {
        const auto command = parsed("edit_proposal", data);
        REQUIRE(command.has_value());
        const auto& edit = std::get<proposal::Edit>(std::get<proposal::Command>(*command));
        REQUIRE(edit.cleared == std::vector{proposal::Clearable::summary});
        REQUIRE_FALSE(edit.summary.has_value());
    }
}

TEST_CASE("an optional text left empty in a form was not given", "[codec]") {
    const auto command = parsed("propose_partnership",
                                R"({"ua":"UA1","eu":"HU_1","sectors":["health"],"note":" ","strand":""})");
    REQUIRE(command.has_value());
    REQUIRE_FALSE(std::get<partnership::Propose>(std::get<partnership::Command>(*command)).note.has_value());
}

TEST_CASE("a correction takes back or replaces, and says what", "[codec]") {
    const auto correct = [](std::string_view rest) {
        return read("correct_visit", fmt::format(R"({{"corrects":"e-1","reason":"a slip"{}}})", rest));
    };
    REQUIRE(correct(R"(,"retracted":true)") == "ok");
    REQUIRE(correct(R"(,"retracted":false,"title":"t")") == "ok");
    REQUIRE(correct(R"(,"retracted":true,"title":"t")") == "invalid_field retracted");
    REQUIRE(correct(R"(,"place":"")") == "invalid_field place");
    REQUIRE(correct(R"(,"ua":"UA1")") == "not_correctable ua");
    REQUIRE(correct(R"(,"weather":"fine")") == "malformed weather");
}
