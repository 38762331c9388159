#include "server/core/reads.hpp"

#include "domain/base/result.hpp"
#include "domain/codec/entry.hpp"
#include "domain/codec/entry_members.hpp"
#include "domain/codec/event_types.hpp"
#include "domain/codec/index_keys.hpp"
#include "domain/codec/sealed_form.hpp"
#include "domain/codec/time.hpp"
#include "server/core/export_read.hpp"
#include "server/core/open_folder.hpp"
#include "server/core/site_reads.hpp"
#include "server/core/text_reads.hpp"
#include "server/events/known_names.hpp"
#include "server/events/page.hpp"
#include "server/projections/past.hpp"
#include "server/realtime/json_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>
#include <vector>

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

// The size as of which a view or a list is asked for.
template <class AsOf>
Result<Size, Problem> wanted_size(const storage::LogReader& log, const storage::ViewStore::Snapshot& views,
                                  const AsOf& question) {
    if (question.until_ms)
        return size_at(log, views.applied(), *question.until_ms);
    const Size at = question.at.value_or(views.applied());
    if (at > views.applied())
        return std::unexpected(Problem{"future_position",
                                       fmt::format("The log has {} entries so far.", views.applied()),
                                       "at",
                                       {{"size", std::to_string(views.applied())}}});
    return at;
}

// "topic", "size" and, of what was recorded last by then, "time".
Result<std::string, Problem> begin_answer(const storage::LogReader& log, std::string_view topic, Size at) {
    std::string body = "{";
    append_member(body, "topic", topic);
    append_member(body, "size", at);
    if (at > 0) {
        const auto time = time_of(log, at - 1);
        if (!time)
            return std::unexpected(time.error());
        append_member(body, "time", codec::format_time(*time));
    }
    return body;
}

Result<std::string, std::string> view_then(const storage::LogReader& log,
                                           const storage::ViewStore::Snapshot& views,
                                           const std::string& topic, Size at) {
    if (const auto described = sites::view_named(topic))
        return described_sites_as_of(log, *described, at);
    auto view = projections::view_as_of(views, topic, at);
    if (!view)
        return std::unexpected(view.error().reason);
    return std::move(view->value);
}

ReadResult answer_view(const storage::LogReader& log, const storage::ViewStore::Snapshot& views,
                       const ViewQuestion& question) {
    const auto at = wanted_size(log, views, question);
    if (!at)
        return std::unexpected(at.error());
    const auto value = view_then(log, views, question.topic, *at);
    if (!value)
        return std::unexpected(unreadable(value.error()));
    auto body = begin_answer(log, question.topic, *at);
    if (!body)
        return std::unexpected(body.error());
    return ReadAnswer{*body + ",\"value\":" + *value + '}'};
}

Result<projections::ListPage, storage::ReadError>
page_of(const storage::ViewStore::Snapshot& views, const ListQuestion& question, std::optional<Size> at) {
    if (at)
        return projections::list_page_as_of(views, question.topic, *at, question.before, question.limit);
    if (question.topic == "municipalities")
        return projections::search_municipalities(views, question.search, question.country, question.before,
                                                  question.limit);
    return projections::list_page(views, question.topic, question.before, question.limit);
}

ReadResult answer_list(const storage::LogReader& log, const storage::ViewStore::Snapshot& views,
                       const ListQuestion& question) {
    std::optional<Size> at;
    if (question.at || question.until_ms) {
        if (!projections::has_past(question.topic))
            return std::unexpected(
                Problem{"invalid_field",
                        "The registers are shown as they are now; their events tell the past.",
                        question.at ? "at" : "time",
                        {}});
        const auto wanted = wanted_size(log, views, question);
        if (!wanted)
            return std::unexpected(wanted.error());
        at = *wanted;
    }
    const auto page = page_of(views, question, at);
    if (!page)
        return std::unexpected(unreadable(page.error().reason));

    auto begun = begin_answer(log, question.topic, at.value_or(views.applied()));
    if (!begun)
        return std::unexpected(begun.error());
    std::string body = std::move(*begun);
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

ReadResult answer_events(const storage::LogReader& log, const storage::LogReader& stored, Size size,
                         const EventsQuestion& question) {
    if (auto unknown = unknown_name(log, size, question.filter))
        return std::unexpected(std::move(*unknown));
    const auto span = events::span_of(log, size, question.start, question.filter);
    if (!span)
        return std::unexpected(span.error());
    const auto found = events::find_page(stored, log, span->to,
                                         {.filter = question.filter,
                                          .from = span->from,
                                          .descending = question.before.has_value(),
                                          .before = question.before,
                                          .limit = question.limit});
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
        body += ",\"event\":" + entry.bytes;
        if (codec::is_sealed_entry(entry.bytes) &&
            !codec::is_restricted_type(codec::entry_type(entry.bytes))) {
            const auto opened = log.read(entry.position, 1);
            if (!opened)
                return std::unexpected(unreadable(opened.error().reason));
            body += ",\"opened\":";
            body += codec::entry_data(opened->at(0).bytes);
        }
        body += '}';
    }
    body += ']';
    if (found->next)
        append_member(body, "next", *found->next);
    return ReadAnswer{body + '}'};
}

