#include "server/core/event_filter.hpp"

#include "domain/codec/entry.hpp"
#include "domain/codec/index_keys.hpp"
#include "server/core/reads.hpp"

#include <algorithm>

namespace mosty::core {
namespace {

constexpr std::size_t looked_at_max = 50'000;
constexpr std::size_t chunk = 512;

Result<bool, std::string> matches(const storage::Entry& entry, const EventsQuestion& question) {
    if (question.stream.empty() && question.type.empty() && question.actor.empty() && !question.since_ms &&
        !question.until_ms)
        return true;
    const auto envelope = codec::decode_envelope(entry.bytes);
    if (!envelope)
        return std::unexpected(envelope.error().what);
    return (question.stream.empty() || envelope->stream.text() == question.stream) &&
           (question.type.empty() || envelope->type == question.type) &&
           (question.actor.empty() || envelope->actor.text() == question.actor) &&
           (!question.since_ms || envelope->time_ms >= *question.since_ms) &&
           (!question.until_ms || envelope->time_ms <= *question.until_ms);
}

// The positions of one stream's entries, in order.
Result<std::vector<Position>, std::string> positions_of(const storage::LogReader& log,
                                                        const std::string& stream, Size size) {
    std::vector<Position> positions;
    const std::string prefix = codec::stream_prefix(StreamId{stream});
    std::string from;
    while (true) {
        const auto keys = log.scan(prefix, from, chunk);
        if (!keys)
            return std::unexpected(keys.error().reason);
        for (const auto& key : *keys)
            if (key.position < size)
                positions.push_back(key.position);
        if (keys->size() < chunk)
            return positions;
        from = keys->back().key.substr(prefix.size()) + '\0';
    }
}

Result<EventsFound, std::string> find_in_stream(const storage::LogReader& log, Size size,
                                                const EventsQuestion& question) {
    auto positions = positions_of(log, question.stream, size);
    if (!positions)
        return std::unexpected(positions.error());
    if (question.before)
        std::ranges::reverse(*positions);

    EventsFound found;
    for (const Position position : *positions) {
        if (question.before ? position >= *question.before : position < question.from)
            continue;
        if (found.entries.size() == question.limit) {
            found.next = question.before ? position + 1 : position;
            return found;
        }
        auto entries = log.read(position, 1);
        if (!entries)
            return std::unexpected(entries.error().reason);
        for (auto& entry : *entries) {
            const auto match = matches(entry, question);
            if (!match)
                return std::unexpected(match.error());
            if (*match)
                found.entries.push_back(std::move(entry));
        }
    }
    return found;
}

} // namespace

Result<EventsFound, std::string> find_events(const storage::LogReader& log, Size size,
                                             const EventsQuestion& question) {
    if (!question.stream.empty())
        return find_in_stream(log, size, question);

    EventsFound found;
    const bool descending = question.before.has_value();
    Position low = question.from;
    Position high = descending ? std::min(*question.before, size) : size;
    for (std::size_t looked_at = 0; descending ? high > 0 : low < high;) {
        const std::size_t wanted = std::min<Size>(chunk, descending ? high : high - low);
        const Position from = descending ? high - wanted : low;
        auto entries = log.read(from, wanted);
        if (!entries)
            return std::unexpected(entries.error().reason);
        if (entries->empty())
            break;
        if (descending)
            std::ranges::reverse(*entries);
        for (auto& entry : *entries) {
            if (found.entries.size() == question.limit || looked_at == looked_at_max) {
                found.next = descending ? entry.position + 1 : entry.position;
                return found;
            }
            ++looked_at;
            const auto match = matches(entry, question);
            if (!match)
                return std::unexpected(match.error());
            if (*match)
                found.entries.push_back(std::move(entry));
        }
        if (descending)
            high = from;
        else
            low = from + wanted;
    }
    return found;
}

} // namespace mosty::core
