#pragma once

#include "domain/codec/fields_towns.hpp"
#include "domain/partnership/command.hpp"

// The JSON of partnerships.
namespace mosty::codec {

template <>
inline constexpr auto fields_of<partnership::Proposed> = [] {
    using partnership::Proposed;
    return std::tuple{
        field("ua", &Proposed::ua, id),
        field("eu", &Proposed::eu, id),
        field("by", &Proposed::by, word),
        field("sectors", &Proposed::sectors, sectors),
        field("note", &Proposed::note, note),
        field("strand", &Proposed::strand, name),
        field("phase", &Proposed::phase, name),
        field("source", &Proposed::source, source_text),
        field("confidence", &Proposed::confidence, word),
    };
}();

template <>
inline constexpr auto fields_of<partnership::Accepted> = std::tuple{
    field("side", &partnership::Accepted::side, word), field("on", &partnership::Accepted::on, date)};

template <>
inline constexpr auto fields_of<partnership::Declined> =
    std::tuple{field("side", &partnership::Declined::side, word),
               field("reason", &partnership::Declined::reason, reason)};

template <>
inline constexpr auto fields_of<partnership::Withdrawn> =
    std::tuple{field("reason", &partnership::Withdrawn::reason, reason)};

template <>
inline constexpr auto fields_of<partnership::Ended> = std::tuple{
    field("on", &partnership::Ended::on, date), field("reason", &partnership::Ended::reason, reason)};

template <>
inline constexpr auto fields_of<partnership::Changes> = [] {
    using partnership::Changes;
    return std::tuple{
        field("sectors", &Changes::sectors, sectors),
        field("note", &Changes::note, note),
        field("strand", &Changes::strand, name),
        field("phase", &Changes::phase, name),
        field("source", &Changes::source, source_text),
        field("confidence", &Changes::confidence, word),
        field("on", &Changes::on, date),
        field("fact_reason", &Changes::fact_reason, reason),
    };
}();

template <>
inline constexpr auto fields_of<partnership::Corrected> =
    fields_of_retractable_correction<partnership::Corrected>();

template <>
inline constexpr auto fields_of<partnership::Propose> = [] {
    using partnership::Propose;
    return std::tuple{
        field("ua", &Propose::ua, id),
        field("eu", &Propose::eu, id),
        field("sectors", &Propose::sectors, sectors),
        field("note", &Propose::note, note),
        field("strand", &Propose::strand, name),
        field("phase", &Propose::phase, name),
        field("source", &Propose::source, source_text),
        field("confidence", &Propose::confidence, word),
    };
}();

template <>
inline constexpr auto fields_of<partnership::Accept> =
    std::tuple{field("on", &partnership::Accept::on, date), field("side", &partnership::Accept::side, word)};

template <>
inline constexpr auto fields_of<partnership::Decline> =
    std::tuple{field("reason", &partnership::Decline::reason, reason)};

template <>
inline constexpr auto fields_of<partnership::Withdraw> =
    std::tuple{field("reason", &partnership::Withdraw::reason, reason)};

template <>
inline constexpr auto fields_of<partnership::End> =
    std::tuple{field("on", &partnership::End::on, date), field("reason", &partnership::End::reason, reason)};

template <>
inline constexpr auto fields_of<partnership::Correct> =
    fields_of_retractable_correction<partnership::Correct>();

} // namespace mosty::codec