ReadResult answer_activity(const storage::LogReader& log, Size size, const ActivityQuestion& question) {
    const auto counts = events::count_activity(log, size, question);
    if (!counts)
        return std::unexpected(counts.error());
    std::string body = "{";
    append_member(body, "size", size);
    append_member(body, "step_ms", static_cast<std::uint64_t>(question.step_ms));
    return ReadAnswer{body + fmt::format(",\"counts\":[{}]}}", fmt::join(*counts, ","))};
}

// {"size":131,"hash":"9f…"}
std::string hash_object(const projections::ViewsHash& hash) {
    std::string object = "{";
    append_member(object, "size", hash.size);
    std::string digits;
    for (const std::uint8_t byte : hash.hash.bytes())
        digits += fmt::format("{:02x}", byte);
    append_member(object, "hash", digits);
    return object + '}';
}

ReadResult answer_views_hash(const storage::ViewStore::Snapshot& views, const ViewsHashQuestion& question) {
    std::vector<projections::ViewsHash> hashes;
    if (question.size) {
        const auto one = projections::noted_views_hash(views, *question.size);
        if (!one)
            return std::unexpected(unreadable(one.error().reason));
        if (*one)
            hashes.push_back(**one);
    } else {
        auto newest = projections::noted_views_hashes(views, question.limit);
        if (!newest)
            return std::unexpected(unreadable(newest.error().reason));
        hashes = std::move(*newest);
    }
    return ReadAnswer{views_hashes_json(hashes)};
}

} // namespace

std::string views_hashes_json(std::span<const projections::ViewsHash> hashes) {
    std::string body = "{";
    append_member(body, "format", views_format);
    body += ",\"views\":[";
    for (const projections::ViewsHash& hash : hashes) {
        if (body.back() != '[')
            body += ',';
        body += hash_object(hash);
    }
    return body + "]}";
}

Problem unreadable(const std::string& reason) {
    return {"unavailable", "The data could not be read just now: " + reason, {}, {}};
}

std::optional<Problem> unknown_name(const storage::LogReader& log, Size size, const events::Filter& filter) {
    const auto mistake = events::unknown_name_in(log, size, filter);
    if (!mistake)
        return unreadable(mistake.error());
    if (*mistake)
        return Problem{(*mistake)->code, (*mistake)->sentence, (*mistake)->field, {}};
    return std::nullopt;
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

ReadResult answer(const storage::LogReader& log, const storage::LogReader& stored,
                  const storage::ViewStore::Snapshot& views, const Question& question) {
    return std::visit(
        Overloaded{
            [&](const ViewQuestion& view) { return answer_view(log, views, view); },
            [&](const ListQuestion& list) { return answer_list(log, views, list); },
            [&](const EventsQuestion& events) { return answer_events(log, stored, views.applied(), events); },
            [&](const ActivityQuestion& activity) { return answer_activity(log, views.applied(), activity); },
            [&](const TextQuestion& text) { return answer_text(log, views, text); },
            [&](const ViewsHashQuestion& hash) { return answer_views_hash(views, hash); },
            [&](const ExportQuestion& wanted) { return answer_export(log, stored, views.applied(), wanted); },
            [](const WriterQuestion&) { return ReadResult{ReadAnswer{"{}"}}; },
        },
        question);
}

} // namespace mosty::core
