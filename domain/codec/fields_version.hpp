#pragma once

#include "domain/codec/fields_towns.hpp"
#include "domain/codec/read_value.hpp"
#include "domain/proposal/command.hpp"

// The JSON of a proposal's way from asking for approval to the funder's answer.
namespace mosty::codec {

inline constexpr Text sha256_digits{64, 64};

// {"objective":12,…}: the revision of each section that was written.
struct TextRevisionsRule {};
Fault read_value(Place place, Element element, const TextRevisionsRule& rule, proposal::TextRevisions& out);
void write_value(std::string& out, const proposal::TextRevisions& revisions);

template <class T>
constexpr auto fields_of_submission() {
    return std::tuple{field("version", &T::version, version), field("funder", &T::funder, name),
                      field("on", &T::on, Date{.full = true}), field("reference", &T::reference, name)};
}

template <class T>
constexpr auto fields_of_answer() {
    return std::tuple{field("answer", &T::answer, word), field("on", &T::on, date),
                      field("amount", &T::amount, amount), field("currency", &T::currency, currency_code),
                      field("note", &T::note, note)};
}

template <class T>
constexpr auto fields_of_reasoned_version() {
    return std::tuple{field("version", &T::version, version), field("reason", &T::reason, reason)};
}

template <>
inline constexpr auto fields_of<proposal::ApprovalAsked> = [] {
    using proposal::ApprovalAsked;
    return std::tuple{
        field("version", &ApprovalAsked::version, version),
        field("content_revision", &ApprovalAsked::content_revision, any_whole),
        field("content_hash", &ApprovalAsked::content_hash, sha256_digits),
        field("by", &ApprovalAsked::by, word),
        field("texts", &ApprovalAsked::texts, TextRevisionsRule{}),
    };
}();

template <>
inline constexpr auto fields_of<proposal::Approved> = std::tuple{
    field("version", &proposal::Approved::version, version), field("side", &proposal::Approved::side, word)};

template <>
inline constexpr auto fields_of<proposal::Returned> =
    std::tuple{field("version", &proposal::Returned::version, version),
               field("side", &proposal::Returned::side, word),
               field("reason", &proposal::Returned::reason, reason)};

template <>
inline constexpr auto fields_of<proposal::ApprovalWithdrawn> =
    fields_of_reasoned_version<proposal::ApprovalWithdrawn>();
template <>
inline constexpr auto fields_of<proposal::Submitted> = fields_of_submission<proposal::Submitted>();
template <>
inline constexpr auto fields_of<proposal::Answered> = fields_of_answer<proposal::Answered>();

template <>
inline constexpr auto fields_of<proposal::Changes> = [] {
    using proposal::Changes;
    return std::tuple{
        field("lead", &Changes::lead, word),           field("source", &Changes::source, source_text),
        field("funder", &Changes::funder, name),       field("on", &Changes::on, date),
        field("reference", &Changes::reference, name), field("answer", &Changes::answer, word),
        field("amount", &Changes::amount, amount),     field("currency", &Changes::currency, currency_code),
        field("note", &Changes::note, note),           field("fact_reason", &Changes::fact_reason, reason),
    };
}();

template <>
inline constexpr auto fields_of<proposal::Corrected> =
    fields_of_retractable_correction<proposal::Corrected>();

template <>
inline constexpr auto fields_of<proposal::AskApproval> = std::tuple<>{};

template <>
inline constexpr auto fields_of<proposal::Approve> = std::tuple{
    field("version", &proposal::Approve::version, version), field("side", &proposal::Approve::side, word)};

template <>
inline constexpr auto fields_of<proposal::Return> = fields_of_reasoned_version<proposal::Return>();
template <>
inline constexpr auto fields_of<proposal::WithdrawApproval> =
    fields_of_reasoned_version<proposal::WithdrawApproval>();
template <>
inline constexpr auto fields_of<proposal::Submit> = fields_of_submission<proposal::Submit>();
template <>
inline constexpr auto fields_of<proposal::RecordAnswer> = fields_of_answer<proposal::RecordAnswer>();
template <>
inline constexpr auto fields_of<proposal::Correct> = fields_of_retractable_correction<proposal::Correct>();

} // namespace mosty::codec
