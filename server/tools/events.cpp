#include "server/events/form.hpp"
#include "server/events/known_names.hpp"
#include "server/events/reader.hpp"
#include "server/events/span.hpp"
#include "server/sealing/opening_reader.hpp"
#include "server/tools/folder_keys.hpp"
#include "server/tools/tools.hpp"
#include "server/tools/whole_log.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace mosty::tools {
namespace {

int refuse(std::string_view sentence) {
    fmt::print(stderr, "mosty events: {}\n", sentence);
    return 2;
}

// The filter that the flags make; what is wrong with them as a sentence.
Result<events::Filter, std::string> filter_of(const config::Events& task) {
    events::Filter filter{.stream = task.stream,
                          .types = task.types,
                          .actor = task.actor,
                          .organisation = task.organisation,
                          .correlation = task.correlation,
                          .since_ms = {},
                          .until_ms = {}};
    for (const auto& [text, moment, end_of_day] : {std::tuple{&task.since, &filter.since_ms, false},
                                                   std::tuple{&task.until, &filter.until_ms, true}}) {
        if (text->empty())
            continue;
        *moment = events::parse_moment(*text, end_of_day);
        if (!*moment)
            return std::unexpected(fmt::format(
                "“{}” is neither a day such as 2026-11-22 nor a time such as 2026-11-22T10:00:00.000Z",
                *text));
    }
    if (const auto mistake = events::mistake_in(filter))
        return std::unexpected(mistake->sentence);
    return filter;
}

} // namespace

int print_events(const config::Events& task) {
    const auto filter = filter_of(task);
    if (!filter)
        return refuse(filter.error());
    const auto log = open_whole_log(task.data);
    if (!log)
        return refuse(log.error());
    const Size size = (*log)->size();
    const auto span =
        events::span_of(**log, size, {.from = task.from, .after = task.after, .log = {}}, *filter);
    if (!span)
        return refuse(span.error().detail);
    // Only people are looked up in what is sealed; the lines are as they are stored.
    auto keys = filter->organisation.empty() ? Result<sealing::Keys, NoKeys>(sealing::Keys())
                                             : keys_of_folder(task.data, task.master_key_file);
    if (!keys)
        return refuse(keys.error().sentence);
    const sealing::OpeningReader opened(**log, std::move(*keys), sealing::Missing::refuse);
    const auto unknown = events::unknown_name_in(opened, size, *filter);
    if (!unknown)
        return refuse(unknown.error());
    if (*unknown)
        return refuse((*unknown)->sentence);
    const auto reader = events::Reader::open(**log, opened, size, *filter);
    if (!reader)
        return refuse(reader.error());

    std::string lines;
    for (Position from = span->from; from < span->to;) {
        const auto chunk = (*reader)->read(from, span->to);
        if (!chunk)
            return refuse(chunk.error());
        lines.clear();
        events::append_chunk(lines, events::Form::lines, {}, *chunk);
        // Whoever reads may stop early: `mosty events | head` is no fault.
        if (std::fwrite(lines.data(), 1, lines.size(), stdout) != lines.size())
            return 0;
        from = chunk->next;
    }
    return std::fflush(stdout) == 0 ? 0 : 2;
}

} // namespace mosty::tools
