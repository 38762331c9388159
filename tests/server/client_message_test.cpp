#include "server/realtime/client_message.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <string>

using namespace mosty;
using namespace mosty::realtime;

namespace {

// What a message was taken for, in one line.
std::string shown(const ClientMessage& message) {
    return std::visit(Overloaded{
                          [](const Follow& follow) {
                              std::string text = fmt::format("follow {} {}", follow.topic, follow.limit);
                              if (follow.cursor)
                                  text += fmt::format(" after {} of {} in format {}", follow.cursor->after,
                                                      follow.cursor->log, follow.cursor->format);
                              return text;
                          },
                          [](const Unfollow& unfollow) { return "unfollow " + unfollow.topic; },
                          [](const SendCommand& command) {
                              return fmt::format("command {} {} {}{}", command.id.text(),
                                                 command.stream.text(), domain::name_of(command.command),
                                                 command.expected_revision
                                                     ? fmt::format(" at {}", *command.expected_revision)
                                                     : "");
                          },
                          [](const Presence& presence) {
                              std::string text =
                                  fmt::format("presence {} at {}", presence.topic, presence.revision);
                              if (presence.range)
                                  text += fmt::format(" {}-{}", presence.range->from, presence.range->to);
                              return text;
                          },
                          [](const Ping& ping) { return fmt::format("ping {}", ping.n); },
                          [](const BadMessage& bad) {
                              std::string text = "bad " + bad.problem.code;
                              if (!bad.problem.field.empty())
                                  text += " " + bad.problem.field;
                              if (!bad.id.empty())
                                  text += ", id " + bad.id;
                              if (!bad.topic.empty())
                                  text += ", topic " + bad.topic;
                              REQUIRE_FALSE(bad.problem.detail.empty());
                              REQUIRE(status_of(bad.problem.code) >= 400);
                              return text;
                          },
                      },
                      message);
}

std::string read(std::string_view text) {
    simdjson::dom::parser parser;
    std::string lines;
    for (const ClientMessage& message : parse_client_messages(parser, text))
        lines += (lines.empty() ? "" : "; ") + shown(message);
    return lines;
}

std::string read_body(std::string_view text) {
    simdjson::dom::parser parser;
    const auto read = parse_command_body(parser, text);
    if (const auto* command = std::get_if<SendCommand>(&read))
        return shown(*command);
    return shown(std::get<BadMessage>(read));
}

struct Line {
    std::string message;
    std::string meaning;
};

} // namespace

TEST_CASE("messages are understood", "[client_message]") {
    const std::vector<Line> lines{
        {R"({"type":"follow","topic":"towns"})", "follow towns 100"},
        {R"({"type":"follow","topic":"feed/all","limit":500})", "follow feed/all 500"},
        {R"({"type":"follow","topic":"towns","log":"9f","format":1,"after":120})",
         "follow towns 100 after 120 of 9f in format 1"},
        {R"({"type":"follow","topic":"towns","log":"9f","format":1})", "follow towns 100"},
        {R"({"type":"unfollow","topic":"towns"})", "unfollow towns"},
        {R"({"type":"presence","topic":"text/proposal/p-1/needs","revision":7,"from":3,"to":5})",
         "presence text/proposal/p-1/needs at 7 3-5"},
        {R"({"type":"presence","topic":"text/proposal/p-1/needs"})", "presence text/proposal/p-1/needs at 0"},
        {R"({"type":"command","id":"k-abcdef-1","stream":"text/proposal/p-1/needs","name":"edit_text","data":{"client":"k-abcdef","sequence":1,"base":0,"change":[{"insert":"a"}]}})",
         "command k-abcdef-1 text/proposal/p-1/needs edit_text"},
        {R"({"type":"ping","n":5})", "ping 5"},
        {R"({"type":"ping"})", "ping 0"},
        {R"({"type":"command","id":"c-000001","stream":"proposal/p-1","name":"edit_proposal","data":{"title":"T"}})",
         "command c-000001 proposal/p-1 edit_proposal"},
        {R"({"type":"command","id":"c-000001","stream":"visit/v-1","name":"confirm_visit","data":{},"expected_revision":7})",
         "command c-000001 visit/v-1 confirm_visit at 7"},
        {R"([{"type":"ping","n":1},{"type":"ping","n":2}])", "ping 1; ping 2"},
        {"[]", ""},
    };
    for (const Line& line : lines) {
        INFO(line.message);
        REQUIRE(read(line.message) == line.meaning);
    }
}

