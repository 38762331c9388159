#pragma once

#include "domain/codec/delta.hpp"
#include "domain/codec/fields_towns.hpp"
#include "domain/text/command.hpp"

// The JSON of texts.
namespace mosty::codec {

inline constexpr DeltaRule edit_delta{};
inline constexpr DeltaRule restored_delta{.json_bytes_max = 4'000'000};
inline constexpr Whole count_from_0{0};
inline constexpr Whole count_from_1{1};
inline constexpr Text body{1, 2'000};
inline constexpr Text quote{0, 300};

template <>
inline constexpr auto fields_of<text::Edited> = [] {
    using text::Edited;
    return std::tuple{
        field("client", &Edited::client, id),         field("sequence", &Edited::sequence, count_from_1),
        field("base", &Edited::base, count_from_0),   field("change", &Edited::change, edit_delta),
        field("repair", &Edited::repair, edit_delta), field("typed_at", &Edited::typed_at, count_from_0),
    };
}();

template <>
inline constexpr auto fields_of<text::Commented> = [] {
    using text::Commented;
    return std::tuple{
        field("thread", &Commented::thread, id),       field("kind", &Commented::kind, word),
        field("from", &Commented::from, count_from_0), field("to", &Commented::to, count_from_0),
        field("quote", &Commented::quote, quote),      field("body", &Commented::body, body),
    };
}();

template <>
inline constexpr auto fields_of<text::Replied> =
    std::tuple{field("thread", &text::Replied::thread, id), field("body", &text::Replied::body, body)};
template <>
inline constexpr auto fields_of<text::ThreadResolved> =
    std::tuple{field("thread", &text::ThreadResolved::thread, id)};
template <>
inline constexpr auto fields_of<text::ThreadReopened> =
    std::tuple{field("thread", &text::ThreadReopened::thread, id)};
template <>
inline constexpr auto fields_of<text::AdviceAnswered> =
    std::tuple{field("thread", &text::AdviceAnswered::thread, id),
               field("answer", &text::AdviceAnswered::answer, word),
               field("note", &text::AdviceAnswered::note, note)};

template <>
inline constexpr auto fields_of<text::Suggested> =
    std::tuple{field("suggestion", &text::Suggested::suggestion, id),
               field("change", &text::Suggested::change, edit_delta),
               field("quote", &text::Suggested::quote, quote), field("note", &text::Suggested::note, note),
               field("organisation", &text::Suggested::organisation, id)};
template <>
inline constexpr auto fields_of<text::SuggestionAccepted> =
    std::tuple{field("suggestion", &text::SuggestionAccepted::suggestion, id),
               field("change", &text::SuggestionAccepted::change, edit_delta),
               field("repair", &text::SuggestionAccepted::repair, edit_delta)};
template <>
inline constexpr auto fields_of<text::SuggestionDeclined> =
    std::tuple{field("suggestion", &text::SuggestionDeclined::suggestion, id),
               field("note", &text::SuggestionDeclined::note, note)};

template <>
inline constexpr auto fields_of<text::VersionNamed> =
    std::tuple{field("version", &text::VersionNamed::version, id),
               field("name", &text::VersionNamed::name, name),
               field("revision", &text::VersionNamed::revision, count_from_0)};

template <>
inline constexpr auto fields_of<text::Restored> =
    std::tuple{field("revision", &text::Restored::revision, count_from_0),
               field("change", &text::Restored::change, restored_delta)};

template <>
inline constexpr auto fields_of<text::Erased> = std::tuple{field("reason", &text::Erased::reason, reason)};
template <>
inline constexpr auto fields_of<text::Redacted> =
    std::tuple{field("reason", &text::Redacted::reason, reason)};

template <>
inline constexpr auto fields_of<text::Edit> = [] {
    using text::Edit;
    return std::tuple{
        field("client", &Edit::client, id),
        field("sequence", &Edit::sequence, count_from_1),
        field("base", &Edit::base, count_from_0),
        field("change", &Edit::change, edit_delta),
        field("typed_at", &Edit::typed_at, count_from_0),
    };
}();

template <>
inline constexpr auto fields_of<text::Comment> = [] {
    using text::Comment;
    return std::tuple{
        field("thread", &Comment::thread, id),       field("kind", &Comment::kind, word),
        field("base", &Comment::base, count_from_0), field("from", &Comment::from, count_from_0),
        field("to", &Comment::to, count_from_0),     field("body", &Comment::body, body),
    };
}();

template <>
inline constexpr auto fields_of<text::Reply> =
    std::tuple{field("thread", &text::Reply::thread, id), field("body", &text::Reply::body, body)};
template <>
inline constexpr auto fields_of<text::ResolveThread> =
    std::tuple{field("thread", &text::ResolveThread::thread, id)};
template <>
inline constexpr auto fields_of<text::ReopenThread> =
    std::tuple{field("thread", &text::ReopenThread::thread, id)};
template <>
inline constexpr auto fields_of<text::AnswerAdvice> =
    std::tuple{field("thread", &text::AnswerAdvice::thread, id),
               field("answer", &text::AnswerAdvice::answer, word),
               field("note", &text::AnswerAdvice::note, note)};

template <>
inline constexpr auto fields_of<text::Suggest> = std::tuple{
    field("suggestion", &text::Suggest::suggestion, id), field("base", &text::Suggest::base, count_from_0),
    field("change", &text::Suggest::change, edit_delta), field("note", &text::Suggest::note, note)};
template <>
inline constexpr auto fields_of<text::AcceptSuggestion> =
    std::tuple{field("suggestion", &text::AcceptSuggestion::suggestion, id)};
template <>
inline constexpr auto fields_of<text::DeclineSuggestion> =
    std::tuple{field("suggestion", &text::DeclineSuggestion::suggestion, id),
               field("note", &text::DeclineSuggestion::note, note)};

template <>
inline constexpr auto fields_of<text::NameVersion> =
    std::tuple{field("version", &text::NameVersion::version, id),
               field("name", &text::NameVersion::called, name),
               field("revision", &text::NameVersion::revision, count_from_0)};

template <>
inline constexpr auto fields_of<text::Restore> =
    std::tuple{field("revision", &text::Restore::revision, count_from_0)};

template <>
inline constexpr auto fields_of<text::Erase> = std::tuple{field("reason", &text::Erase::reason, reason)};
template <>
inline constexpr auto fields_of<text::Redact> = std::tuple{field("base", &text::Redact::base, count_from_0),
                                                           field("change", &text::Redact::change, edit_delta),
                                                           field("reason", &text::Redact::reason, reason)};

} // namespace mosty::codec
