#include "server/core/export_read.hpp"

#include "domain/codec/data.hpp"
#include "domain/codec/entry.hpp"
#include "domain/codec/event_types.hpp"
#include "domain/codec/index_keys.hpp"
#include "domain/domain.hpp"
#include "server/realtime/json_text.hpp"
#include "server/sequencing/stream_loader.hpp"

#include <algorithm>
#include <limits>
#include <vector>

namespace mosty::core {
namespace {

using realtime::append_member;

constexpr std::size_t keys_at_once = 1'024;
constexpr std::size_t bytes_max = 4u << 20;

// The positions that keys with this prefix lead to.
Result<void, std::string> add_positions(std::vector<Position>& positions, const storage::LogReader& log,
                                        const std::string& prefix) {
    for (std::string from;;) {
        const auto keys = log.scan(prefix, from, keys_at_once);
        if (!keys)
            return std::unexpected(keys.error().reason);
        for (const auto& [key, position] : *keys)
            positions.push_back(position);
        if (keys->size() < keys_at_once)
            return {};
        from = keys->back().key.substr(prefix.size()) + '\0';
    }
}

Result<std::string, std::string> profile_of(const storage::LogReader& log, const ActorId& actor) {
    const auto state =
        sequencing::load_stream(log, stream_of(actor), std::numeric_limits<std::size_t>::max());
    if (!state)
        return std::unexpected(state.error());
    std::string profile;
    codec::append_profile(profile, std::get<person::State>(**state).profile);
    return profile;
}

// Appends the event at a position, and those of the same command behind it, which have no key of their own.
Result<Position, std::string> append_command(std::string& body, const storage::LogReader& log,
                                             const storage::LogReader& stored, Position at, Size size) {
    std::string command;
    for (Position next = at; next < size; ++next) {
        auto entries = log.read(next, 1);
        if (!entries)
            return std::unexpected(entries.error().reason);
        const auto envelope = codec::decode_envelope(entries->at(0).bytes);
        if (!envelope)
            return std::unexpected(envelope.error().what);
        if (next > at && (envelope->command_index == 0 || envelope->command.text() != command))
            return next;
        command = envelope->command.text();
        // Whoever wrote it may not be of its audience any more.
        if (codec::is_restricted_type(envelope->type)) {
            entries = stored.read(next, 1);
            if (!entries)
                return std::unexpected(entries.error().reason);
        }
        if (body.back() != '[')
            body += ',';
        body += "{\"position\":" + std::to_string(next) + ",\"event\":" + entries->at(0).bytes + '}';
    }
    return size;
}

} // namespace

ReadResult answer_export(const storage::LogReader& log, const storage::LogReader& stored, Size size,
                         const ExportQuestion& question) {
    const auto fault = [](const std::string& reason) { return std::unexpected(unreadable(reason)); };
    std::vector<Position> positions;
    for (const std::string& prefix :
         {codec::command_key(question.actor, CommandId()), codec::stream_prefix(stream_of(question.actor))})
        if (auto added = add_positions(positions, log, prefix); !added)
            return fault(added.error());
    std::ranges::sort(positions);
    const auto profile = profile_of(log, question.actor);
    if (!profile)
        return fault(profile.error());

    std::string body = "{";
    append_member(body, "actor", question.actor.text());
    append_member(body, "size", size);
    if (!question.email.empty())
        append_member(body, "email", question.email);
    body += ",\"profile\":" + *profile + ",\"sessions\":" + question.sessions + ",\"events\":[";
    Position told = question.from; // all before it
    std::optional<Position> next;
    for (const Position position : positions) {
        if (position < told || position >= size)
            continue;
        if (body.size() > bytes_max) {
            next = position;
            break;
        }
        const auto after = append_command(body, log, stored, position, size);
        if (!after)
            return fault(after.error());
        told = *after;
    }
    body += ']';
    if (next)
        append_member(body, "next", *next);
    return ReadAnswer{body + '}'};
}

} // namespace mosty::core
