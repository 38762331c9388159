#include "server/local/messages.hpp"

#include "server/realtime/json_text.hpp"

#include <simdjson.h>

namespace mosty::local {
namespace {

using realtime::append_member;
using simdjson::dom::element;

std::string text_of(element object, std::string_view name) {
    std::string_view text;
    return object[name].get(text) == simdjson::SUCCESS ? std::string{text} : std::string{};
}

std::uint64_t number_of(element object, std::string_view name) {
    std::uint64_t number = 0;
    return object[name].get(number) == simdjson::SUCCESS ? number : 0;
}

core::ServiceAnswer answer_of(element answer) {
    if (text_of(answer, "problem").empty())
        return sequencing::Done{.from = number_of(answer, "from"),
                                .count = static_cast<std::uint32_t>(number_of(answer, "count")),
                                .size = number_of(answer, "size"),
                                .revision = number_of(answer, "revision")};
    return std::unexpected(realtime::Problem{
        text_of(answer, "problem"), text_of(answer, "detail"), text_of(answer, "field"), {}});
}

} // namespace

std::string encode_commands(const std::vector<core::ServiceCommand>& commands) {
    std::string out = "{\"commands\":[";
    for (const auto& command : commands) {
        if (out.back() != '[')
            out += ',';
        out += '{';
        append_member(out, "actor", command.actor);
        append_member(out, "id", command.id);
        append_member(out, "stream", command.stream);
        append_member(out, "name", command.name);
        out += ",\"data\":" + command.data + '}';
    }
    return out + "]}";
}

Result<std::vector<core::ServiceCommand>, std::string> decode_commands(std::string_view text) {
    simdjson::dom::parser parser;
    simdjson::dom::array list;
    if (parser.parse(text.data(), text.size())["commands"].get(list) != simdjson::SUCCESS)
        return std::unexpected("a message must be {\"commands\":[…]}");
    std::vector<core::ServiceCommand> commands;
    commands.reserve(list.size());
    for (const element command : list) {
        element data;
        if (command["data"].get(data) != simdjson::SUCCESS)
            return std::unexpected("a command lacks its data");
        commands.push_back({text_of(command, "actor"),
                            text_of(command, "id"),
                            text_of(command, "stream"),
                            text_of(command, "name"),
                            simdjson::minify(data),
                            {}});
    }
    return commands;
}

std::string encode_invitee(std::string_view invitee) {
    return "{\"invite\":" + std::string(invitee) + '}';
}

std::optional<std::string> decode_invitee(std::string_view text) {
    simdjson::dom::parser parser;
    simdjson::dom::object invitee;
    if (parser.parse(text.data(), text.size())["invite"].get(invitee) != simdjson::SUCCESS)
        return std::nullopt;
    return simdjson::minify(invitee);
}

std::string encode_link(const Result<std::string, std::string>& link) {
    std::string out = "{";
    append_member(out, link ? "link" : "problem", link ? *link : link.error());
    return out + '}';
}

Result<std::string, std::string> decode_link(std::string_view text) {
    simdjson::dom::parser parser;
    element answer;
    if (parser.parse(text.data(), text.size()).get(answer) != simdjson::SUCCESS)
        return std::unexpected("the server's answer is not understood");
    if (std::string link = text_of(answer, "link"); !link.empty())
        return link;
    return std::unexpected(text_of(answer, "problem"));
}

std::string encode_answers(const std::vector<core::ServiceAnswer>& answers) {
    std::string out = "{\"answers\":[";
    for (const auto& answer : answers) {
        if (out.back() != '[')
            out += ',';
        out += '{';
        if (answer) {
            append_member(out, "from", answer->from);
            append_member(out, "count", static_cast<unsigned long long>(answer->count));
            append_member(out, "size", answer->size);
            append_member(out, "revision", answer->revision);
        } else {
            append_member(out, "problem", answer.error().code);
            append_member(out, "detail", answer.error().detail);
            append_member(out, "field", answer.error().field);
        }
        out += '}';
    }
    return out + "]}";
}

Result<std::vector<core::ServiceAnswer>, std::string> decode_answers(std::string_view text) {
    simdjson::dom::parser parser;
    simdjson::dom::array list;
    if (parser.parse(text.data(), text.size())["answers"].get(list) != simdjson::SUCCESS)
        return std::unexpected("the server's answer is not understood");
    std::vector<core::ServiceAnswer> answers;
    answers.reserve(list.size());
    for (const element answer : list)
        answers.push_back(answer_of(answer));
    return answers;
}

} // namespace mosty::local
