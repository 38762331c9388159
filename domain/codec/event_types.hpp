#pragma once

#include "domain/domain.hpp"

#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <variant>

// Every event type that is stored, and how often the form of its data has changed.
namespace mosty::codec {

// The version in which an event is written today. A stored form never changes: whoever changes what stands in
// `fields_of` gives the event its next version here, an upcaster from the one before (upcasters.cpp), a
// golden entry (tests/vectors/events) and its lines in tests/vectors/event_fields.txt.
template <class Event>
inline constexpr int version_of = 1;

// 2: `texts` is always there. It is absent from 1 as written before there were texts.
template <>
inline constexpr int version_of<proposal::ApprovalAsked> = 2;

// 2: `organisation` was recorded.
template <>
inline constexpr int version_of<text::Suggested> = 2;

template <class Event, class Variant>
inline constexpr bool is_one_of = false;
template <class Event, class... Events>
inline constexpr bool is_one_of<Event, std::variant<Events...>> = (std::is_same_v<Event, Events> || ...);

// Whether the data of new entries are sealed (sealed_form.hpp): what tells who somebody is, what is said
// of them freely, and all that is said in texts. Never the events that forget it.
template <class Event>
inline constexpr bool is_sealed = false;
template <>
inline constexpr bool is_sealed<person::Registered> = true;
template <>
inline constexpr bool is_sealed<person::Corrected> = true;
template <>
inline constexpr bool is_sealed<person::RoleChanged> = true;
template <>
inline constexpr bool is_sealed<person::Left> = true;
template <>
inline constexpr bool is_sealed<person::HandedOver> = true;
template <>
inline constexpr bool is_sealed<person::TokenMade> = true;
template <class Event>
    requires is_one_of<Event, text::Event>
inline constexpr bool is_sealed<Event> =
    !std::is_same_v<Event, text::Erased> && !std::is_same_v<Event, text::Redacted>;

// What a place of critical infrastructure is.
template <>
inline constexpr bool is_sealed<sites::Described> = true;

struct EventType {
    std::string_view name;
    int version = 1; // the newest; all from 1 on can be read
};

// All of them, sorted by name.
std::span<const EventType> event_types();

// Nothing for a type that this program does not know.
std::optional<int> newest_version(std::string_view type);

int newest_version(const domain::Event& event);

// Whether new entries of the type are sealed; false for a type that this program does not know.
bool is_sealed_type(std::string_view type);

// Whether what it says is for its audience alone: nobody else gets it opened, whatever events they may read.
bool is_restricted_type(std::string_view type);

// Whether it says that all that its stream said before is to be forgotten.
bool is_erasing_type(std::string_view type);

} // namespace mosty::codec
