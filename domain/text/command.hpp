#pragma once

#include "domain/text/event.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace mosty::text {

struct Edit {
    static constexpr auto name = "edit_text"sv;
    ClientId client;
    std::int64_t sequence = 1;
    std::int64_t base = 0;
    Delta change;
    std::optional<std::int64_t> typed_at;
};

struct Comment {
    static constexpr auto name = "comment_text"sv;
    ThreadId thread;
    ThreadKind kind = ThreadKind::comment;
    std::int64_t base = 0;
    std::int64_t from = 0;
    std::int64_t to = 0;
    std::string body;
};

struct Reply {
    static constexpr auto name = "reply_in_text"sv;
    ThreadId thread;
    std::string body;
};

struct ResolveThread {
    static constexpr auto name = "resolve_thread"sv;
    ThreadId thread;
};

struct ReopenThread {
    static constexpr auto name = "reopen_thread"sv;
    ThreadId thread;
};

struct AnswerAdvice {
    static constexpr auto name = "answer_advice"sv;
    ThreadId thread;
    AdviceAnswer answer = AdviceAnswer::accepted;
    std::optional<std::string> note;
};

struct Suggest {
    static constexpr auto name = "suggest_in_text"sv;
    SuggestionId suggestion;
    std::int64_t base = 0;
    Delta change;
    std::optional<std::string> note;
};

struct AcceptSuggestion {
    static constexpr auto name = "accept_suggestion"sv;
    SuggestionId suggestion;
};

struct DeclineSuggestion {
    static constexpr auto name = "decline_suggestion"sv;
    SuggestionId suggestion;
    std::optional<std::string> note;
};

struct NameVersion {
    static constexpr auto name = "name_text_version"sv;
    VersionId version;
    std::string called;
    std::int64_t revision = 0;
};

struct Restore {
    static constexpr auto name = "restore_text"sv;
    std::int64_t revision = 0;
};

// Forgets the text for ever.
struct Erase {
    static constexpr auto name = "erase_text"sv;
    std::string reason;
};

// Forgets for ever all but what the change leaves of the content; comments and suggestions go, too.
struct Redact {
    static constexpr auto name = "redact_text"sv;
    std::int64_t base = 0;
    Delta change;
    std::string reason;
};

using Command = std::variant<Edit, Comment, Reply, ResolveThread, ReopenThread, AnswerAdvice, Suggest,
                             AcceptSuggestion, DeclineSuggestion, NameVersion, Restore, Erase, Redact>;

} // namespace mosty::text
