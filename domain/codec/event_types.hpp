#pragma once

#include "domain/domain.hpp"

#include <optional>
#include <span>
#include <string_view>

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

struct EventType {
    std::string_view name;
    int version = 1; // the newest; all from 1 on can be read
};

// All of them, sorted by name.
std::span<const EventType> event_types();

// Nothing for a type that this program does not know.
std::optional<int> newest_version(std::string_view type);

int newest_version(const domain::Event& event);

} // namespace mosty::codec
