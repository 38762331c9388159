#include "domain/sites/view.hpp"
#include "server/core/reads.hpp"
#include "server/events/span.hpp"
#include "server/projections/topic_kind.hpp"
#include "server/projections/topics.hpp"
#include "server/realtime/json_text.hpp"
#include "server/realtime/topic.hpp"
#include "server/sealing/opening_reader.hpp"
#include "server/texts/history.hpp"
#include "server/texts/pieces.hpp"
#include "server/tools/folder_keys.hpp"
#include "server/tools/progress.hpp"
#include "server/tools/rebuilt_views.hpp"
#include "server/tools/tools.hpp"
#include "server/tools/whole_log.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

namespace mosty::tools {
namespace {

using storage::LogReader;
using Snapshot = storage::ViewStore::Snapshot;

int refuse(std::string_view why) {
    fmt::print(stderr, "mosty replay: {}\n", why);
    return 2;
}

// The size that --until names.
Result<Size, std::string> size_of(const LogReader& log, const std::string& until) {
    Size size = 0;
    const auto [end, error] = std::from_chars(until.data(), until.data() + until.size(), size);
    if (error == std::errc{} && end == until.data() + until.size()) {
        if (size <= log.size())
            return size;
        return std::unexpected(fmt::format("the log has {} entries so far", log.size()));
    }
    const auto time = events::parse_moment(until, true);
    if (!time)
        return std::unexpected(
            fmt::format("--until must be a size, a date such as 2026-11-22 or a time such as "
                        "2026-11-22T10:00:00.000Z, not “{}”",
                        until));
    const auto found = core::size_at(log, log.size(), *time);
    if (!found)
        return std::unexpected(found.error().detail);
    return *found;
}

Result<std::string, std::string> text_line(const LogReader& log, const Snapshot& views,
                                           const std::string& topic) {
    const StreamId text(topic);
    const auto revision = texts::revision_at(log, text, views.applied());
    if (!revision)
        return std::unexpected(revision.error());
    const auto state = texts::state_at(log, views, text, *revision);
    if (!state)
        return std::unexpected(state.error());
    std::string line = "{";
    realtime::append_member(line, "topic", topic);
    realtime::append_member(line, "size", views.applied());
    realtime::append_member(line, "revision", *revision);
    return line + texts::text_members(*state) + '}';
}

// One topic as the server answers it over HTTP as of then.
Result<std::string, std::string> line_of(const LogReader& log, const Snapshot& views,
                                         const std::string& topic) {
    core::Question question = core::ViewQuestion{.topic = topic, .at = {}, .until_ms = {}};
    const auto kind = projections::kind_of(topic);
    if (!kind)
        return text_line(log, views, topic);
    if (kind == projections::TopicKind::list)
        question = core::ListQuestion{.topic = topic,
                                      .before = {},
                                      .limit = views.applied(),
                                      .search = {},
                                      .country = {},
                                      .at = {},
                                      .until_ms = {}};
    auto answered = core::answer(log, log, views, question);
    if (!answered)
        return std::unexpected(answered.error().detail);
    return std::move(answered->body);
}

int print_topics(const LogReader& log, const Snapshot& views, const std::vector<std::string>& topics) {
    for (const std::string& topic : topics) {
        const auto line = line_of(log, views, topic);
        if (!line)
            return refuse(line.error());
        // Whoever reads may stop early: `mosty replay | head` is no fault.
        if (std::fwrite(line->data(), 1, line->size(), stdout) != line->size() ||
            std::fputc('\n', stdout) == EOF)
            return 0;
    }
    return std::fflush(stdout) == 0 ? 0 : 2;
}

int compare(const config::Replay& task) {
    Progress progress("folded", 0);
    const auto compared =
        compare_folder(task.data, task.master_key_file, [&](Size folded) { progress.show(folded); });
    progress.finish();
    if (!compared)
        return refuse(compared.error());
    if (!*compared) {
        fmt::print("nothing to compare: the next start folds the views anew\n");
        return 0;
    }
    const projections::Comparison& views = (*compared)->views;
    for (const std::string& difference : views.differences)
        fmt::print("wrong: {}\n", difference);
    if (views.differences_total > views.differences.size())
        fmt::print("wrong: {} more\n", views.differences_total - views.differences.size());
    fmt::print("{}: the views of {} entries, {} rows\n", views.is_equal() ? "equal" : "not equal",
               (*compared)->size, views.rows);
    return views.is_equal() ? 0 : 1;
}

} // namespace

int replay(const config::Replay& task) {
    if (task.compare)
        return compare(task);
    const auto topic = task.topic.empty() ? std::nullopt : realtime::parse_topic(task.topic);
    if (!task.topic.empty() && !topic)
        return refuse(fmt::format("there is no topic of the name “{}”", task.topic));
    if (sites::view_named(task.topic))
        return refuse(
            "what places of critical infrastructure are is told to their audience alone, by a server");
    const auto stored = open_whole_log(task.data);
    if (!stored)
        return refuse(stored.error());
    auto keys = keys_of_folder(task.data, task.master_key_file);
    if (!keys)
        return refuse(keys.error().sentence);
    const sealing::OpeningReader log(**stored, std::move(*keys), sealing::Missing::refuse);
    const auto size = task.until ? size_of(log, *task.until) : log.size();
    if (!size)
        return refuse(size.error());

    Progress progress("folded", *size);
    const auto rebuilt = rebuild_views(log, *size, [&](Size folded) { progress.show(folded); });
    progress.finish();
    if (!rebuilt)
        return refuse(rebuilt.error());
    if (task.hash) {
        const auto hash = (*rebuilt)->projector->views_hash();
        if (!hash)
            return refuse(hash.error().reason);
        fmt::print("{}\n", core::views_hashes_json({&*hash, 1}));
        return 0;
    }
    const auto views = (*rebuilt)->store->snapshot();
    if (topic)
        return print_topics(log, *views, {task.topic});
    const auto topics = projections::recorded_topics(*views);
    if (!topics)
        return refuse(topics.error().reason);
    return print_topics(log, *views, *topics);
}

} // namespace mosty::tools
