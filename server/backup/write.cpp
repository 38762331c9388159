#include "server/backup/write.hpp"

#include "domain/base/invariant.hpp"
#include "server/backup/check.hpp"
#include "storage/merkle/frontier.hpp"
#include "storage/merkle/tree.hpp"
#include "storage/rocksdb/folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace mosty::backup {

using storage::merkle::Hash;
using storage::merkle::hashes_at;
using storage::merkle::tile_levels;
using storage::merkle::tile_width;
using storage::merkle::tile_width_max;
using storage::merkle::TilePath;
using Code = Fault::Code;

namespace {

std::unexpected<Fault> fault(Code code, std::string sentence) {
    return std::unexpected(Fault{code, std::move(sentence)});
}

class Writing {
public:
    Writing(const storage::LogReader& log, Size size, const std::filesystem::path& folder,
            const std::function<void(Size)>& progress)
        : log_(log), size_(size), folder_(folder), progress_(progress) {}

    Result<void, Fault> find_before() {
        auto manifest = read_manifest(folder_);
        if (!manifest)
            return fault(Code::damaged, manifest.error());
        before = std::move(*manifest);
        if (!before)
            return refuse_strangers();
        if (before->size > size_)
            return fault(Code::foreign,
                         fmt::format("{} holds {} entries, the log only {}: it is of another log, or the log "
                                     "has lost its end",
                                     folder_.string(), before->size, size_));
        const auto root = storage::merkle::root_at(log_, before->size);
        if (!root)
            return fault(Code::failed, root.error().reason);
        if (*root != before->root)
            return fault(Code::foreign,
                         fmt::format("the {} entries in {} are not the first of this log: it is a backup of "
                                     "log {}",
                                     before->size, folder_.string(), before->log_id));
        return {};
    }

    // The first entry whose tile is new or has grown.
    Position first_new() const { return before ? before->size - before->size % tile_width_max : 0; }

    Result<void, Fault> copy() {
        const Size size_before = before ? before->size : 0;
        for (std::uint64_t number = first_new() / tile_width_max; number * tile_width_max < size_; ++number) {
            const std::size_t width = tile_width(0, number, size_);
            if (width == tile_width(0, number, size_before))
                continue;
            auto bundle = bundle_of(number, width);
            if (!bundle)
                return std::unexpected(bundle.error());
            if (auto put = put_tile({std::nullopt, number, width}, *bundle); !put)
                return put;
            if (progress_)
                progress_(std::min<Size>(size_, (number + 1) * tile_width_max));
        }
        for (unsigned level = 0; level < tile_levels; ++level)
            if (auto copied = copy_hashes(level, size_before); !copied)
                return copied;
        for (const auto& folder : touched_)
            if (auto failure = storage::sync_folder(folder))
                return fault(Code::failed, *failure);
        return {};
    }

    // A file of its own for each content, so that the one before stays with the backup before.
    Result<void, Fault> put_checkpoints(const std::string& name, const std::string& content) {
        std::error_code ignored;
        if (name.empty() || std::filesystem::exists(folder_ / name, ignored))
            return {};
        if (auto written = write_file(folder_ / name, content); !written)
            return fault(Code::failed, written.error());
        bytes += content.size();
        ++files;
        return {};
    }

    Result<void, Fault> read_back(const Manifest& manifest) {
        const auto report = check(folder_, manifest,
                                  {.from = 0, // what was written long ago may have rotted since
                                   .roots_at = {},
                                   .progress =
                                       [this](Size checked) {
                                           if (progress_)
                                               progress_(size_ + checked);
                                       },
                                   .from_disk = true});
        if (report.is_sound())
            return {};
        return fault(Code::damaged,
                     fmt::format("{} does not read back whole: {}. Begin another backup in a new folder",
                                 folder_.string(), report.damages.front()));
    }

    Result<void, Fault> read_back_checkpoints(const std::string& name, const std::string& content) {
        if (name.empty())
            return {};
        forget_cached(folder_ / name);
        const auto read = read_file(folder_ / name, content.size());
        if (read && *read == content)
            return {};
        std::error_code ignored;
        std::filesystem::remove(folder_ / name, ignored); // so that the next run writes it anew
        return fault(Code::damaged, fmt::format("{} does not read back", (folder_ / name).string()));
    }

    Result<void, Fault> name(const Manifest& manifest) {
        if (auto named = write_file(folder_ / manifest_name, format(manifest)); !named)
            return fault(Code::failed, named.error());
        if (auto failure = storage::sync_folder(folder_))
            return fault(Code::failed, *failure);
        return {};
    }

    // Tiles that have grown leave their smaller ones behind; so does a run that was cut short.
    void remove_outgrown(const std::string& checkpoints) const {
        std::error_code error;
        for (const auto& file : std::filesystem::directory_iterator(folder_, error))
            if (const auto name = file.path().filename().string();
                name.starts_with("checkpoints-") && name != checkpoints)
                std::filesystem::remove(file.path(), error);
        for (const auto& folder : grown_) {
            std::error_code ignored;
            for (const auto& file : std::filesystem::directory_iterator(folder, ignored))
                if (!kept_.contains(file.path()))
                    std::filesystem::remove(file.path(), ignored);
            std::filesystem::remove(folder, ignored); // when nothing is left in it
        }
    }

