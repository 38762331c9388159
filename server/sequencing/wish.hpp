#pragma once

#include "domain/domain.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace mosty::sequencing {

// Names whoever waits for an answer; the sequencer only hands it back.
using Ticket = std::uint64_t;

// A command as it reached the sequencer: understood, but not yet decided.
struct Wish {
    Ticket ticket = 0;
    ActorId actor;
    bool as_service = false; // came through the data folder's own door: the importer, the demo's loader
    CommandId id;
    StreamId stream;
    domain::Command command;
    bool vouched = false; // the server itself saw to what the command says of a secret
    std::optional<Revision> expected_revision;
    std::string hash; // of stream, name and data; tells a repetition from another use of the id
    std::optional<std::int64_t> at_ms;                   // a scenario's own clock; nothing: now
    std::shared_ptr<const text::Prepared> prepared = {}; // what the sequencer asked for
};

// The command's events are durable, or nothing had to change.
struct Done {
    Position from = 0; // of the first of `count` entries; meaningless when there are none
    std::uint32_t count = 0;
    Size size = 0;         // of the log, just after the command's last entry
    Revision revision = 0; // of the stream, after the command

    friend bool operator==(const Done&, const Done&) = default;
};

// The id was used before by the same actor, for something else.
struct CommandIdReused {
    friend bool operator==(const CommandIdReused&, const CommandIdReused&) = default;
};

// The actor is nobody we know.
struct UnknownActor {
    friend bool operator==(const UnknownActor&, const UnknownActor&) = default;
};

// The server is stopping; nothing was decided.
struct Unavailable {
    friend bool operator==(const Unavailable&, const Unavailable&) = default;
};

using Verdict = std::variant<Done, Rejection, CommandIdReused, UnknownActor, Unavailable>;

struct Answer {
    Ticket ticket = 0;
    CommandId id;
    Verdict verdict;
};

// The hash that a command's entries carry: the first 32 hexadecimal digits of SHA-256.
std::string hash_of(const StreamId& stream, std::string_view name, std::string_view data);

} // namespace mosty::sequencing
