#include "server/backup/restore.hpp"

#include "domain/base/invariant.hpp"
#include "domain/codec/index_keys.hpp"
#include "storage/merkle/frontier.hpp"
#include "storage/merkle/tree.hpp"

#include <fmt/format.h>

#include <set>

namespace mosty::backup {

using storage::merkle::tile_width;
using storage::merkle::tile_width_max;
using Code = Fault::Code;

namespace {

constexpr std::size_t batch_entries = 2'048;

std::unexpected<Fault> fault(Code code, std::string sentence) {
    return std::unexpected(Fault{code, std::move(sentence)});
}

class Filling {
public:
    explicit Filling(storage::EventLog& log) : log_(log) {}

    Result<void, Fault> add(std::string_view entry) {
        if (batch_.size() == batch_entries || bytes_ + entry.size() > log_.limits().batch_bytes_max)
            if (auto appended = flush(); !appended)
                return appended;
        const Position position = log_.size() + batch_.size();
        auto keys = codec::index_keys_of(entry);
        if (!keys)
            return fault(Code::damaged, fmt::format("entry {} is as it was saved, but no event of ours: {}",
                                                    position, keys.error().what));
        for (const auto& key : *keys) {
            const auto earlier = log_.find(key);
            if (!earlier)
                return fault(Code::failed, earlier.error().reason);
            if (*earlier || !keys_.insert(key).second)
                return fault(Code::damaged,
                             fmt::format("entry {} repeats what an entry before it has recorded: this is no "
                                         "log of ours",
                                         position));
        }
        bytes_ += entry.size();
        batch_.push_back({std::string(entry), std::move(*keys)});
        return {};
    }

    Result<void, Fault> flush() {
        if (auto appended = log_.append(batch_, log_.size()); !appended)
            return fault(Code::failed, fmt::format("entries from {} on cannot be written: is there room "
                                                   "enough on the disk?",
                                                   log_.size()));
        batch_.clear();
        keys_.clear();
        bytes_ = 0;
        return {};
    }

private:
    storage::EventLog& log_;
    std::vector<storage::NewEntry> batch_;
    std::set<storage::IndexKey> keys_; // of the batch
    std::size_t bytes_ = 0;
};

} // namespace

Result<void, Fault> restore(const std::filesystem::path& folder, const Manifest& manifest,
                            storage::EventLog& into, const std::function<void(Size)>& progress) {
    MOSTY_INVARIANT(into.size() == 0, "a backup is restored into an empty log");
    Filling filling(into);
    for (std::uint64_t number = 0; number * tile_width_max < manifest.size; ++number) {
        const std::size_t width = tile_width(0, number, manifest.size);
        const auto bundle = read_bundle(folder, number, width);
        if (!bundle)
            return fault(Code::failed, bundle.error().sentence);
        const Split split = split_entries(*bundle, width);
        if (!split.fault.empty())
            return fault(Code::damaged, split.fault);
        for (const std::string_view entry : split.entries)
            if (auto added = filling.add(entry); !added)
                return added;
        if (progress)
            progress(into.size());
    }
    if (auto flushed = filling.flush(); !flushed)
        return flushed;
    const auto root = storage::merkle::root_at(into, manifest.size);
    if (!root)
        return fault(Code::failed, root.error().reason);
    if (*root != manifest.root)
        return fault(Code::damaged, "the restored log does not have the root that the backup tells");
    return {};
}

} // namespace mosty::backup