TEST_CASE("a message of very many members is refused at once", "[client_message]") {
    std::string many = R"({"type":"ping")";
    for (int i = 1; i < 16; ++i)
        many += fmt::format(R"(,"m{}":0)", i);
    REQUIRE(read(many + "}") == "bad malformed m1");
    REQUIRE(read(many + R"(,"m16":0})") == "bad malformed");
    REQUIRE(read_body(many + R"(,"m16":0})") == "bad malformed");
}

TEST_CASE("what cannot be understood is named, each in its own place", "[client_message]") {
    const std::string data = R"("stream":"visit/v-1","name":"confirm_visit","data":{})";
    const std::vector<Line> lines{
        {R"({"type":"presence","topic":"text/proposal/p-1/needs","revision":7,"from":5,"to":3})",
         "bad malformed from, topic text/proposal/p-1/needs"},
        {R"({"type":"presence","topic":"text/proposal/p-1/needs","from":3,"to":5})",
         "bad malformed from, topic text/proposal/p-1/needs"},
        {R"({"type":"presence","topic":"text/proposal/p-1/needs","revision":7,"from":3})",
         "bad malformed from, topic text/proposal/p-1/needs"},
        {R"({"type":"command","id":"k-abcdef-2","stream":"text/proposal/p-1/needs","name":"edit_text","data":{"client":"k-abcdef","sequence":1,"base":0,"change":[{"insert":"a"}]}})",
         "bad malformed id, id k-abcdef-2"},
        {"", "bad not_json"},
        {"hello", "bad not_json"},
        {"{\"type\":\"ping\"", "bad not_json"},
        {"{'type':'ping'}", "bad not_json"},
        {"{\"type\":\"ping\"} x", "bad not_json"},
        {"{\"type\":\"ping\",\"n\":tru}", "bad not_json"},
        {"{\"type\":\"ping\",\"n\":01}", "bad not_json"},
        {"{\"type\":\"pi\xffng\"}", "bad not_utf8"},
        {"{\"type\":\"\xed\xa0\x80\"}", "bad not_utf8"}, // a surrogate
        {"{\"type\":\"\xc0\xaf\"}", "bad not_utf8"},     // written too long
        {R"({"type":"follow","topic":"\ud800"})", "bad not_json"},
        {std::string(2'000, '[') + std::string(2'000, ']'), "bad not_json"},
        {"7", "bad malformed"},
        {"null", "bad malformed"},
        {"\"ping\"", "bad malformed"},
        {R"([{"type":"ping"},7,[{"type":"ping"}]])", "ping 0; bad malformed; bad malformed"},
        {"{}", "bad malformed type"},
        {R"({"type":5})", "bad malformed type"},
        {R"({"type":null})", "bad malformed type"},
        {R"({"type":"shout"})", "bad unknown_type type"},
        {R"({"type":"ping","type":"ping"})", "bad malformed type"},
        {R"({"type":"ping","n":-1})", "bad malformed n"},
        {R"({"type":"ping","n":1.5})", "bad malformed n"},
        {R"({"type":"ping","n":"1"})", "bad malformed n"},
        {R"({"type":"ping","n":9007199254740993})", "bad malformed n"},
        {R"({"type":"ping","n":1,"m":2})", "bad malformed m"},
        {R"({"type":"follow"})", "bad malformed topic"},
        {R"({"type":"follow","topic":["towns"]})", "bad malformed topic"},
        {R"({"type":"follow","topic":"towns","limit":0})", "bad malformed limit, topic towns"},
        {R"({"type":"follow","topic":"towns","limit":501})", "bad malformed limit, topic towns"},
        {R"({"type":"follow","topic":"towns","limit":"all"})", "bad malformed limit, topic towns"},
        {R"({"type":"follow","topic":"towns","after":3})", "bad malformed log, topic towns"},
        {R"({"type":"follow","topic":"towns","after":-3,"log":"9f","format":1})",
         "bad malformed after, topic towns"},
        {R"({"type":"follow","topic":"towns","after":3,"log":9,"format":1})",
         "bad malformed log, topic towns"},
        {R"({"type":"follow","topic":"towns","after":3,"log":"9f","format":"1"})",
         "bad malformed format, topic towns"},
        {R"({"type":"follow","topic":"towns","depth":3})", "bad malformed depth, topic towns"},
        {R"({"type":"unfollow"})", "bad malformed topic"},
        {R"({"type":"command",)" + data + "}", "bad malformed id"},
        {R"({"type":"command","id":"short",)" + data + "}", "bad malformed id, id short"},
        {R"({"type":"command","id":")" + std::string(65, 'x') + "\"," + data + "}",
         "bad malformed id, id " + std::string(65, 'x')},
        {R"({"type":"command","id":"c 000001",)" + data + "}", "bad malformed id, id c 000001"},
        {R"({"type":"command","id":7,)" + data + "}", "bad malformed id"},
        {R"({"type":"command","id":"c-000001","name":"confirm_visit","data":{}})",
         "bad malformed stream, id c-000001"},
        {R"({"type":"command","id":"c-000001","stream":"visit/v-1","data":{}})",
         "bad malformed name, id c-000001"},
        {R"({"type":"command","id":"c-000001","stream":"visit/v-1","name":"confirm_visit"})",
         "bad malformed data, id c-000001"},
        {R"({"type":"command","id":"c-000001","stream":"visit/v-1","name":"confirm_visit","data":[]})",
         "bad malformed data, id c-000001"},
        {R"({"type":"command","id":"c-000001",)" + data + R"(,"expected_revision":"7"})",
         "bad malformed expected_revision, id c-000001"},
        {R"({"type":"command","id":"c-000001",)" + data + R"(,"as":"mayor"})",
         "bad malformed as, id c-000001"},
        {R"({"type":"command","id":"c-000001","stream":"visits/v-1","name":"confirm_visit","data":{}})",
         "bad wrong_stream stream, id c-000001"},
        {R"({"type":"command","id":"c-000001","stream":"visit/","name":"confirm_visit","data":{}})",
         "bad wrong_stream stream, id c-000001"},
        {R"({"type":"command","id":"c-000001","stream":"visit/a/b","name":"confirm_visit","data":{}})",
         "bad wrong_stream stream, id c-000001"},
        {R"({"type":"command","id":"c-000001","stream":"","name":"confirm_visit","data":{}})",
         "bad wrong_stream stream, id c-000001"},
        {R"({"type":"command","id":"c-000001","stream":"visit/v-1","name":"burn_visit","data":{}})",
         "bad unknown_command, id c-000001"},
        {R"({"type":"command","id":"c-000001","stream":"visit/v-1","name":"confirm_visit","data":{"a":1}})",
         "bad malformed a, id c-000001"},
        {R"({"type":"command","id":"c-000001","stream":"visit/v-1","name":"cancel_visit","data":{"reason":"abc","reason":"abc"}})",
         "bad malformed reason, id c-000001"},
        {R"({"type":"command","id":"c-000001","stream":"visit/v-1","name":"cancel_visit","data":{"reason":"no"}})",
         "bad invalid_field reason, id c-000001"},
    };
    for (const Line& line : lines) {
        INFO(line.message);
        REQUIRE(read(line.message) == line.meaning);
    }
}

