#include "storage/merkle/tree.hpp"

#include "storage/big_endian.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <optional>
#include <span>

namespace mosty::storage::merkle {

namespace {

using Proof = Result<std::vector<Hash>, ReadError>;

std::unexpected<ReadError> no_such(std::string reason) {
    return std::unexpected(ReadError{std::move(reason)});
}

std::optional<ReadError> beyond(const LogReader& log, Size size) {
    if (size <= log.size())
        return std::nullopt;
    return ReadError{fmt::format("there is no tree of {} entries: the log holds {}", size, log.size())};
}

// Exactly `count` hashes, or an error.
Proof read_hashes(const LogReader& log, unsigned level, std::uint64_t from, std::size_t count) {
    auto hashes = log.hashes(level, from, count);
    if (hashes && hashes->size() != count)
        return no_such(fmt::format("level {} of the tree ends at {}, before {}", level, from + hashes->size(),
                                   from + count));
    return hashes;
}

Hash fold_whole(std::span<const Hash> hashes) {
    if (hashes.size() == 1)
        return hashes.front();
    const std::size_t half = hashes.size() / 2;
    return node_hash(fold_whole(hashes.first(half)), fold_whole(hashes.subspan(half)));
}

// The largest power of two below `size` > 1: where the tree splits.
Size split_of(Size size) {
    return std::bit_floor(size - 1);
}

} // namespace

Result<const std::vector<Hash>*, ReadError> Nodes::tile(unsigned level, std::uint64_t number) {
    const auto at = tiles_.find({level, number});
    if (at != tiles_.end())
        return &at->second;
    auto hashes = read_hashes(log_, level, number * tile_width_max, tile_width(level, number, size_));
    if (!hashes)
        return std::unexpected(hashes.error());
    return &tiles_.emplace(std::pair{level, number}, std::move(*hashes)).first->second;
}

Result<Hash, ReadError> Nodes::whole_subtree(unsigned height, std::uint64_t index) {
    const unsigned level = height / tile_height;
    const std::size_t width = std::size_t{1} << (height % tile_height);
    const std::uint64_t first = index * width;
    const auto hashes = tile(level, first / tile_width_max);
    if (!hashes)
        return std::unexpected(hashes.error());
    const std::span<const Hash> all(**hashes);
    return fold_whole(all.subspan(first % tile_width_max, width));
}

Result<Hash, ReadError> Nodes::root_of(Position from, Size count) {
    if (count == 0 || from > size_ || count > size_ - from)
        return no_such(fmt::format("a tree of {} leaves has no {} from {} on", size_, count, from));
    MOSTY_INVARIANT(from % std::bit_ceil(count) == 0, "a part of a tree begins at a multiple of its width");
    // From the smallest whole subtree at the end to the largest.
    std::optional<Hash> root;
    for (Size rest = count; rest > 0; rest &= rest - 1) {
        const auto height = static_cast<unsigned>(std::countr_zero(rest));
        const Position begin = from + (rest & (rest - 1));
        const auto left = whole_subtree(height, begin >> height);
        if (!left)
            return left;
        root = root ? node_hash(*left, *root) : *left;
    }
    return *root;
}

Result<Frontier, ReadError> frontier_at(const LogReader& log, Size size) {
    if (auto error = beyond(log, size))
        return std::unexpected(std::move(*error));
    Frontier frontier;
    for (unsigned level = tile_levels; level-- > 0;) {
        const std::uint64_t end = hashes_at(level, size);
        const std::size_t width = end % tile_width_max;
        const auto hashes = read_hashes(log, level, end - width, width);
        if (!hashes)
            return std::unexpected(hashes.error());
        for (const Hash& hash : *hashes)
            frontier.add(level * tile_height, hash);
    }
    return frontier;
}

Result<Hash, ReadError> root_at(const LogReader& log, Size size) {
    const auto frontier = frontier_at(log, size);
    if (!frontier)
        return std::unexpected(frontier.error());
    return frontier->root();
}

Proof inclusion_proof(const LogReader& log, Position index, Size size) {
    if (auto error = beyond(log, size))
        return std::unexpected(std::move(*error));
    if (index >= size)
        return no_such(fmt::format("entry {} is not among the first {}", index, size));
    // From the root down to the leaf, and the proof the other way round.
    Nodes nodes(log, size);
    std::vector<Hash> proof;
    for (Position from = 0; size > 1;) {
        const Size left = split_of(size);
        const bool goes_left = index - from < left;
        const auto sibling = goes_left ? nodes.root_of(from + left, size - left) : nodes.root_of(from, left);
        if (!sibling)
            return std::unexpected(sibling.error());
        proof.push_back(*sibling);
        from += goes_left ? 0 : left;
        size = goes_left ? left : size - left;
    }
    std::ranges::reverse(proof);
    return proof;
}

Proof consistency_proof(const LogReader& log, Size old_size, Size new_size) {
    if (auto error = beyond(log, new_size))
        return std::unexpected(std::move(*error));
    if (old_size > new_size)
        return no_such(fmt::format("{} entries cannot begin {}", old_size, new_size));
    std::vector<Hash> proof;
    if (old_size == 0)
        return proof;
    // From the root down to the subtree that ends the old tree, which is left out where it is all of it.
    Nodes nodes(log, new_size);
    Position from = 0;
    Size size = new_size;
    while (from + size != old_size) {
        const Size left = split_of(size);
        const bool goes_left = old_size - from <= left;
        const auto sibling = goes_left ? nodes.root_of(from + left, size - left) : nodes.root_of(from, left);
        if (!sibling)
            return std::unexpected(sibling.error());
        proof.push_back(*sibling);
        from += goes_left ? 0 : left;
        size = goes_left ? left : size - left;
    }
    if (from > 0) {
        const auto ending = nodes.root_of(from, size);
        if (!ending)
            return std::unexpected(ending.error());
        proof.push_back(*ending);
    }
    std::ranges::reverse(proof);
    return proof;
}

std::size_t tile_width(unsigned level, std::uint64_t number, Size size) {
    const std::uint64_t hashes = hashes_at(level, size);
    const std::uint64_t whole = hashes / tile_width_max;
    if (number < whole)
        return tile_width_max;
    return number == whole ? hashes % tile_width_max : 0;
}

Result<std::string, ReadError> tile(const LogReader& log, unsigned level, std::uint64_t number,
                                    std::size_t width) {
    if (width == 0 || width > tile_width(level, number, log.size()))
        return no_such(fmt::format("there is no tile {} of {} hashes on level {}", number, width, level));
    const auto hashes = read_hashes(log, level, number * tile_width_max, width);
    if (!hashes)
        return std::unexpected(hashes.error());
    std::string bytes;
    bytes.reserve(width * std::tuple_size_v<Hash>);
    for (const Hash& hash : *hashes)
        bytes.append(hash.begin(), hash.end());
    return bytes;
}

Result<std::string, ReadError> entry_bundle(const LogReader& log, std::uint64_t number, std::size_t width) {
    if (width == 0 || width > tile_width(0, number, log.size()))
        return no_such(fmt::format("there is no bundle {} of {} entries", number, width));
    const auto entries = log.read(number * tile_width_max, width);
    if (!entries)
        return std::unexpected(entries.error());
    std::string bytes;
    for (const Entry& entry : *entries) {
        char length[sizeof(std::uint16_t)];
        put_big_endian(length, static_cast<std::uint16_t>(entry.bytes.size()));
        bytes.append(length, sizeof length).append(entry.bytes);
    }
    return bytes;
}

} // namespace mosty::storage::merkle
