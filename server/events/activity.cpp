#include "server/events/activity.hpp"

#include "server/core/reads.hpp"
#include "server/events/filter.hpp"
#include "server/events/stream_positions.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <span>

namespace mosty::events {
namespace {

constexpr std::size_t read_at_once = 1'024;

// The log's size at the beginning of each stretch, and at the end of the last.
Result<std::vector<Size>, realtime::Problem> ends_of(const storage::LogReader& log, Size size,
                                                     const ActivityQuestion& question) {
    std::vector<Size> ends;
    for (std::size_t bar = 0; bar <= question.bars; ++bar) {
        const auto border_ms = question.since_ms + static_cast<std::int64_t>(bar) * question.step_ms;
        const auto end = core::size_at(log, size, border_ms - 1);
        if (!end)
            return std::unexpected(end.error());
        ends.push_back(*end);
    }
    return ends;
}

// Adds the stream's events between the ends.
Result<void, std::string> add_stream(StreamPositions stream, std::span<const Size> ends,
                                     std::vector<std::uint64_t>& counts) {
    const auto first = stream.read(ends.front(), ends.back(), read_at_once);
    if (!first)
        return std::unexpected(first.error());
    if (first->size() < read_at_once) {
        for (const Position position : *first)
            ++counts[static_cast<std::size_t>(std::ranges::upper_bound(ends, position) - ends.begin()) - 1];
        return {};
    }
    std::vector<std::uint64_t> before;
    for (const Size end : ends) {
        const auto count = stream.count_before(end);
        if (!count)
            return std::unexpected(count.error());
        before.push_back(*count);
    }
    for (std::size_t bar = 0; bar < counts.size(); ++bar)
        counts[bar] += before[bar + 1] - before[bar];
    return {};
}

} // namespace

Result<std::vector<std::uint64_t>, realtime::Problem> count_activity(const storage::LogReader& log, Size size,
                                                                     const ActivityQuestion& question) {
    const auto ends = ends_of(log, size, question);
    if (!ends)
        return std::unexpected(ends.error());
    std::vector<std::uint64_t> counts(question.bars);
    if (question.streams.empty()) {
        for (std::size_t bar = 0; bar < counts.size(); ++bar)
            counts[bar] = (*ends)[bar + 1] - (*ends)[bar];
        return counts;
    }
    std::set<std::string> streams; // each once, however often it is named
    for (const std::string& name : question.streams)
        for (const StreamId& stream : streams_named(name))
            streams.insert(stream.text());
    for (const std::string& stream : streams)
        if (auto added = add_stream(StreamPositions(log, StreamId(stream)), *ends, counts); !added)
            return std::unexpected(core::unreadable(added.error()));
    return counts;
}

} // namespace mosty::events
