#include "storage/rocksdb/encrypt_records.hpp"

#include "storage/rocksdb/folder.hpp"
#include "storage/rocksdb/rocks_record_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fcntl.h>
#include <system_error>
#include <utility>
#include <vector>

namespace mosty::storage {
namespace {

namespace fs = std::filesystem;
using Code = OpenError::Code;
using Done = Result<void, OpenError>;

constexpr std::size_t records_at_once = 1'000;
constexpr std::size_t zeros_bytes = 65'536;

std::unexpected<OpenError> failed(std::string sentence, Code code = Code::io) {
    return std::unexpected(OpenError{code, std::move(sentence)});
}

bool has_store(const fs::path& folder) {
    return fs::exists(folder / "CURRENT");
}

Done rename_synced(const fs::path& from, const fs::path& to) {
    std::error_code error;
    fs::rename(from, to, error);
    if (error)
        return failed(fmt::format("cannot rename {}: {}", from.string(), error.message()));
    if (auto failure = sync_folder(from.parent_path()))
        return failed(std::move(*failure));
    return {};
}

Done remove_synced(const fs::path& folder) {
    std::error_code error;
    if (!fs::exists(folder, error))
        return {};
    fs::remove_all(folder, error);
    if (error)
        return failed(fmt::format("cannot delete {}: {}", folder.string(), error.message()));
    if (auto failure = sync_folder(folder.parent_path()))
        return failed(std::move(*failure));
    return {};
}

// Zeros in place of its bytes, as far as a file system writes where it wrote before.
Done overwrite(const fs::path& path) {
    std::error_code error;
    std::uintmax_t left = fs::file_size(path, error);
    const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
    if (error || !file.is_open())
        return failed(system_failure("open", path));
    const std::string zeros(zeros_bytes, '\0');
    while (left > 0) {
        const auto part = std::min<std::uintmax_t>(left, zeros.size());
        if (auto written = write_synced(file, std::string_view(zeros).substr(0, part), path); !written)
            return failed(std::move(written.error()));
        left -= part;
    }
    return {};
}

fs::path copy_of(const fs::path& folder) {
    return folder.string() + ".encrypted";
}

fs::path clear_of(const fs::path& folder) {
    return folder.string() + ".clear";
}

// The copy is whole as soon as what it was made of has made room for it.
bool is_between_renames(const fs::path& folder) {
    return !has_store(folder) && fs::exists(clear_of(folder)) && has_store(copy_of(folder));
}

class Encryption {
public:
    Encryption(const fs::path& folder, const std::string& key, const SeeStep& see_step)
        : folder_(folder), copy_(copy_of(folder)), clear_(clear_of(folder)), key_(key), see_step_(see_step) {}

    Result<std::optional<std::size_t>, OpenError> run() {
        if (auto ended = end_what_was_begun(); !ended)
            return std::unexpected(std::move(ended.error()));
        const auto kept = RocksRecordStore::kept_as(folder_, key_);
        if (!kept)
            return failed(kept.error());
        if (!*kept || **kept != KeptAs::in_the_clear)
            return std::nullopt;
        const auto records = RocksRecordStore::read(folder_, "");
        if (!records)
            return failed(records.error(), Code::corrupted);
        Done done = copy(*records);
        done = done ? step(rename_synced(folder_, clear_)) : done;
        done = done ? step(rename_synced(copy_, folder_)) : done;
        done = done ? destroy_clear() : done;
        if (!done)
            return std::unexpected(std::move(done.error()));
        return records->size();
    }

private:
    Done step(Done done) const {
        if (done && see_step_)
            see_step_();
        return done;
    }

    Done end_what_was_begun() {
        if (is_between_renames(folder_))
            if (auto renamed = step(rename_synced(copy_, folder_)); !renamed)
                return renamed;
        if (auto removed = step(remove_synced(copy_)); !removed)
            return removed;
        if (!fs::exists(clear_))
            return {};
        const auto kept = RocksRecordStore::kept_as(folder_, key_);
        if (!kept)
            return failed(kept.error());
        if (*kept != KeptAs::under_the_key)
            return failed(
                fmt::format("{} is left of an encryption, and {} is not what came of it: keep under that "
                            "name whichever was in use last, and put the other elsewhere",
                            clear_.string(), folder_.string()));
        return destroy_clear();
    }

    Done copy(const Records& records) {
        {
            auto store = RocksRecordStore::open(copy_, key_);
            if (!store)
                return std::unexpected(std::move(store.error()));
            for (std::size_t from = 0; from < records.size(); from += records_at_once) {
                const std::size_t end = std::min(records.size(), from + records_at_once);
                std::vector<RecordChange> changes;
                for (std::size_t i = from; i < end; ++i)
                    changes.push_back({records[i].first, records[i].second});
                if (auto written = (*store)->write(changes); !written)
                    return failed(std::move(written.error().reason));
                if (auto seen = step({}); !seen)
                    return seen;
            }
        }
        const auto copied = RocksRecordStore::read(copy_, key_);
        if (!copied || *copied != records)
            return failed(fmt::format("{} cannot be read back as it was written{}", copy_.string(),
                                      copied ? "" : ": " + copied.error()));
        if (auto failure = sync_folder(copy_))
            return failed(std::move(*failure));
        return step({});
    }

    Done destroy_clear() {
        std::error_code error;
        std::vector<fs::path> files;
        for (fs::recursive_directory_iterator each(clear_, error), end; !error && each != end;
             each.increment(error))
            if (each->symlink_status().type() == fs::file_type::regular)
                files.push_back(each->path());
        if (error)
            return failed(fmt::format("cannot read {}: {}", clear_.string(), error.message()));
        for (const fs::path& file : files) {
            if (auto overwritten = step(overwrite(file)); !overwritten)
                return overwritten;
            fs::remove(file, error);
            if (error)
                return failed(fmt::format("cannot delete {}: {}", file.string(), error.message()));
        }
        return step(remove_synced(clear_));
    }

    const fs::path folder_, copy_, clear_;
    const std::string& key_;
    const SeeStep& see_step_;
};

} // namespace

Result<std::optional<std::size_t>, OpenError> encrypt_records(const fs::path& folder, const std::string& key,
                                                              const SeeStep& see_step) {
    return Encryption(folder, key, see_step).run();
}

fs::path folder_of_records(const fs::path& folder) {
    return is_between_renames(folder) ? copy_of(folder) : folder;
}

} // namespace mosty::storage
