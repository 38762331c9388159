#include "server/tools/provable.hpp"

#include "domain/codec/index_keys.hpp"
#include "storage/rocksdb/rocks_event_log.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

namespace mosty::tools {
namespace {

using storage::merkle::Anchor;
using storage::merkle::Hash;

constexpr std::size_t entries_at_once = 256;

// `position` is beyond all of them.
void extend(std::vector<Provable::Range>& ranges, Position position) {
    if (!ranges.empty() && ranges.back().to == position)
        ++ranges.back().to;
    else
        ranges.push_back({position, position + 1});
}

bool holds(const std::vector<Provable::Range>& ranges, Position position) {
    const auto after = std::ranges::upper_bound(ranges, position, {}, &Provable::Range::from);
    return after != ranges.begin() && position < std::prev(after)->to;
}

// Both ascending, without an entry in common.
std::vector<Provable::Range> merged(const std::vector<Provable::Range>& ranges,
                                    const std::vector<Provable::Range>& others) {
    std::vector<Provable::Range> both, joined;
    std::ranges::merge(ranges, others, std::back_inserter(both), {}, &Provable::Range::from,
                       &Provable::Range::from);
    for (const Provable::Range& range : both) {
        if (!joined.empty() && joined.back().to == range.from)
            joined.back().to = range.to;
        else
            joined.push_back(range);
    }
    return joined;
}

// Of the log's end, what is unsure and beyond `known`.
Provable::Range unknown_end(std::span<const Position> unsure, Size size, Size known) {
    Position from = size;
    while (!unsure.empty() && unsure.back() + 1 == from && from > known) {
        --from;
        unsure = unsure.first(unsure.size() - 1);
    }
    return {from, size};
}

void cut_at(Size size, std::vector<Provable::Range>& ranges) {
    std::erase_if(ranges, [&](const Provable::Range& range) { return range.from >= size; });
    if (!ranges.empty())
        ranges.back().to = std::min<Position>(ranges.back().to, size);
}

// Those beyond what is proven are lost, too.
void judge_unsure(std::span<const Position> unsure, Provable& found) {
    std::vector<Provable::Range> unproven;
    for (const Position position : unsure) {
        if (position >= found.size)
            break;
        if (!holds(found.lost, position))
            extend(position < found.proven ? found.recovered : unproven, position);
    }
    found.lost = merged(found.lost, unproven);
}

class Search {
public:
    Search(const storage::LogReader& log, std::vector<Anchor> anchors)
        : log_(log), tree_(log, std::move(anchors), [this](Position, std::string sentence) {
              found_.findings.add(std::move(sentence));
          }) {}

    Provable run() {
        for (Position from = 0; from < log_.size();) {
            const std::size_t count = std::min<Size>(entries_at_once, log_.size() - from);
            const auto leaves = leaves_of(from, count);
            std::vector<Position> changed;
            if (tree_.is_known())
                changed = tree_.take(leaves);
            for (std::size_t i = 0; i < count; ++i)
                if (!leaves[i] || std::ranges::binary_search(changed, from + i))
                    extend(found_.lost, from + i);
            from += count;
        }
        found_.proven = tree_.proven();
        return std::move(found_);
    }

    bool is_contradicted() const { return tree_.is_contradicted(); }

private:
    std::vector<std::optional<Hash>> leaves_of(Position from, std::size_t count) {
        std::vector<std::optional<Hash>> leaves;
        const auto entries = log_.read(from, count);
        for (std::size_t i = 0; i < count; ++i) {
            if (entries && i < entries->size()) {
                leaves.push_back(leaf_of((*entries)[i]));
                continue;
            }
            const auto alone = log_.read(from + i, 1);
            leaves.push_back(alone && alone->size() == 1 ? leaf_of(alone->front()) : std::nullopt);
        }
        return leaves;
    }

