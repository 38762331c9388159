#include "server/core/reads.hpp"

#include "domain/base/result.hpp"
#include "domain/codec/entry.hpp"
#include "domain/codec/index_keys.hpp"
#include "domain/codec/time.hpp"
#include "server/core/text_reads.hpp"
#include "server/events/page.hpp"
#include "server/projections/past.hpp"
#include "server/realtime/json_text.hpp"

#include <fmt/format.h>

namespace mosty::core {
namespace {

using realtime::append_member;
using realtime::Problem;

Result<std::int64_t, Problem> time_of(const storage::LogReader& log, Position position) {
    const auto entries = log.read(position, 1);
    if (!entries)
        return std::unexpected(unreadable(entries.error().reason));
    if (entries->empty())
        return std::unexpected(unreadable("the log ends before its size"));
    const auto envelope = codec::decode_envelope(entries->front().bytes);
    if (!envelope)
        return std::unexpected(unreadable(envelope.error().what));
    return envelope->time_ms;
}

ReadResult answer_view(const storage::LogReader& log, const storage::ViewStore::Snapshot& views,
                       const ViewQuestion& question) {
    Size at = question.at.value_or(views.applied());
    if (question.until_ms) {
        const auto size = size_at(log, views.applied(), *question.until_ms);
        if (!size)
            return std::unexpected(size.error());
        at = *size;
    }
    if (at > views.applied())
        return std::unexpected(Problem{"future_position",
                                       fmt::format("The log has {} entries so far.", views.applied()),
                                       "at",
                                       {{"size", std::to_string(views.applied())}}});
    const auto view = projections::view_as_of(views, question.topic, at);
    if (!view)
        return std::unexpected(unreadable(view.error().reason));

    std::string body = "{";
    append_member(body, "topic", question.topic);
    append_member(body, "size", at);
    if (at > 0) {
        const auto time = time_of(log, at - 1);
        if (!time)
            return std::unexpected(time.error());
        append_member(body, "time", codec::format_time(*time));
    }
    body += ",\"value\":" + view->value + '}';
    return ReadAnswer{std::move(body)};
}

ReadResult answer_list(const storage::ViewStore::Snapshot& views, const ListQuestion& question) {
    const auto page = question.topic == "municipalities"
                          ? projections::search_municipalities(views, question.search, question.country,
                                                               question.before, question.limit)
                          : projections::list_page(views, question.topic, question.before, question.limit);
    if (!page)
        return std::unexpected(unreadable(page.error().reason));

    std::string body = "{";
    append_member(body, "topic", question.topic);
    append_member(body, "size", views.applied());
    append_member(body, "total", page->total);
    body += ",\"rows\":[";
    for (const std::string& row : page->rows) {
        if (body.back() != '[')
            body += ',';
        body += row;
    }
    body += ']';
    if (!page->next.empty())
        append_member(body, "next", page->next);
    return ReadAnswer{body + '}'};
}

ReadResult answer_events(const storage::LogReader& log, Size size, const EventsQuestion& question) {
    const auto span = events::span_of(log, size, question.start, question.filter);
    if (!span)
        return std::unexpected(span.error());
    const auto found = events::find_page(
        log, question.before ? size : span->to,
        {.filter = question.filter, .from = span->from, .before = question.before, .limit = question.limit});
    if (!found)
        return std::unexpected(unreadable(found.error()));
    if (question.lines) {
        std::string body;
        for (const auto& entry : found->entries) {
            body += entry.bytes;
            body += '\n';
        }
        return ReadAnswer{std::move(body), "application/x-ndjson"};
    }
    std::string body = "{";
    append_member(body, "size", size);
    body += ",\"events\":[";
    for (const auto& entry : found->entries) {
        if (body.back() != '[')
            body += ',';
        body += '{';
        append_member(body, "position", entry.position);
        body += ",\"event\":" + entry.bytes + '}';
    }
    body += ']';
    if (found->next)
        append_member(body, "next", *found->next);
    return ReadAnswer{body + '}'};
}

} // namespace

Problem unreadable(const std::string& reason) {
    return {"unavailable", "The data could not be read just now: " + reason, {}, {}};
}

Result<Size, Problem> size_at(const storage::LogReader& log, Size size, std::int64_t until_ms) {
    Size low = 0;
    Size high = size;
    while (low < high) {
        const Size middle = low + (high - low) / 2;
        const auto time = time_of(log, middle);
        if (!time)
            return std::unexpected(time.error());
        if (*time <= until_ms)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

ReadResult answer(const storage::LogReader& log, const storage::ViewStore::Snapshot& views,
                  const Question& question) {
    return std::visit(
        Overloaded{
            [&](const ViewQuestion& view) { return answer_view(log, views, view); },
            [&](const ListQuestion& list) { return answer_list(views, list); },
            [&](const EventsQuestion& events) { return answer_events(log, views.applied(), events); },
            [&](const TextQuestion& text) { return answer_text(log, views, text); },
        },
        question);
}

} // namespace mosty::core
