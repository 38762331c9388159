#include "server/backup/check.hpp"

#include "domain/base/invariant.hpp"
#include "storage/merkle/frontier.hpp"
#include "storage/merkle/tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>

namespace mosty::backup {

using storage::merkle::Frontier;
using storage::merkle::Hash;
using storage::merkle::hashes_at;
using storage::merkle::leaf_hash;
using storage::merkle::tile_height;
using storage::merkle::tile_levels;
using storage::merkle::tile_width;
using storage::merkle::tile_width_max;
using storage::merkle::TilePath;

namespace {

std::string positions(Position first, Position last) {
    return first == last ? fmt::format("entry {}", first) : fmt::format("entries {} to {}", first, last);
}

class Check {
public:
    Check(const std::filesystem::path& folder, const Manifest& manifest, const CheckRequest& request)
        : folder_(folder), manifest_(manifest), request_(request) {
        MOSTY_INVARIANT(request.from % tile_width_max == 0, "a check begins with a tile");
    }

    CheckReport run() {
        begin();
        for (std::uint64_t number = request_.from / tile_width_max; number * tile_width_max < manifest_.size;
             ++number) {
            check_tile(number, tile_width(0, number, manifest_.size));
            if (request_.progress)
                request_.progress(by_entries_.size());
        }
        report_.entries_proven = entries_whole_ && by_entries_.root() == manifest_.root;
        tell_damaged_leaves();
        if (!report_.entries_proven && report_.damages_total == 0)
            damage("entries and hashes agree with one another, but not with the root that the backup tells: "
                   "its head, the file “backup”, is not that of these entries");
        return std::move(report_);
    }

private:
    struct Tile {
        std::uint64_t number = 0;
        std::optional<std::vector<Hash>> hashes; // nothing: unreadable, told already
    };

    // The hashes of what precedes `from`, out of the last tile of each level.
    void begin() {
        for (unsigned level = tile_levels; level-- > 0;) {
            const std::uint64_t end = hashes_at(level, request_.from);
            const std::size_t width = end % tile_width_max;
            if (width == 0)
                continue;
            const auto* hashes = tile(level, end / tile_width_max);
            for (std::size_t i = 0; i < width; ++i) {
                const Hash hash = hashes ? (*hashes)[i] : Hash{};
                by_entries_.add(level * tile_height, hash);
                by_hashes_.add(level * tile_height, hash);
            }
        }
        note_root();
    }

    void check_tile(std::uint64_t number, std::size_t width) {
        const Position first = number * tile_width_max;
        const std::string name = format(TilePath{std::nullopt, number, width});
        if (request_.from_disk)
            forget_cached(folder_ / name);
        const auto bundle = read_bundle(folder_, number, width);
        Split split = bundle ? split_entries(*bundle, width) : Split{{}, bundle.error().sentence};
        report_.bytes += bundle ? bundle->size() : 0;
        const auto* hashes = tile(0, number);
        if (!split.fault.empty()) {
            entries_whole_ = false;
            damage(fmt::format("{}: {}: {}", positions(first + split.entries.size(), first + width - 1), name,
                               split.fault));
        }
        for (std::size_t i = 0; i < width; ++i) {
            const std::optional<Hash> stored = hashes ? std::optional((*hashes)[i]) : std::nullopt;
            const std::optional<Hash> own =
                i < split.entries.size() ? std::optional(leaf_hash(split.entries[i])) : std::nullopt;
            if (own && stored && *own != *stored)
                note_difference(first + i);
            add(own ? *own : stored.value_or(Hash{}), stored ? *stored : own.value_or(Hash{}));
        }
    }

    void add(const Hash& own, const Hash& stored) {
        by_hashes_.add(0, stored, [this](unsigned level, std::uint64_t index, const Hash& hash) {
            if (level > 0)
                compare(level, index, hash);
        });
        by_entries_.add(0, own);
        note_root();
    }

    void note_root() {
        while (report_.roots.size() < request_.roots_at.size() &&
               request_.roots_at[report_.roots.size()] == by_entries_.size())
            report_.roots.push_back(by_entries_.root());
    }

    // A hash above the leaves against its tile.
    void compare(unsigned level, std::uint64_t index, const Hash& hash) {
        const auto* hashes = tile(level, index / tile_width_max);
        if (hashes && (*hashes)[index % tile_width_max] != hash)
            damage(fmt::format(
                "hash {} of level {}, in {}, is not that of the hashes below it: {}", index, level,
                format(TilePath{level, index / tile_width_max,
                                tile_width(level, index / tile_width_max, manifest_.size)}),
                positions(index << (level * tile_height), ((index + 1) << (level * tile_height)) - 1)));
    }

    // The tile that is being read of each level is kept.
    const std::vector<Hash>* tile(unsigned level, std::uint64_t number) {
        auto& kept = tiles_[level];
        if (!kept || kept->number != number) {
            const std::size_t width = tile_width(level, number, manifest_.size);
            if (request_.from_disk)
                forget_cached(folder_ / format(TilePath{level, number, width}));
            auto hashes = read_hash_tile(folder_, level, number, width);
            kept = Tile{number, std::nullopt};
            if (hashes)
                kept->hashes = std::move(*hashes);
            else
                damage(fmt::format(
                    "hashes of {}: {}",
                    positions(
                        number << ((level + 1) * tile_height),
                        std::min<Position>((number + 1) << ((level + 1) * tile_height), manifest_.size) - 1),
                    hashes.error()));
        }
        return kept->hashes ? &*kept->hashes : nullptr;
    }

    void note_difference(Position position) {
        ++differences_;
        if (different_.size() < request_.damages_kept_max)
            different_.push_back(position);
    }

    // The root tells on which side the damage is where an entry and its hash differ.
    void tell_damaged_leaves() {
        const bool hashes_proven = by_hashes_.root() == manifest_.root;
        for (const Position position : different_)
            damage(report_.entries_proven
                       ? fmt::format("the stored hash of entry {} is damaged, in {}; the entry is sound",
                                     position, file_of(0, position))
                   : hashes_proven
                       ? fmt::format("entry {} is damaged, in {}", position, file_of(std::nullopt, position))
                       : fmt::format("entry {} and its hash do not agree: {} or {} is damaged", position,
                                     file_of(std::nullopt, position), file_of(0, position)));
        report_.damages_total += differences_ - different_.size();
    }

    // Where an entry, or its hash, stands.
    std::string file_of(std::optional<unsigned> level, Position position) const {
        const std::uint64_t number = position / tile_width_max;
        return format(TilePath{level, number, tile_width(0, number, manifest_.size)});
    }

    void damage(std::string sentence) {
        ++report_.damages_total;
        if (report_.damages.size() < request_.damages_kept_max)
            report_.damages.push_back(std::move(sentence));
    }

    const std::filesystem::path& folder_;
    const Manifest& manifest_;
    const CheckRequest& request_;
    Frontier by_entries_; // from the entries themselves, where they can be read
    Frontier by_hashes_;  // from the stored leaf hashes, where they can be read
    std::array<std::optional<Tile>, tile_levels> tiles_;
    bool entries_whole_ = true;
    std::uint64_t differences_ = 0;
    std::vector<Position> different_;
    CheckReport report_;
};

} // namespace

CheckReport check(const std::filesystem::path& folder, const Manifest& manifest,
                  const CheckRequest& request) {
    return Check(folder, manifest, request).run();
}

} // namespace mosty::backup