TEST_CASE("at most 64 messages come at once", "[client_message]") {
    std::string many = "[";
    for (int i = 0; i < 64; ++i)
        many += R"({"type":"ping"},)";
    std::string too_many = many + R"({"type":"ping"}])";
    many.back() = ']';
    simdjson::dom::parser parser;
    REQUIRE(parse_client_messages(parser, many).size() == 64);
    REQUIRE(read(too_many) == "bad malformed");
}

TEST_CASE("a name longer than any of ours is not said back", "[client_message]") {
    const std::string name(200, 'x');
    REQUIRE(read(R"({"type":"shout","topic":")" + name + "\"}") == "bad unknown_type type");
}

TEST_CASE("the hash tells commands apart by stream, name and data, not by expected revision or white space",
          "[client_message]") {
    const auto hash = [](std::string_view stream, std::string_view data, std::string_view rest = "") {
        simdjson::dom::parser parser;
        const auto body = fmt::format(
            R"({{"id":"c-000001","stream":"{}","name":"edit_proposal","data":{}{}}})", stream, data, rest);
        return std::get<SendCommand>(parse_command_body(parser, body)).hash;
    };
    const auto one = hash("proposal/p-1", R"({"title":"T"})");
    REQUIRE(one.size() == 32);
    REQUIRE(hash("proposal/p-1", R"({ "title" : "T" })") == one);
    REQUIRE(hash("proposal/p-1", R"({"title":"T"})", R"(,"expected_revision":3)") == one);
    REQUIRE(hash("proposal/p-2", R"({"title":"T"})") != one);
    REQUIRE(hash("proposal/p-1", R"({"title":"U"})") != one);
}

TEST_CASE("the body of a posted command has a command's members and no type", "[client_message]") {
    const std::string members = R"("id":"c-000001","stream":"visit/v-1","name":"confirm_visit","data":{})";
    REQUIRE(read_body("{" + members + "}") == "command c-000001 visit/v-1 confirm_visit");
    REQUIRE(read_body(R"({"type":"command",)" + members + "}") == "bad malformed type, id c-000001");
    REQUIRE(read_body("[{" + members + "}]") == "bad malformed");
    REQUIRE(read_body("") == "bad not_json");
    REQUIRE(read_body("{\"id\":\"\xff\"}") == "bad not_utf8");
}
