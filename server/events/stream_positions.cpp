#include "server/events/stream_positions.hpp"

#include "domain/codec/index_keys.hpp"

#include <algorithm>

namespace mosty::events {

// The revision of the first entry at or after a position; one more than the last when there is none.
Result<Revision, std::string> StreamPositions::first_from(Position from) const {
    const auto is_before = [&](Revision revision) -> Result<bool, std::string> {
        const auto found = log_->find(codec::stream_key(stream_, revision));
        if (!found)
            return std::unexpected(found.error().reason);
        return found->has_value() && **found < from;
    };
    Revision low = 0; // before it, as no revision is
    Revision high = 1;
    for (;; high *= 2) {
        const auto before = is_before(high);
        if (!before)
            return std::unexpected(before.error());
        if (!*before)
            break;
        low = high;
    }
    while (high - low > 1) {
        const Revision middle = low + (high - low) / 2;
        const auto before = is_before(middle);
        if (!before)
            return std::unexpected(before.error());
        (*before ? low : high) = middle;
    }
    return high;
}

Result<std::vector<Position>, std::string> StreamPositions::read(Position from, Size size,
                                                                 std::size_t count_max) {
    if (from != next_position_) {
        const auto revision = first_from(from);
        if (!revision)
            return std::unexpected(revision.error());
        next_revision_ = *revision;
        next_position_ = from;
    }
    const std::string prefix = codec::stream_prefix(stream_);
    const auto keys =
        log_->scan(prefix, codec::stream_key(stream_, next_revision_).substr(prefix.size()), count_max);
    if (!keys)
        return std::unexpected(keys.error().reason);
    std::vector<Position> positions;
    for (const auto& [key, position] : *keys) {
        if (position >= size)
            break;
        positions.push_back(position);
    }
    next_revision_ += positions.size();
    next_position_ = positions.size() == count_max ? positions.back() + 1 : size;
    return positions;
}

Result<std::vector<Position>, std::string> StreamPositions::read_back(Position before,
                                                                      std::size_t count_max) const {
    const auto after = first_from(before);
    if (!after)
        return std::unexpected(after.error());
    const std::size_t count = std::min<std::size_t>(count_max, *after - 1);
    std::vector<Position> positions;
    if (count == 0)
        return positions;
    const std::string prefix = codec::stream_prefix(stream_);
    const auto keys =
        log_->scan(prefix, codec::stream_key(stream_, *after - count).substr(prefix.size()), count);
    if (!keys)
        return std::unexpected(keys.error().reason);
    for (const auto& [key, position] : *keys)
        positions.push_back(position);
    std::ranges::reverse(positions);
    return positions;
}

Result<std::uint64_t, std::string> StreamPositions::count_before(Position position) const {
    const auto after = first_from(position);
    if (!after)
        return std::unexpected(after.error());
    return *after - 1;
}

} // namespace mosty::events
