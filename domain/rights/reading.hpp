#pragma once

#include "domain/base/names.hpp"

#include <array>
#include <string_view>

namespace mosty::rights {

using namespace std::string_view_literals;

// What can be read: topics, their past and their events, by what they are about, and the log as a whole.
enum class Reading {
    directory,
    towns,
    programme,
    municipalities,
    partnership,
    visit,
    proposal,
    text,
    sites,         // how many places of critical infrastructure a proposal has, and who sees what they are
    sites_of_town, // what those are which one town keeps to itself
    sites_of_partners, // and which both towns see
    partnerships,      // of one town, as the lists below
    visits,
    proposals,
    feed,
    all_partnerships, // of the whole programme
    all_visits,
    all_proposals,
    all_feed,
    person,        // somebody's own events
    personal_data, // all that there is of somebody, opened
    all_events,    // of every stream, whatever it is about; and what all views add up to
};

} // namespace mosty::rights

template <>
struct mosty::WordsOf<mosty::rights::Reading> {
    static constexpr std::array words{
        "directory"sv,
        "towns"sv,
        "programme"sv,
        "municipalities"sv,
        "partnership"sv,
        "visit"sv,
        "proposal"sv,
        "text"sv,
        "sites"sv,
        "sites_of_town"sv,
        "sites_of_partners"sv,
        "partnerships"sv,
        "visits"sv,
        "proposals"sv,
        "feed"sv,
        "all_partnerships"sv,
        "all_visits"sv,
        "all_proposals"sv,
        "all_feed"sv,
        "person"sv,
        "personal_data"sv,
        "all_events"sv,
    };
    static_assert(words.size() == static_cast<std::size_t>(mosty::rights::Reading::all_events) + 1);
};

namespace mosty::rights {

inline constexpr std::size_t reading_count = WordsOf<Reading>::words.size();

} // namespace mosty::rights
