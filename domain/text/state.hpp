#pragma once

#include "domain/base/ids.hpp"
#include "domain/text/anchor.hpp"
#include "domain/text/content.hpp"
#include "domain/text/event.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mosty::text {

// How many changes a state remembers for re-basing without the log.
inline constexpr std::size_t recent_changes_max = 500;
inline constexpr std::size_t clients_max = 5'000;

// Who did something and when.
struct Signature {
    ActorId actor;
    std::int64_t at_ms = 0;
    friend bool operator==(const Signature&, const Signature&) = default;
};

// What is known of one writer: the last edit of theirs that was recorded.
struct Client {
    ActorId actor;
    std::int64_t sequence = 0;
    Revision revision = 0;
    friend bool operator==(const Client&, const Client&) = default;
};

struct ThreadReply {
    Signature by;
    std::string body;
    friend bool operator==(const ThreadReply&, const ThreadReply&) = default;
};

struct Answer {
    AdviceAnswer answer = AdviceAnswer::accepted;
    std::optional<std::string> note;
    Signature by;
    friend bool operator==(const Answer&, const Answer&) = default;
};

struct Thread {
    ThreadKind kind = ThreadKind::comment;
    Anchor anchor;
    std::string quote;
    std::string body;
    Signature by;
    Revision revision = 0;
    std::vector<ThreadReply> replies;
    std::optional<Signature> resolved; // of a comment
    std::optional<Answer> answer;      // of advice
    friend bool operator==(const Thread&, const Thread&) = default;
};

enum class SuggestionStatus { open, accepted, declined };

struct Suggestion {
    Delta change; // as of the present text; empty once it is answered
    bool orphaned = false;
    std::string quote;
    std::optional<std::string> note;
    Signature by;
    std::optional<OrganisationId> organisation; // the suggester's at that time, where it was recorded
    Revision revision = 0;
    SuggestionStatus status = SuggestionStatus::open;
    std::optional<Signature> answered;
    std::optional<std::string> answer_note;
    friend bool operator==(const Suggestion&, const Suggestion&) = default;
};

struct NamedVersion {
    VersionId id;
    std::string name;
    std::int64_t revision = 0;
    Signature by;
    friend bool operator==(const NamedVersion&, const NamedVersion&) = default;
};

// One person's changes with less than a minute between: who wrote the units marked `from` and later, up to
// the next burst.
struct Burst {
    Revision from = 0;
    Revision to = 0;
    std::uint32_t author = 0; // in State::authors
    std::int64_t at_ms = 0;
    std::int64_t until_ms = 0;
    friend bool operator==(const Burst&, const Burst&) = default;
};

struct State {
    Revision revision = 0;
    Content content;
    std::deque<Delta> recent; // the changes of the last revisions, the newest last
    std::map<ClientId, Client> clients;
    std::map<ThreadId, Thread> threads;
    std::map<SuggestionId, Suggestion> suggestions;
    std::vector<NamedVersion> versions;
    std::vector<ActorId> authors;
    std::vector<Burst> bursts;
    Revision erased_to = 0; // what this and earlier revisions said is forgotten
    bool erased = false;    // and nothing was written anew

    bool exists() const { return revision > 0; }

    // The oldest base that `recent` can bring up to date.
    Revision oldest_base() const { return revision - recent.size(); }

    // The burst that wrote what is marked with this revision; nothing for the first newline.
    const Burst* burst_of(Revision written) const;

    std::size_t memory_bytes() const;
};

} // namespace mosty::text

template <>
struct mosty::WordsOf<mosty::text::SuggestionStatus> {
    static constexpr std::array words{std::string_view{"open"}, std::string_view{"accepted"},
                                      std::string_view{"declined"}};
};
