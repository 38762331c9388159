#include "server/events/reader.hpp"

#include "domain/codec/entry.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mosty::events {
namespace {

constexpr std::size_t entries_at_once = 512;

} // namespace

Reader::Reader(const storage::LogReader& stored, const storage::LogReader& opened, Filter filter)
    : log_(stored), opened_(opened), filter_(std::move(filter)) {
    for (StreamId& stream : streams_named(filter_.stream))
        streams_.emplace_back(stored, std::move(stream));
}

Result<std::unique_ptr<Reader>, std::string>
Reader::open(const storage::LogReader& stored, const storage::LogReader& opened, Size size, Filter filter) {
    std::unique_ptr<Reader> reader(new Reader(stored, opened, std::move(filter)));
    if (!reader->filter_.organisation.empty()) {
        auto affiliations = Affiliations::load(opened, size);
        if (!affiliations)
            return std::unexpected(std::move(affiliations.error()));
        reader->affiliations_ = std::move(*affiliations);
    }
    return reader;
}

Result<bool, std::string> Reader::wants(const storage::Entry& entry) const {
    if (filter_.wants_all())
        return true;
    const auto envelope = codec::decode_envelope(entry.bytes);
    if (!envelope)
        return std::unexpected(
            fmt::format("the entry at {} cannot be read: {}", entry.position, envelope.error().what));
    return filter_.fits(*envelope) &&
           (!affiliations_ || affiliations_->belonged(envelope->actor, entry.position, filter_.organisation));
}

Result<Chunk, std::string> Reader::read(Position from, Size size, const Bounds& bounds) {
    // Who belonged where must be known before it is asked, and is learned at the same pace.
    if (affiliations_) {
        if (from >= affiliations_->size())
            if (auto followed =
                    affiliations_->follow(opened_, std::min<Size>(size, from + bounds.looked_at_max));
                !followed)
                return std::unexpected(std::move(followed.error()));
        size = std::min(size, affiliations_->size());
    }
    return streams_.empty() ? walk(from, size, bounds) : look_up(from, size, bounds);
}

Result<Chunk, std::string> Reader::walk(Position from, Size size, const Bounds& bounds) {
    Chunk chunk{.entries = {}, .next = from};
    const Position end = std::min<Size>(size, from + bounds.looked_at_max);
    for (std::size_t bytes = 0; chunk.next < end;) {
        auto entries = log_.read(chunk.next, std::min<Size>(entries_at_once, end - chunk.next));
        if (!entries)
            return std::unexpected(entries.error().reason);
        if (entries->empty())
            return std::unexpected(fmt::format("the log has no position {}", chunk.next));
        for (auto& entry : *entries) {
            if (bytes >= bounds.bytes_max || chunk.entries.size() == bounds.entries_max)
                return chunk;
            const auto wanted = wants(entry);
            if (!wanted)
                return std::unexpected(wanted.error());
            ++chunk.next;
            if (!*wanted)
                continue;
            bytes += entry.bytes.size();
            chunk.entries.push_back(std::move(entry));
        }
    }
    return chunk;
}

Result<Chunk, std::string> Reader::look_up(Position from, Size size, const Bounds& bounds) {
    const std::size_t count_max = std::min(bounds.entries_max, entries_at_once);
    std::vector<Position> positions;
    Position known_to = size; // below it no stream has a position that was not read
    for (StreamPositions& stream : streams_) {
        const auto found = stream.read(from, size, count_max);
        if (!found)
            return std::unexpected(found.error());
        if (found->size() == count_max)
            known_to = std::min(known_to, found->back() + 1);
        positions.insert(positions.end(), found->begin(), found->end());
    }
    std::ranges::sort(positions);

    Chunk chunk{.entries = {}, .next = from};
    std::size_t bytes = 0;
    for (const Position position : positions) {
        if (position >= known_to)
            break;
        if (bytes >= bounds.bytes_max || chunk.entries.size() == bounds.entries_max)
            return chunk;
        auto entries = log_.read(position, 1);
        if (!entries)
            return std::unexpected(entries.error().reason);
        if (entries->empty())
            return std::unexpected(fmt::format("the log has no position {}", position));
        const auto wanted = wants(entries->front());
        if (!wanted)
            return std::unexpected(wanted.error());
        chunk.next = position + 1;
        if (!*wanted)
            continue;
        bytes += entries->front().bytes.size();
        chunk.entries.push_back(std::move(entries->front()));
    }
    chunk.next = known_to;
    return chunk;
}

} // namespace mosty::events
