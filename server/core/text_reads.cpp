#include "server/core/text_reads.hpp"

#include "domain/codec/index_keys.hpp"
#include "domain/codec/text_state.hpp"
#include "domain/codec/time.hpp"
#include "server/realtime/json_text.hpp"
#include "server/texts/history.hpp"
#include "server/texts/pieces.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <ranges>

namespace mosty::core {
namespace {

using realtime::append_member;
using realtime::Problem;

Result<Revision, Problem> wanted_revision(const storage::LogReader& log, const StreamId& text,
                                          const TextQuestion& question, Revision now) {
    if (question.revision) {
        if (*question.revision <= now)
            return *question.revision;
        return std::unexpected(Problem{"future_position",
                                       fmt::format("The text has {} revisions so far.", now),
                                       "revision",
                                       {{"revision", std::to_string(now)}}});
    }
    std::optional<Size> at = question.at;
    if (at && *at > log.size())
        return std::unexpected(Problem{"future_position",
                                       fmt::format("The log has {} entries so far.", log.size()),
                                       "at",
                                       {{"size", std::to_string(log.size())}}});
    if (question.until_ms) {
        const auto size = size_at(log, log.size(), *question.until_ms);
        if (!size)
            return std::unexpected(size.error());
        at = *size;
    }
    if (!at)
        return now;
    const auto revision = texts::revision_at(log, text, *at);
    if (!revision)
        return std::unexpected(unreadable(revision.error()));
    return *revision;
}

// Who wrote the last burst, and when it ended.
void append_last(std::string& body, const text::State& state) {
    if (state.bursts.empty())
        return;
    const text::Burst& last = state.bursts.back();
    append_member(body, "time", codec::format_time(last.until_ms));
    append_member(body, "actor", state.authors[last.author].text());
}

void append_authors(std::string& body, const text::State& state) {
    struct {
        const text::Burst* burst = nullptr;
        std::size_t length = 0;
    } run;
    const auto write = [&] {
        body += body.back() == '[' ? "{" : ",{";
        body += "\"length\":" + std::to_string(run.length);
        append_member(body, "revision", run.burst ? run.burst->from : 0);
        if (run.burst) {
            append_member(body, "actor", state.authors[run.burst->author].text());
            append_member(body, "at", codec::format_time(run.burst->at_ms));
        }
        body += '}';
    };
    body += ",\"runs\":[";
    state.content.for_each_run([&](std::u16string_view text, const text::Run& next) {
        const text::Burst* burst = state.burst_of(next.mark.revision);
        if (run.length > 0 && burst != run.burst) {
            write();
            run.length = 0;
        }
        run.burst = burst;
        run.length += text.size();
    });
    write();
    body += ']';
}

// Where in the log a revision stands: a moment of a text as a cursor of the whole.
Result<Position, Problem> position_of(const storage::LogReader& log, const StreamId& text,
                                      Revision revision) {
    const auto position = log.find(codec::stream_key(text, revision));
    if (!position)
        return std::unexpected(unreadable(position.error().reason));
    if (!*position)
        return std::unexpected(unreadable("an event of the text has no index key"));
    return **position;
}

Result<void, Problem> append_bursts(std::string& body, const storage::LogReader& log, const StreamId& text,
                                    const text::State& state, std::size_t limit) {
    body += ",\"bursts\":[";
    for (const text::Burst& burst : state.bursts | std::views::reverse | std::views::take(limit)) {
        body += body.back() == '[' ? "{" : ",{";
        body += "\"from\":" + std::to_string(burst.from);
        append_member(body, "to", burst.to);
        const auto position = position_of(log, text, burst.to);
        if (!position)
            return std::unexpected(position.error());
        append_member(body, "position", *position);
        append_member(body, "actor", state.authors[burst.author].text());
        append_member(body, "at", codec::format_time(burst.at_ms));
        append_member(body, "until", codec::format_time(burst.until_ms));
        body += '}';
    }
    body += "],\"versions\":[";
    for (const text::NamedVersion& version : state.versions) {
        if (body.back() != '[')
            body += ',';
        codec::append_version(body, version);
    }
    body += ']';
    return {};
}

} // namespace

ReadResult answer_text(const storage::LogReader& log, const storage::ViewStore::Snapshot& views,
                       const TextQuestion& question) {
    const StreamId text(question.topic);
    const auto now = texts::revision_now(log, text);
    if (!now)
        return std::unexpected(unreadable(now.error()));
    const auto revision = wanted_revision(log, text, question, *now);
    if (!revision)
        return std::unexpected(revision.error());
    const Size size = log.size();
    const auto state = texts::state_at(log, views, text, *revision);
    if (!state)
        return std::unexpected(unreadable(state.error()));

    std::string body = "{";
    append_member(body, "topic", question.topic);
    append_member(body, "revision", *revision);
    switch (question.what) {
    case TextQuestion::What::content:
        append_member(body, "revisions", *now);
        append_member(body, "size", size);
        append_last(body, *state);
        body += texts::text_members(*state);
        break;
    case TextQuestion::What::authors:
        append_authors(body, *state);
        break;
    case TextQuestion::What::bursts:
        if (const auto written = append_bursts(body, log, text, *state, question.limit); !written)
            return std::unexpected(written.error());
        break;
    }
    return ReadAnswer{body + '}'};
}

} // namespace mosty::core
