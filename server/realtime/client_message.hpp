#pragma once

#include "domain/domain.hpp"
#include "server/realtime/problem.hpp"

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mosty::realtime {

// What a client holds of a topic already.
struct Cursor {
    std::string log;
    int format = 0;
    Size after = 0; // of a text: its revision
};

struct Follow {
    std::string topic;
    std::optional<Cursor> cursor; // nothing: send a snapshot
    std::size_t limit = 100;
};

struct Unfollow {
    std::string topic;
};

struct SendCommand {
    CommandId id;
    StreamId stream;
    domain::Command command;
    std::optional<Revision> expected_revision;
    std::string hash;
};

struct Ping {
    std::uint64_t n = 0;
};

// A message that cannot be carried out: its command is refused, its topic not followed.
struct BadMessage {
    std::string id; // of the command, when it could be read
    std::string topic;
    Problem problem;
};

// Where one stands in a text; nowhere when there is no range.
struct Presence {
    std::string topic;
    Revision revision = 0;
    std::optional<text::Range> range;
};

using ClientMessage = std::variant<Follow, Unfollow, SendCommand, Presence, Ping, BadMessage>;

inline constexpr std::size_t messages_at_once_max = 64;

// Reads one WebSocket message: an object or an array of objects. Never fails whole: what cannot be
// understood becomes a BadMessage in its place.
std::vector<ClientMessage> parse_client_messages(simdjson::dom::parser& parser, std::string_view text);

// Reads the body of POST /v1/commands: a command's members without a type.
std::variant<SendCommand, BadMessage> parse_command_body(simdjson::dom::parser& parser,
                                                         std::string_view text);

} // namespace mosty::realtime
