#pragma once

#include "domain/base/actor.hpp"
#include "domain/base/ids.hpp"
#include "domain/base/names.hpp"
#include "domain/text/delta.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace mosty::text {

// One writer of one text: a browser profile's, issued by the server to one actor.
using ClientId = Id<struct ClientTag>;
using ThreadId = Id<struct ThreadTag>;
using SuggestionId = Id<struct SuggestionTag>;
using VersionId = Id<struct VersionTag>;

enum class ThreadKind { comment, advice };
enum class AdviceAnswer { accepted, declined };

// Somebody typed. `change` is what was committed: the writer's edit re-based over all before it. Stored for
// ever, as all below.
struct Edited {
    static constexpr auto type = "text.edited"sv;
    ClientId client;
    std::int64_t sequence = 1;
    std::int64_t base = 0; // the revision that the writer had seen
    Delta change;
    std::optional<Delta> repair;          // the final newline, where the change leaves none
    std::optional<std::int64_t> typed_at; // milliseconds since 1970; the writer's claim
    friend bool operator==(const Edited&, const Edited&) = default;
};

// A passage of the text as it was before this event.
struct Commented {
    static constexpr auto type = "text.commented"sv;
    ThreadId thread;
    ThreadKind kind = ThreadKind::comment;
    std::int64_t from = 0;
    std::int64_t to = 0;
    std::string quote;
    std::string body;
    friend bool operator==(const Commented&, const Commented&) = default;
};

struct Replied {
    static constexpr auto type = "text.replied"sv;
    ThreadId thread;
    std::string body;
    friend bool operator==(const Replied&, const Replied&) = default;
};

struct ThreadResolved {
    static constexpr auto type = "text.thread_resolved"sv;
    ThreadId thread;
    friend bool operator==(const ThreadResolved&, const ThreadResolved&) = default;
};

struct ThreadReopened {
    static constexpr auto type = "text.thread_reopened"sv;
    ThreadId thread;
    friend bool operator==(const ThreadReopened&, const ThreadReopened&) = default;
};

struct AdviceAnswered {
    static constexpr auto type = "text.advice_answered"sv;
    ThreadId thread;
    AdviceAnswer answer = AdviceAnswer::accepted;
    std::optional<std::string> note;
    friend bool operator==(const AdviceAnswered&, const AdviceAnswered&) = default;
};

// A change that somebody would like; the text stays as it is.
struct Suggested {
    static constexpr auto type = "text.suggested"sv;
    SuggestionId suggestion;
    Delta change;
    std::string quote; // what it would take away or format
    std::optional<std::string> note;
    // For whom the suggester acted then: the other side decides, wherever the suggester is by now. Absent as
    // written before this was recorded.
    std::optional<OrganisationId> organisation;
    friend bool operator==(const Suggested&, const Suggested&) = default;
};

struct SuggestionAccepted {
    static constexpr auto type = "text.suggestion_accepted"sv;
    SuggestionId suggestion;
    Delta change;
    std::optional<Delta> repair;
    friend bool operator==(const SuggestionAccepted&, const SuggestionAccepted&) = default;
};

struct SuggestionDeclined {
    static constexpr auto type = "text.suggestion_declined"sv;
    SuggestionId suggestion;
    std::optional<std::string> note;
    friend bool operator==(const SuggestionDeclined&, const SuggestionDeclined&) = default;
};

struct VersionNamed {
    static constexpr auto type = "text.version_named"sv;
    VersionId version;
    std::string name;
    std::int64_t revision = 0;
    friend bool operator==(const VersionNamed&, const VersionNamed&) = default;
};

// The content of an earlier revision is the text again.
struct Restored {
    static constexpr auto type = "text.restored"sv;
    std::int64_t revision = 0;
    Delta change;
    friend bool operator==(const Restored&, const Restored&) = default;
};

// All that the text ever said is forgotten: the keys of the stream's sealed events are destroyed. An event
// that was sealed under one reads as one of these, without a reason.
struct Erased {
    static constexpr auto type = "text.erased"sv;
    std::string reason;
    friend bool operator==(const Erased&, const Erased&) = default;
};

// The same, but the text begins anew: what follows is sealed under a new key, and the events of the same
// command write down again what is left of it.
struct Redacted {
    static constexpr auto type = "text.redacted"sv;
    std::string reason;
    friend bool operator==(const Redacted&, const Redacted&) = default;
};

using Event =
    std::variant<Edited, Commented, Replied, ThreadResolved, ThreadReopened, AdviceAnswered, Suggested,
                 SuggestionAccepted, SuggestionDeclined, VersionNamed, Restored, Erased, Redacted>;
using Events = std::vector<Event>;

// All that the event did to the text, as one change: empty for those that leave it alone.
Delta change_of(const Event& event);

} // namespace mosty::text

template <>
struct mosty::WordsOf<mosty::text::ThreadKind> {
    static constexpr std::array words{std::string_view{"comment"}, std::string_view{"advice"}};
};

template <>
struct mosty::WordsOf<mosty::text::AdviceAnswer> {
    static constexpr std::array words{std::string_view{"accepted"}, std::string_view{"declined"}};
};
