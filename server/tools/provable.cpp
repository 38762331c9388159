#include "server/tools/provable.hpp"

#include "domain/codec/index_keys.hpp"
#include "storage/rocksdb/rocks_event_log.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <utility>

namespace mosty::tools {
namespace {

using storage::merkle::Anchor;
using storage::merkle::Hash;

constexpr std::size_t entries_at_once = 256;

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
                    lose(from + i, from + i + 1);
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

    void lose(Position from, Position to) {
        if (!found_.lost.empty() && found_.lost.back().to == from)
            found_.lost.back().to = to;
        else
            found_.lost.push_back({from, to});
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

Result<void, std::string> write_left_out(const storage::LogReader& log, Position from,
                                         const std::filesystem::path& file) {
    std::ofstream stream;
    for (; from < log.size(); ++from) {
        const auto entry = log.read(from, 1);
        if (!entry || entry->empty())
            continue;
        if (!stream.is_open())
            stream.open(file, std::ios::binary);
        stream << boost::json::serialize(
                      boost::json::object{{"position", from}, {"entry", entry->front().bytes}})
               << '\n';
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

Provable find_provable(const storage::LogReader& log, std::vector<Anchor> anchors) {
    Size size = log.size();
    for (const Anchor& anchor : anchors)
        size = std::max(size, anchor.size);
    std::erase_if(anchors, [&](const Anchor& anchor) { return anchor.size > log.size(); });

    Search search(log, std::move(anchors));
    Provable found = search.run();
    found.size = size;
    if (log.size() < size)
        found.lost.push_back({log.size(), size});
    found.kept = found.lost.empty() ? size : found.lost.front().from;
    if (search.is_contradicted())
        found.kept = std::min(found.kept, found.proven);
    return found;
}

Result<std::string, std::string> write_kept(const storage::LogReader& log, const Provable& provable,
                                            const std::filesystem::path& folder) {
    std::error_code error;
    if (std::filesystem::exists(folder, error) && !std::filesystem::is_empty(folder, error))
        return std::unexpected(folder.string() + " is not empty");
    auto fresh = storage::RocksEventLog::open(folder);
    if (!fresh)
        return std::unexpected(fresh.error().sentence);
    if (auto copied = copy_kept(log, provable.kept, **fresh); !copied)
        return std::unexpected(copied.error());
    if (auto written = write_left_out(log, provable.kept, folder / "left-out.ndjson"); !written)
        return std::unexpected(written.error());
    return (*fresh)->log_id();
}

} // namespace mosty::tools
