#pragma once

#include "domain/codec/entry.hpp"
#include "domain/codec/index_keys.hpp"
#include "storage/memory/memory_event_log.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mosty::test {

// A log whose entries a test records one by one, a minute apart.
class RecordedLog {
public:
    static constexpr std::int64_t noon = 1'795'348'800'000; // 2026-11-22T12:00:00.000Z

    // The position at which it stands.
    Position record(std::string_view stream, std::string_view actor, const domain::Event& event) {
        codec::Envelope envelope;
        envelope.id = EventId(fmt::format("e-{}", log.size()));
        envelope.type = domain::type_of(event);
        envelope.stream = StreamId{std::string{stream}};
        envelope.revision = ++revisions_[std::string{stream}];
        envelope.time_ms = time_of(log.size());
        envelope.actor = ActorId{std::string{actor}};
        envelope.command = CommandId(fmt::format("c-{:08}", log.size()));
        envelope.command_hash = "00112233445566778899aabbccddeeff";
        envelope.correlation = envelope.command;
        envelope.source = "urn:mosty:test";
        const Position position = log.size();
        const std::vector<storage::NewEntry> batch{
            {codec::encode_entry(envelope, event), codec::index_keys(envelope)}};
        REQUIRE(log.append(batch, position).has_value());
        return position;
    }

    // Something said in a text, a visit confirmed, somebody registered for an organisation or moved to
    // another.
    Position say(std::string_view text, std::string_view actor, std::string body = "Well.") {
        return record(text, actor, text::Event(text::Replied{text::ThreadId{"t-1"}, std::move(body)}));
    }
    Position confirm(std::string_view visit, std::string_view actor) {
        return record(visit, actor, visit::Event(visit::Confirmed{.side = Side::ua}));
    }
    Position join(std::string_view person, std::string_view organisation) {
        person::Profile profile{"Ana", OrganisationId{std::string{organisation}}, Role::officer,
                                person::Language::uk, true};
        return record(fmt::format("person/{}", person), "service-test",
                      person::Event(person::Registered{std::move(profile)}));
    }
    Position move(std::string_view person, Position registered, std::string_view organisation) {
        person::Corrected moved{EventId{fmt::format("e-{}", registered)}, "She moved.", {}};
        moved.changes.organisation = OrganisationId{std::string{organisation}};
        return record(fmt::format("person/{}", person), "service-test", person::Event(std::move(moved)));
    }

    static std::int64_t time_of(Position position) {
        return noon + static_cast<std::int64_t>(position) * 60'000;
    }

    storage::MemoryEventLog log;

private:
    std::map<std::string, Revision> revisions_;
};

} // namespace mosty::test
