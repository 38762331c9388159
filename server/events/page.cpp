#include "server/events/page.hpp"

#include "server/events/reader.hpp"

#include <algorithm>

namespace mosty::events {
namespace {

constexpr std::size_t looked_at_max = 50'000;
constexpr std::size_t at_once = 512;

// The positions of the streams' entries, in order.
Result<std::vector<Position>, std::string> positions_of(const storage::LogReader& log,
                                                        const std::vector<StreamId>& streams, Size size) {
    std::vector<Position> positions;
    for (const StreamId& stream : streams) {
        StreamPositions reader(log, stream);
        for (Position from = 0;;) {
            const auto found = reader.read(from, size, at_once);
            if (!found)
                return std::unexpected(found.error());
            positions.insert(positions.end(), found->begin(), found->end());
            if (found->size() < at_once)
                break;
            from = found->back() + 1;
        }
    }
    std::ranges::sort(positions);
    return positions;
}

Result<Page, std::string> find_in_streams(const storage::LogReader& log, const Reader& reader,
                                          std::vector<Position> positions, const PageQuestion& question) {
    if (question.before)
        std::ranges::reverse(positions);
    Page page;
    for (const Position position : positions) {
        if (question.before ? position >= *question.before : position < question.from)
            continue;
        if (page.entries.size() == question.limit) {
            page.next = question.before ? position + 1 : position;
            return page;
        }
        auto entries = log.read(position, 1);
        if (!entries)
            return std::unexpected(entries.error().reason);
        for (auto& entry : *entries) {
            const auto wanted = reader.wants(entry);
            if (!wanted)
                return std::unexpected(wanted.error());
            if (*wanted)
                page.entries.push_back(std::move(entry));
        }
    }
    return page;
}

Result<Page, std::string> find_in_all(const storage::LogReader& log, Size size, const Reader& reader,
                                      const PageQuestion& question) {
    Page page;
    const bool descending = question.before.has_value();
    Position low = question.from;
    Position high = descending ? std::min(*question.before, size) : size;
    for (std::size_t looked_at = 0; descending ? high > 0 : low < high;) {
        const std::size_t count = std::min<Size>(at_once, descending ? high : high - low);
        const Position from = descending ? high - count : low;
        auto entries = log.read(from, count);
        if (!entries)
            return std::unexpected(entries.error().reason);
        if (entries->empty())
            break;
        if (descending)
            std::ranges::reverse(*entries);
        for (auto& entry : *entries) {
            if (page.entries.size() == question.limit || looked_at == looked_at_max) {
                page.next = descending ? entry.position + 1 : entry.position;
                return page;
            }
            ++looked_at;
            const auto wanted = reader.wants(entry);
            if (!wanted)
                return std::unexpected(wanted.error());
            if (*wanted)
                page.entries.push_back(std::move(entry));
        }
        if (descending)
            high = from;
        else
            low = from + count;
    }
    return page;
}

} // namespace

Result<Page, std::string> find_page(const storage::LogReader& stored, const storage::LogReader& opened,
                                    Size size, const PageQuestion& question) {
    const auto reader = Reader::open(stored, opened, size, question.filter);
    if (!reader)
        return std::unexpected(reader.error());
    const auto streams = streams_named(question.filter.stream);
    if (streams.empty())
        return find_in_all(stored, size, **reader, question);
    auto positions = positions_of(stored, streams, size);
    if (!positions)
        return std::unexpected(std::move(positions.error()));
    return find_in_streams(stored, **reader, std::move(*positions), question);
}

} // namespace mosty::events
