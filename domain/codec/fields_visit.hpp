#pragma once

#include "domain/codec/fields_towns.hpp"
#include "domain/visit/command.hpp"

// The JSON of visits.
namespace mosty::codec {

template <>
inline constexpr auto fields_of<visit::Planned> = [] {
    using visit::Planned;
    return std::tuple{
        field("partnership", &Planned::partnership, id),
        field("ua", &Planned::ua, id),
        field("eu", &Planned::eu, id),
        field("title", &Planned::title, title),
        field("host", &Planned::host, word),
        field("kind", &Planned::kind, word),
        field("from", &Planned::from, date),
        field("to", &Planned::to, date),
        field("place", &Planned::place, name),
        field("purpose", &Planned::purpose, note),
        field("by", &Planned::by, word),
        field("source", &Planned::source, source_text),
    };
}();

template <>
inline constexpr auto fields_of<visit::Confirmed> = std::tuple{field("side", &visit::Confirmed::side, word)};

// Postponing says the same as a wish and as a fact; so do the types below that come in pairs.
template <class T>
constexpr auto fields_of_postponement() {
    return std::tuple{field("from", &T::from, date), field("to", &T::to, date),
                      field("reason", &T::reason, reason)};
}

template <class T>
constexpr auto fields_of_holding() {
    return std::tuple{field("from", &T::from, date), field("to", &T::to, date),
                      field("participants_ua", &T::participants_ua, head_count),
                      field("participants_eu", &T::participants_eu, head_count)};
}

template <class T>
constexpr auto fields_of_report() {
    return std::tuple{field("summary", &T::summary, summary), field("lessons", &T::lessons, lessons)};
}

template <>
inline constexpr auto fields_of<visit::Postponed> = fields_of_postponement<visit::Postponed>();
template <>
inline constexpr auto fields_of<visit::Cancelled> =
    std::tuple{field("reason", &visit::Cancelled::reason, reason)};
template <>
inline constexpr auto fields_of<visit::Held> = fields_of_holding<visit::Held>();
template <>
inline constexpr auto fields_of<visit::Reported> = fields_of_report<visit::Reported>();

template <>
inline constexpr auto fields_of<visit::Changes> = [] {
    using visit::Changes;
    return std::tuple{
        field("title", &Changes::title, title),
        field("host", &Changes::host, word),
        field("kind", &Changes::kind, word),
        field("from", &Changes::from, date),
        field("to", &Changes::to, date),
        field("place", &Changes::place, name),
        field("purpose", &Changes::purpose, note),
        field("source", &Changes::source, source_text),
        field("participants_ua", &Changes::participants_ua, head_count),
        field("participants_eu", &Changes::participants_eu, head_count),
        field("summary", &Changes::summary, summary),
        field("lessons", &Changes::lessons, lessons),
        field("fact_reason", &Changes::fact_reason, reason),
    };
}();

template <>
inline constexpr auto fields_of<visit::Corrected> = fields_of_retractable_correction<visit::Corrected>();

template <>
inline constexpr auto fields_of<visit::Plan> = [] {
    using visit::Plan;
    return std::tuple{
        field("partnership", &Plan::partnership, id),
        field("title", &Plan::title, title),
        field("host", &Plan::host, word),
        field("kind", &Plan::kind, word),
        field("from", &Plan::from, date),
        field("to", &Plan::to, date),
        field("place", &Plan::place, name),
        field("purpose", &Plan::purpose, note),
        field("source", &Plan::source, source_text),
    };
}();

template <>
inline constexpr auto fields_of<visit::Confirm> = std::tuple{field("side", &visit::Confirm::side, word)};
template <>
inline constexpr auto fields_of<visit::Postpone> = fields_of_postponement<visit::Postpone>();
template <>
inline constexpr auto fields_of<visit::Cancel> = std::tuple{field("reason", &visit::Cancel::reason, reason)};
template <>
inline constexpr auto fields_of<visit::Hold> = fields_of_holding<visit::Hold>();
template <>
inline constexpr auto fields_of<visit::Report> = fields_of_report<visit::Report>();
template <>
inline constexpr auto fields_of<visit::Correct> = fields_of_retractable_correction<visit::Correct>();

} // namespace mosty::codec
