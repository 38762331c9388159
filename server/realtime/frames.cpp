#include "server/realtime/frames.hpp"

#include "domain/base/invariant.hpp"
#include "domain/base/result.hpp"
#include "server/realtime/json_text.hpp"
#include "server/version.hpp"

namespace mosty::realtime {
namespace {

std::string open_frame(std::string_view type) {
    std::string frame = "{\"type\":\"";
    frame += type;
    frame += '"';
    return frame;
}

std::string topic_frame(std::string_view type, std::string_view topic) {
    std::string frame = open_frame(type);
    append_member(frame, "topic", topic);
    return frame;
}

} // namespace

std::string welcome_frame(std::string_view log_id, int format, Size size, const ActorId& actor,
                          ConnectionId connection) {
    std::string frame = open_frame("welcome");
    append_member(frame, "log", log_id);
    append_member(frame, "format", static_cast<unsigned long long>(format));
    append_member(frame, "size", size);
    append_member(frame, "actor", actor.text());
    append_member(frame, "connection", std::to_string(connection));
    append_member(frame, "server", version);
    return frame + '}';
}

std::string view_snapshot_frame(std::string_view topic, Size size, std::string_view value) {
    std::string frame = topic_frame("snapshot", topic);
    append_member(frame, "size", size);
    frame += ",\"value\":";
    frame += value;
    return frame + '}';
}

std::string list_snapshot_frame(std::string_view topic, Size size, const projections::ListWindow& window) {
    std::string frame = topic_frame("snapshot", topic);
    append_member(frame, "size", size);
    append_member(frame, "total", window.total);
    frame += ",\"rows\":[";
    for (const std::string& row : window.rows) {
        if (frame.back() != '[')
            frame += ',';
        frame += row;
    }
    return frame + "]}";
}

std::string current_frame(std::string_view topic, Size size) {
    std::string frame = topic_frame("current", topic);
    append_member(frame, "size", size);
    return frame + '}';
}

std::string current_frame(std::string_view topic, Size size, Revision revision) {
    std::string frame = topic_frame("current", topic);
    append_member(frame, "size", size);
    append_member(frame, "revision", revision);
    return frame + '}';
}

std::string events_frame(std::string_view topic, Size size, Revision revision, std::string_view events) {
    std::string frame;
    frame.reserve(128 + events.size());
    frame = topic_frame("events", topic);
    append_member(frame, "size", size);
    append_member(frame, "revision", revision);
    frame += ",\"events\":[";
    frame += events;
    return frame + "]}";
}

std::string presence_frame(std::string_view topic, std::span<const Standing> present,
                           std::span<const ConnectionId> gone) {
    std::string frame = topic_frame("presence", topic);
    frame += ",\"present\":[";
    for (const Standing& standing : present) {
        frame += frame.back() == '[' ? "{" : ",{";
        append_member(frame, "who", std::to_string(standing.who));
        append_member(frame, "actor", standing.actor.text());
        append_member(frame, "revision", standing.revision);
        append_member(frame, "from", standing.range.from);
        append_member(frame, "to", standing.range.to);
        frame += '}';
    }
    frame += "],\"gone\":[";
    for (const ConnectionId who : gone) {
        if (frame.back() != '[')
            frame += ',';
        frame += '"' + std::to_string(who) + '"';
    }
    return frame + "]}";
}

std::string history_changed_frame(std::string_view log_id, std::string_view topic) {
    std::string frame = topic_frame("history_changed", topic);
    append_member(frame, "log", log_id);
    return frame + '}';
}

std::string resync_frame(std::string_view topic) {
    return topic_frame("resync", topic) + '}';
}

std::string done_frame(const CommandId& id, const sequencing::Done& done) {
    std::string frame = open_frame("done");
    append_member(frame, "id", id.text());
    if (done.count != 0)
        append_member(frame, "from", done.from);
    append_member(frame, "count", static_cast<unsigned long long>(done.count));
    append_member(frame, "size", done.size);
    append_member(frame, "revision", done.revision);
    return frame + '}';
}

std::string refused_frame(std::string_view id, const Problem& problem) {
    std::string frame = open_frame("refused");
    append_member(frame, "id", id);
    frame += ",\"problem\":";
    append_json(frame, problem);
    return frame + '}';
}

std::string error_frame(std::string_view topic, const Problem& problem) {
    std::string frame = open_frame("error");
    if (!topic.empty())
        append_member(frame, "topic", topic);
    frame += ",\"problem\":";
    append_json(frame, problem);
    return frame + '}';
}

std::string pong_frame(std::uint64_t n, Size size) {
    std::string frame = open_frame("pong");
    append_member(frame, "n", static_cast<unsigned long long>(n));
    append_member(frame, "size", size);
    return frame + '}';
}

std::string bye_frame(std::string_view reason, unsigned after_ms) {
    std::string frame = open_frame("bye");
    append_member(frame, "reason", reason);
    append_member(frame, "after_ms", static_cast<unsigned long long>(after_ms));
    return frame + '}';
}

void append_change_frame(std::string& out, const projections::Change& change) {
    if (!out.empty())
        out += ',';
    if (change.kind == projections::Change::Kind::event) {
        out += events_frame(change.topic, change.size, change.total, *change.json);
        return;
    }
    const bool is_patch = change.kind == projections::Change::Kind::patch;
    out += is_patch ? "{\"type\":\"patch\"" : "{\"type\":\"rows\"";
    append_member(out, "topic", change.topic);
    append_member(out, "size", change.size);
    switch (change.kind) {
    case projections::Change::Kind::patch:
        out += ",\"patch\":";
        out += *change.json;
        break;
    case projections::Change::Kind::row:
        append_member(out, "total", change.total);
        out += ",\"upsert\":[";
        out += *change.json;
        out += ']';
        break;
    case projections::Change::Kind::event:
        break;
    case projections::Change::Kind::removal:
        append_member(out, "total", change.total);
        out += ",\"upsert\":[],\"remove\":[";
        out += *change.json;
        out += ']';
        break;
    }
    out += '}';
}

Problem problem_of(const sequencing::Verdict& verdict) {
    return std::visit(
        Overloaded{
            [](const Rejection& rejection) { return problem_of(rejection); },
            [](sequencing::CommandIdReused) {
                return Problem{"command_id_reused",
                               "This command id was used before for another command. Nothing was "
                               "written; send it again under a new id.",
                               "id",
                               {}};
            },
            [](sequencing::UnknownActor) { return Problem{"not_signed_in", "Sign in to do this.", {}, {}}; },
            [](sequencing::Unavailable) {
                return Problem{
                    "unavailable", "The server is restarting. Send the same again in a moment.", {}, {}};
            },
            [](const sequencing::Done&) -> Problem { MOSTY_INVARIANT(false, "a success has no problem"); },
        },
        verdict);
}

} // namespace mosty::realtime
