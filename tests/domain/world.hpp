#pragma once

#include "domain/codec/entry.hpp"
#include "domain/domain.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mosty::test {

Actor officer_of(std::string_view organisation);
Actor mayor_of(std::string_view organisation);
Actor acting_as(Role role);

inline constexpr std::string_view ua_town = "UA32140010000049369";
inline constexpr std::string_view eu_town = "HU_10719";
inline constexpr std::string_view third_town = "LT_21";
inline constexpr std::string_view stranger = "AT_10101";

inline const Actor ua_officer = officer_of(ua_town);
inline const Actor eu_officer = officer_of(eu_town);
inline const Actor ua_mayor = mayor_of(ua_town);
inline const Actor eu_mayor = mayor_of(eu_town);
inline const Actor secretariat = acting_as(Role::secretariat);
inline const Actor service = acting_as(Role::service);

// A whole domain in memory, to which commands are sent as JSON and which answers in one line of text:
// the events with their data ("partnership.accepted {"side":"eu"}"), "nothing", or the code of the
// rejection, with the field at fault ("invalid_field to"). Today is 2026-11-22.
class World {
public:
    // A world with four towns and the active partnership "p-1" between the first two.
    static World with_partners();

    std::string send(const Actor& actor, std::string_view stream, std::string_view command,
                     std::string_view data = "{}");

    // Sends, and stops the test when the command is refused.
    void given(const Actor& actor, std::string_view stream, std::string_view command,
               std::string_view data = "{}");

    // Writes a few words into each section of the proposal's form, each by a new writer of the actor's.
    void write_sections(const Actor& actor, std::string_view proposal);

    Result<domain::Events, Rejection> decide(const Actor& actor, const StreamId& stream,
                                             const domain::Command& command) const;
    void record(const Actor& actor, const StreamId& stream, const domain::Event& event,
                std::optional<Revision> cause = {});

    const domain::State& state(std::string_view stream);
    // The id of the newest event of this type in the stream.
    std::string event_id(std::string_view stream, std::string_view type) const;
    // Every entry's bytes, in the order recorded.
    const std::vector<std::string>& entries() const { return entries_; }

    Rejection last_rejection{RejectionCode::malformed, {}, {}, {}};

private:
    void follow(codec::Envelope& envelope, Revision cause) const;
    text::Prepared prepare(const StreamId& stream, const text::Preparation& wanted) const;

    std::map<std::string, domain::State, std::less<>> states_;
    std::vector<std::string> entries_;
    std::map<std::pair<std::string, Revision>, std::size_t> places_; // in entries_
    std::vector<std::pair<std::string, std::string>> ids_;           // "stream type" and the event's id
};

// The state as text, for comparing two.
std::string shown(const domain::State& state);

// Reads a command from JSON text.
Result<domain::Command, Rejection> parsed(std::string_view name, std::string_view data);

} // namespace mosty::test
