#include "server/realtime/client_message.hpp"

#include "domain/codec/command.hpp"
#include "server/sequencing/wish.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace mosty::realtime {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::uint64_t whole_number_max = (1ull << 53);
constexpr std::size_t members_max = 16; // no message has as many; each is compared with all before it

Problem malformed(std::string detail, std::string field = {}) {
    return {"malformed", std::move(detail), std::move(field), {}};
}

bool is_id(std::string_view text, std::size_t length_min, std::size_t length_max) {
    return text.size() >= length_min && text.size() <= length_max && std::ranges::all_of(text, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '-';
           });
}

// The members of one message, each taken at most once; what is left over at the end is unknown.
class Members {
public:
    // Nothing but a problem when a member stands twice, or there are too many.
    static Result<Members, Problem> of(object message) {
        Members members;
        for (const auto field : message) {
            if (members.fields_.size() == members_max)
                return std::unexpected(
                    malformed(fmt::format("A message has at most {} members.", members_max)));
            if (members.find(field.key))
                return std::unexpected(
                    malformed(fmt::format("“{}” stands twice.", field.key), std::string{field.key}));
            members.fields_.push_back({field.key, field.value, false});
        }
        return members;
    }

    std::optional<element> take(std::string_view name) {
        Field* field = find(name);
        if (!field)
            return std::nullopt;
        field->taken = true;
        return field->value;
    }

    Result<std::string_view, Problem> text(std::string_view name) {
        const auto value = take(name);
        std::string_view text;
        if (!value || value->get(text) != simdjson::SUCCESS)
            return std::unexpected(malformed(fmt::format("“{}” must be a text.", name), std::string{name}));
        return text;
    }

    Result<std::optional<std::uint64_t>, Problem> number(std::string_view name) {
        const auto value = take(name);
        if (!value)
            return std::nullopt;
        std::uint64_t number = 0;
        if (value->get(number) != simdjson::SUCCESS || number > whole_number_max)
            return std::unexpected(malformed(fmt::format("“{}” must be a whole number from 0 to 2^53.", name),
                                             std::string{name}));
        return number;
    }

    std::optional<Problem> leftover() const {
        for (const Field& field : fields_)
            if (!field.taken)
                return malformed(fmt::format("“{}” is not known here.", field.name), std::string{field.name});
        return std::nullopt;
    }

private:
    struct Field {
        std::string_view name;
        element value;
        bool taken;
    };

    Field* find(std::string_view name) {
        const auto found = std::ranges::find(fields_, name, &Field::name);
        return found == fields_.end() ? nullptr : &*found;
    }

    std::vector<Field> fields_;
};

// For reporting: the text of a member that may be of any type or absent.
std::string text_or_empty(object message, std::string_view name) {
    std::string_view text;
    return message[name].get(text) == simdjson::SUCCESS && text.size() <= 128 ? std::string{text}
                                                                              : std::string{};
}

Result<ClientMessage, Problem> parse_follow(Members& members) {
    Follow follow;
    const auto topic = members.text("topic");
    if (!topic)
        return std::unexpected(topic.error());
    follow.topic = *topic;
    const auto limit = members.number("limit");
    if (!limit)
        return std::unexpected(limit.error());
    if (*limit && (**limit < 1 || **limit > 500))
        return std::unexpected(malformed("“limit” must be from 1 to 500.", "limit"));
    follow.limit = limit->value_or(100);

    const auto after = members.number("after");
    if (!after)
        return std::unexpected(after.error());
    if (*after) {
        const auto log = members.text("log");
        if (!log)
            return std::unexpected(log.error());
        const auto format = members.number("format");
        if (!format)
            return std::unexpected(format.error());
        follow.cursor =
            Cursor{std::string{*log},
                   static_cast<int>(std::min<std::uint64_t>(format->value_or(0), 1'000'000)), **after};
    } else {
        members.take("log");
        members.take("format");
    }
    return follow;
}

Result<ClientMessage, Problem> parse_presence(Members& members) {
    Presence presence;
    const auto topic = members.text("topic");
    if (!topic)
        return std::unexpected(topic.error());
    presence.topic = *topic;
    std::array<std::optional<std::uint64_t>, 3> numbers;
    for (std::size_t i = 0; const std::string_view name : {"revision", "from", "to"}) {
        const auto number = members.number(name);
        if (!number)
            return std::unexpected(number.error());
        numbers[i++] = *number;
    }
    const auto& [revision, from, to] = numbers;
    presence.revision = revision.value_or(0);
    if (from.has_value() != to.has_value() || (from && (*from > *to || !revision)))
        return std::unexpected(
            malformed("“from” and “to” go together, in this order, with a “revision”.", "from"));
    if (from)
        presence.range = text::Range{*from, *to};
    return presence;
}

// An edit's command is named by its writer and number, so that it can be known by either.
std::optional<Problem> wrong_edit_id(std::string_view id, const domain::Command& command) {
    const auto* texts = std::get_if<text::Command>(&command);
    const auto* edit = texts ? std::get_if<text::Edit>(texts) : nullptr;
    if (!edit || id == fmt::format("{}-{}", edit->client.text(), edit->sequence))
        return std::nullopt;
    return malformed("An edit's “id” is its client, a hyphen and its sequence.", "id");
}