    // What is no event of ours could not be found again in a new log.
    std::optional<Hash> leaf_of(const storage::Entry& entry) {
        if (const auto keys = codec::index_keys_of(entry.bytes); !keys) {
            found_.findings.add(
                fmt::format("entry {} is no event of ours: {}", entry.position, keys.error().what));
            return std::nullopt;
        }
        return storage::merkle::leaf_hash(entry.bytes);
    }

    const storage::LogReader& log_;
    Provable found_;
    storage::merkle::TreeCheck tree_;
};

Result<void, std::string> copy_kept(const storage::LogReader& from, Size size, storage::EventLog& to) {
    while (to.size() < size) {
        auto entries = from.read(to.size(), std::min<Size>(entries_at_once, size - to.size()));
        if (!entries)
            return std::unexpected(entries.error().reason);
        std::vector<storage::NewEntry> batch;
        for (storage::Entry& entry : *entries) {
            auto keys = codec::index_keys_of(entry.bytes);
            if (!keys)
                return std::unexpected(fmt::format("entry {}: {}", entry.position, keys.error().what));
            for (const std::string& key : *keys)
                if (const auto there = to.find(key); !there || *there)
                    return std::unexpected(
                        fmt::format("entry {} has a key that an earlier one has", entry.position));
            batch.push_back({std::move(entry.bytes), std::move(*keys)});
        }
        if (!to.append(batch, to.size()))
            return std::unexpected("the new log cannot be written");
    }
    return {};
}

Result<void, std::string> write_left_out(const storage::LogReader& log, const Provable& provable,
                                         const std::filesystem::path& file, Written& written) {
    std::ofstream stream;
    for (Position position = provable.kept; position < log.size(); ++position) {
        const auto entry = log.read(position, 1);
        if (!entry || entry->empty())
            continue;
        if (!stream.is_open())
            stream.open(file, std::ios::binary);
        boost::json::object line{{"position", position}, {"entry", entry->front().bytes}};
        ++written.left_out;
        if (position >= provable.size || holds(provable.lost, position)) {
            line["proven"] = false;
            ++written.unproven;
        }
        stream << boost::json::serialize(line) << '\n';
    }
    stream.close();
    if (stream.bad())
        return std::unexpected("cannot write " + file.string());
    return {};
}

} // namespace

Size Provable::lost_total() const {
    Size total = 0;
    for (const Range& range : lost)
        total += range.to - range.from;
    return total;
}

Provable find_provable(const storage::LogReader& log, std::vector<Anchor> anchors,
                       std::span<const Position> unsure) {
    Size known = 0;
    for (const Anchor& anchor : anchors)
        known = std::max(known, anchor.size);
    const Provable::Range beyond = unknown_end(unsure, log.size(), known);
    const Size size = std::max(beyond.from, known);
    std::erase_if(anchors, [&](const Anchor& anchor) { return anchor.size > log.size(); });

    Search search(log, std::move(anchors));
    Provable found = search.run();
    found.size = size;
    found.beyond = beyond;
    cut_at(size, found.lost);
    judge_unsure(unsure, found);
    if (log.size() < size)
        found.lost.push_back({log.size(), size});
    found.kept = found.lost.empty() ? size : found.lost.front().from;
    if (search.is_contradicted())
        found.kept = std::min(found.kept, found.proven);
    return found;
}

Result<Written, std::string> write_kept(const storage::LogReader& log, const Provable& provable,
                                        const std::filesystem::path& folder) {
    std::error_code error;
    if (std::filesystem::exists(folder, error) && !std::filesystem::is_empty(folder, error))
        return std::unexpected(folder.string() + " is not empty");
    auto fresh = storage::RocksEventLog::open(folder);
    if (!fresh)
        return std::unexpected(fresh.error().sentence);
    if (auto copied = copy_kept(log, provable.kept, **fresh); !copied)
        return std::unexpected(copied.error());
    Written written{.log_id = (*fresh)->log_id()};
    if (auto kept = write_left_out(log, provable, folder / "left-out.ndjson", written); !kept)
        return std::unexpected(kept.error());
    return written;
}

} // namespace mosty::tools