    std::optional<Manifest> before;
    std::uint64_t bytes = 0;
    std::uint64_t files = 0;

private:
    // A folder without a backup must have nothing in it but what a first one that was cut short has left.
    Result<void, Fault> refuse_strangers() const {
        std::error_code error;
        for (const auto& file : std::filesystem::directory_iterator(folder_, error)) {
            const auto name = file.path().filename().string();
            if (name != "lock" && name != "tile" && name != std::string(manifest_name) + ".new" &&
                !name.starts_with("checkpoints-"))
                return fault(Code::foreign,
                             fmt::format("{} holds {}, which is no part of a backup: name a new "
                                         "or an empty folder",
                                         folder_.string(), name));
        }
        if (error)
            return fault(Code::failed, fmt::format("cannot read {}: {}", folder_.string(), error.message()));
        return {};
    }

    // The entries as their file has them, each compared with the hash that the log keeps of it.
    Result<std::string, Fault> bundle_of(std::uint64_t number, std::size_t width) const {
        const Position first = number * tile_width_max;
        const auto entries = log_.read(first, width);
        const auto leaves = log_.leaf_hashes(first, width);
        if (!entries || !leaves)
            return fault(Code::failed, entries ? leaves.error().reason : entries.error().reason);
        if (entries->size() != width || leaves->size() != width)
            return fault(Code::failed, fmt::format("the log ends before {}", first + width));
        std::string bundle;
        for (std::size_t i = 0; i < width; ++i) {
            if (storage::merkle::leaf_hash((*entries)[i].bytes) != (*leaves)[i])
                return fault(Code::damaged,
                             fmt::format("entry {} of the log is not the one that was recorded: mosty verify "
                                         "tells more. The backup before is as it was",
                                         first + i));
            append_entry(bundle, (*entries)[i].bytes);
        }
        return bundle;
    }

    Result<void, Fault> copy_hashes(unsigned level, Size size_before) {
        const std::uint64_t begin = hashes_at(level, size_before) / tile_width_max;
        for (std::uint64_t number = begin; tile_width(level, number, size_) > 0; ++number) {
            const std::size_t width = tile_width(level, number, size_);
            if (width == tile_width(level, number, size_before))
                continue;
            const auto tile = storage::merkle::tile(log_, level, number, width);
            if (!tile)
                return fault(Code::failed, tile.error().reason);
            if (auto put = put_tile({level, number, width}, *tile); !put)
                return put;
        }
        return {};
    }

    Result<void, Fault> put_tile(const TilePath& tile, std::string_view content) {
        const auto path = folder_ / format(tile);
        const auto parent = path.parent_path();
        if (touched_.insert(parent).second)
            if (auto made = storage::make_private_folder(parent); !made)
                return fault(Code::failed, made.error().sentence);
        if (auto written = write_file(path, content); !written)
            return fault(Code::failed, written.error());
        bytes += content.size();
        ++files;
        note_grown(tile, path);
        return {};
    }

    // The folder of a tile's partial files holds at most the one that is named now.
    void note_grown(const TilePath& tile, const std::filesystem::path& path) {
        const bool is_partial = tile.width < tile_width_max;
        grown_.insert(is_partial ? path.parent_path() : std::filesystem::path(path.string() + ".p"));
        if (is_partial)
            kept_.insert(path);
    }

    const storage::LogReader& log_;
    const Size size_;
    const std::filesystem::path& folder_;
    const std::function<void(Size)>& progress_;
    std::set<std::filesystem::path> touched_; // folders with new names
    std::set<std::filesystem::path> grown_;   // folders of partial tiles
    std::set<std::filesystem::path> kept_;    // files in them
};

} // namespace

Result<Written, Fault> write(const storage::LogReader& log, Size size, const SignedHeads& heads,
                             const std::filesystem::path& folder, std::string time,
                             const std::function<void(Size)>& progress) {
    MOSTY_INVARIANT(size <= log.size(), "only what is in the log can be saved");
    if (auto made = storage::make_private_folder(folder); !made)
        return fault(Code::failed, made.error().sentence);
    const auto lock = storage::lock_folder(folder / "lock");
    if (!lock && lock.error().code == storage::OpenError::Code::locked)
        return fault(Code::in_use, fmt::format("another backup into {} is under way", folder.string()));
    if (!lock)
        return fault(Code::failed, lock.error().sentence);

    Writing writing(log, size, folder, progress);
    if (auto found = writing.find_before(); !found)
        return std::unexpected(found.error());
    const auto root = storage::merkle::root_at(log, size);
    if (!root)
        return fault(Code::failed, root.error().reason);
    const bool has_heads = !heads.checkpoints.empty();
    const Manifest manifest{log.log_id(), size,
                            *root,        std::move(time),
                            heads.key,    has_heads ? to_hex(storage::sha256(heads.checkpoints)) : ""};
    const std::string checkpoints = has_heads ? checkpoints_name(manifest.checkpoints) : "";
    if (auto put = writing.put_checkpoints(checkpoints, heads.checkpoints); !put)
        return std::unexpected(put.error());
    if (auto copied = writing.copy(); !copied)
        return std::unexpected(copied.error());
    if (auto same = writing.read_back(manifest); !same)
        return std::unexpected(same.error());
    if (auto same = writing.read_back_checkpoints(checkpoints, heads.checkpoints); !same)
        return std::unexpected(same.error());
    if (auto named = writing.name(manifest); !named)
        return std::unexpected(named.error());
    writing.remove_outgrown(checkpoints);
    return Written{std::move(writing.before), manifest, writing.bytes, writing.files};
}

} // namespace mosty::backup