Result<SendCommand, Problem> parse_command_members(Members& members) {
    const auto id = members.text("id");
    if (!id)
        return std::unexpected(id.error());
    if (!is_id(*id, 8, 64))
        return std::unexpected(
            malformed("A command's “id” is 8 to 64 characters of A–Z, a–z, 0–9, _ and -.", "id"));
    const auto stream = members.text("stream");
    if (!stream)
        return std::unexpected(stream.error());
    const auto name = members.text("name");
    if (!name)
        return std::unexpected(name.error());
    const auto data = members.take("data");
    if (!data || !data->is_object())
        return std::unexpected(malformed("“data” must be an object.", "data"));
    const auto expected = members.number("expected_revision");
    if (!expected)
        return std::unexpected(expected.error());

    const StreamId stream_id{std::string{*stream}};
    if (!domain::kind_of(stream_id))
        return std::unexpected(
            Problem{"wrong_stream", "“stream” must name an entity, such as “proposal/p-7f3”.", "stream", {}});
    auto command = codec::parse_command(*name, *data);
    if (!command)
        return std::unexpected(problem_of(command.error()));
    if (auto wrong = wrong_edit_id(*id, *command))
        return std::unexpected(std::move(*wrong));
    return SendCommand{CommandId{std::string{*id}}, stream_id, std::move(*command), *expected,
                       sequencing::hash_of(stream_id, *name, simdjson::minify(*data))};
}

Result<ClientMessage, Problem> parse_members(Members& members) {
    const auto type = members.text("type");
    if (!type)
        return std::unexpected(type.error());
    if (*type == "command") {
        auto command = parse_command_members(members);
        if (!command)
            return std::unexpected(command.error());
        return std::move(*command);
    }
    if (*type == "follow")
        return parse_follow(members);
    if (*type == "unfollow") {
        const auto topic = members.text("topic");
        if (!topic)
            return std::unexpected(topic.error());
        return Unfollow{std::string{*topic}};
    }
    if (*type == "presence")
        return parse_presence(members);
    if (*type == "ping") {
        const auto n = members.number("n");
        if (!n)
            return std::unexpected(n.error());
        return Ping{n->value_or(0)};
    }
    return std::unexpected(Problem{
        "unknown_type", "A message's “type” is follow, unfollow, command, presence or ping.", "type", {}});
}

ClientMessage parse_one(element value) {
    object message;
    if (value.get(message) != simdjson::SUCCESS)
        return BadMessage{{}, {}, malformed("A message is an object, or an array of objects.")};
    const auto refuse = [&](Problem problem) {
        return BadMessage{text_or_empty(message, "id"), text_or_empty(message, "topic"), std::move(problem)};
    };
    auto members = Members::of(message);
    if (!members)
        return refuse(std::move(members.error()));
    auto parsed = parse_members(*members);
    if (!parsed)
        return refuse(std::move(parsed.error()));
    if (auto unknown = members->leftover())
        return refuse(std::move(*unknown));
    return std::move(*parsed);
}

std::optional<Problem> parse_json(simdjson::dom::parser& parser, std::string_view text, element& root) {
    const auto error = parser.parse(text.data(), text.size()).get(root);
    if (error == simdjson::SUCCESS)
        return std::nullopt;
    if (error == simdjson::UTF8_ERROR)
        return Problem{"not_utf8", "The message is not UTF-8.", {}, {}};
    return Problem{
        "not_json", fmt::format("The message is not JSON: {}.", simdjson::error_message(error)), {}, {}};
}

} // namespace

std::vector<ClientMessage> parse_client_messages(simdjson::dom::parser& parser, std::string_view text) {
    std::vector<ClientMessage> messages;
    element root;
    if (auto problem = parse_json(parser, text, root)) {
        messages.push_back(BadMessage{{}, {}, std::move(*problem)});
        return messages;
    }
    simdjson::dom::array several;
    if (root.get(several) != simdjson::SUCCESS) {
        messages.push_back(parse_one(root));
        return messages;
    }
    if (several.size() > messages_at_once_max) {
        messages.push_back(
            BadMessage{{}, {}, malformed(fmt::format("At most {} messages at once.", messages_at_once_max))});
        return messages;
    }
    messages.reserve(several.size());
    for (const element one : several)
        messages.push_back(parse_one(one));
    return messages;
}

std::variant<SendCommand, BadMessage> parse_command_body(simdjson::dom::parser& parser,
                                                         std::string_view text) {
    element root;
    if (auto problem = parse_json(parser, text, root))
        return BadMessage{{}, {}, std::move(*problem)};
    object message;
    if (root.get(message) != simdjson::SUCCESS)
        return BadMessage{{}, {}, malformed("A command is an object.")};
    auto members = Members::of(message);
    if (!members)
        return BadMessage{{}, {}, std::move(members.error())};
    auto command = parse_command_members(*members);
    if (!command)
        return BadMessage{text_or_empty(message, "id"), {}, std::move(command.error())};
    if (auto unknown = members->leftover())
        return BadMessage{command->id.text(), {}, std::move(*unknown)};
    return std::move(*command);
}

} // namespace mosty::realtime
