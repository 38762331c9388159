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
constexpr std::ptrdiff_t found_max = 16'384;

// An event, or all of the command that it begins.
struct Found {
    Position position = 0;
    bool is_alone = false;

    friend auto operator<=>(const Found&, const Found&) = default;
};

// The earliest of many: those that one answer may have need.
class Earliest {
public:
    void add(Found found) {
        all_.push_back(found);
        if (std::ssize(all_) == 2 * found_max)
            cut();
    }

    const std::vector<Found>& sorted() {
        if (std::ssize(all_) > found_max)
            cut();
        std::ranges::sort(all_);
        return all_;
    }

    // Where the first of the others is; nothing when there are none.
    std::optional<Position> beyond() const { return beyond_; }

private:
    void cut() {
        const auto first_left_out = all_.begin() + found_max;
        std::ranges::nth_element(all_, first_left_out);
        beyond_ = std::min(beyond_.value_or(first_left_out->position), first_left_out->position);
        all_.erase(first_left_out, all_.end());
    }

    std::vector<Found> all_;
    std::optional<Position> beyond_;
};

// Goes through the keys with this prefix; `look` answers what is wrong.
Result<void, std::string> for_each_key(const storage::LogReader& log, const std::string& prefix,
                                       const auto& look) {
    for (std::string from;;) {
        const auto keys = log.scan(prefix, from, keys_at_once);
        if (!keys)
            return std::unexpected(keys.error().reason);
        for (const storage::KeyedPosition& keyed : *keys)
            if (Result<void, std::string> looked = look(keyed); !looked)
                return looked;
        if (keys->size() < keys_at_once)
            return {};
        from = keys->back().key.substr(prefix.size()) + '\0';
    }
}

// The commands that keys with this prefix lead to.
Result<void, std::string> add_commands(Earliest& found, const storage::LogReader& log,
                                       const std::string& prefix, Position from) {
    return for_each_key(log, prefix, [&](const storage::KeyedPosition& keyed) -> Result<void, std::string> {
        if (keyed.position >= from)
            found.add({keyed.position, false});
        return {};
    });
}

// Whom an event names beside its stream and its actor; nobody mostly.
const ActorId* named_in(const domain::Event& event) {
    const auto* of_person = std::get_if<person::Event>(&event);
    if (of_person == nullptr)
        return nullptr;
    return std::visit(
        [](const auto& one) -> const ActorId* {
            if constexpr (requires { one.deputy; })
                return &one.deputy;
            else if constexpr (requires { one.to; })
                return &one.to;
            else
                return nullptr;
        },
        *of_person);
}

bool may_name(std::string_view type) {
    return type == person::DeputyAppointed::type || type == person::DeputyEnded::type ||
           type == person::HandedOver::type;
}

// The events of other people that name the person: whose deputy they are, what was handed over to them. They
// stand in the streams of people alone, of which each has a few.
Result<void, std::string> add_mentions(Earliest& found, const storage::LogReader& log,
                                       const storage::LogReader& stored, const ExportQuestion& question,
                                       Size size) {
    const std::string own = codec::stream_prefix(stream_of(question.actor));
    return for_each_key(
        log, codec::streams_prefix(domain::Kind::person),
        [&](const storage::KeyedPosition& keyed) -> Result<void, std::string> {
            if (keyed.position < question.from || keyed.position >= size || keyed.key.starts_with(own))
                return {};
            const auto sealed = stored.read(keyed.position, 1);
            if (!sealed)
                return std::unexpected(sealed.error().reason);
            const auto envelope = codec::decode_envelope(sealed->at(0).bytes);
            if (!envelope)
                return std::unexpected(envelope.error().what);
            if (!may_name(envelope->type))
                return {};
            const auto opened = log.read(keyed.position, 1);
            if (!opened)
                return std::unexpected(opened.error().reason);
            const auto entry = codec::decode_entry(opened->at(0).bytes);
            if (!entry)
                return std::unexpected(entry.error().what);
            if (const ActorId* named = named_in(entry->event); named && *named == question.actor)
                found.add({keyed.position, true});
            return {};
        });
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

// Appends the event at a position and, unless it is wanted alone, those of the same command behind it, which
// have no key of their own. Answers where to go on.
Result<Position, std::string> append_command(std::string& body, const storage::LogReader& log,
                                             const storage::LogReader& stored, Found found, Size size) {
    const Position at = found.position;
    std::string command;
    for (Position next = at; next < size; ++next) {
        if (next > at && found.is_alone)
            return next;
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
    Earliest earliest;
    for (const std::string& prefix :
         {codec::command_key(question.actor, CommandId()), codec::stream_prefix(stream_of(question.actor))})
        if (auto added = add_commands(earliest, log, prefix, question.from); !added)
            return fault(added.error());
    if (auto added = add_mentions(earliest, log, stored, question, size); !added)
        return fault(added.error());
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
    for (const Found& found : earliest.sorted()) {
        if (found.position < told || found.position >= size)
            continue;
        if (body.size() > bytes_max) {
            next = found.position;
            break;
        }
        const auto after = append_command(body, log, stored, found, size);
        if (!after)
            return fault(after.error());
        told = *after;
    }
    if (!next && earliest.beyond())
        next = std::max(told, *earliest.beyond());
    body += ']';
    if (next)
        append_member(body, "next", *next);
    return ReadAnswer{body + '}'};
}

} // namespace mosty::core
