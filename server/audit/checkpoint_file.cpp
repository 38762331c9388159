#include "server/audit/checkpoint_file.hpp"

#include "storage/rocksdb/folder.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace mosty::audit {
namespace {

using storage::FileDescriptor;
using storage::OpenError;
using storage::system_failure;

std::string record_of(const SignedCheckpoint& checkpoint) {
    return format_note(checkpoint.note) + '\n';
}

// The length of the record that `bytes` begin with; 0 when none ends there. The text of a checkpoint has
// no empty line, so its note has one.
std::size_t record_length(std::string_view bytes) {
    const auto text_end = bytes.find("\n\n");
    const auto end = text_end == std::string_view::npos ? text_end : bytes.find("\n\n", text_end + 2);
    return end == std::string_view::npos ? 0 : end + 2;
}

Result<std::string, OpenError> read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), {}};
    if (!file.good() && !file.eof())
        return std::unexpected(OpenError{OpenError::Code::io, system_failure("read", path)});
    return bytes;
}

// Calls `see` with each whole record and what it says, and gives the length of all of them.
template <class See>
Result<std::size_t, OpenError> walk(const std::filesystem::path& path, std::string_view bytes, See&& see) {
    std::size_t at = 0;
    std::optional<Checkpoint> before;
    while (const auto length = record_length(bytes.substr(at))) {
        const auto record = bytes.substr(at, length);
        const auto wrong = [&](std::string_view why) {
            return std::unexpected(OpenError{OpenError::Code::corrupted,
                                             fmt::format("{} at byte {}: {}", path.string(), at, why)});
        };
        auto note = parse_note(record.substr(0, record.size() - 1));
        if (!note)
            return wrong(note.error().sentence);
        auto checkpoint = parse_checkpoint(note->text);
        if (!checkpoint)
            return wrong(checkpoint.error().sentence);
        // The same size again only under another origin.
        if (before && (checkpoint->size < before->size ||
                       (checkpoint->size == before->size && checkpoint->origin == before->origin)))
            return wrong("this checkpoint is not of a larger log than the one before it");
        before = *checkpoint;
        if (!see(record, SignedCheckpoint{std::move(*checkpoint), std::move(*note)}))
            break;
        at += length;
    }
    return at;
}

} // namespace

Result<CheckpointFile, OpenError> CheckpointFile::open(const std::filesystem::path& path,
                                                       std::size_t file_bytes_max) {
    CheckpointFile opened(path, file_bytes_max);
    opened.file_ =
        FileDescriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!opened.file_.is_open())
        return std::unexpected(OpenError{OpenError::Code::io, system_failure("open", path)});
    const auto bytes = read_file(path);
    if (!bytes)
        return std::unexpected(bytes.error());
    const auto whole = walk(path, *bytes, [&](std::string_view, SignedCheckpoint checkpoint) {
        opened.newest_ = std::move(checkpoint);
        return true;
    });
    if (!whole)
        return std::unexpected(whole.error());
    opened.bytes_ = *whole;
    if (*whole < bytes->size() && (::ftruncate(opened.file_.number(), static_cast<off_t>(*whole)) != 0 ||
                                   ::fsync(opened.file_.number()) != 0))
        return std::unexpected(OpenError{OpenError::Code::io, system_failure("shorten", path)});
    if (const auto failure = storage::sync_folder(path.parent_path()))
        return std::unexpected(OpenError{OpenError::Code::io, *failure});
    return opened;
}

Result<void, std::string> CheckpointFile::append(const SignedCheckpoint& checkpoint) {
    const std::string record = record_of(checkpoint);
    if (bytes_ + record.size() > bytes_max_)
        if (auto thinned = thin_out(); !thinned)
            return thinned;
    if (auto written = storage::write_synced(file_, record, path_); !written)
        return written;
    bytes_ += record.size();
    newest_ = checkpoint;
    return {};
}

Result<void, std::string> CheckpointFile::thin_out() {
    const auto bytes = read_file(path_);
    if (!bytes)
        return std::unexpected(bytes.error().sentence);
    std::vector<std::string_view> records;
    const auto whole = walk(path_, *bytes, [&](std::string_view record, const SignedCheckpoint&) {
        records.push_back(record);
        return true;
    });
    if (!whole)
        return std::unexpected(whole.error().sentence);
    std::string kept;
    for (std::size_t i = 0; i < records.size(); ++i)
        if (i % 2 == 0 || i + newest_kept >= records.size())
            kept += records[i];

    const std::filesystem::path aside = path_.string() + ".new";
    FileDescriptor file(
        ::open(aside.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!file.is_open())
        return std::unexpected(system_failure("open", aside));
    if (auto written = storage::write_synced(file, kept, aside); !written)
        return written;
    if (::rename(aside.c_str(), path_.c_str()) != 0)
        return std::unexpected(system_failure("replace", path_));
    if (auto failure = storage::sync_folder(path_.parent_path()))
        return std::unexpected(*failure);
    file_ = std::move(file);
    bytes_ = kept.size();
    return {};
}

Result<void, OpenError> read_checkpoints(const std::filesystem::path& path,
                                         const std::function<bool(const SignedCheckpoint&)>& see) {
    if (!std::filesystem::exists(path))
        return {};
    const auto bytes = read_file(path);
    if (!bytes)
        return std::unexpected(bytes.error());
    const auto read = walk(
        path, *bytes, [&](std::string_view, const SignedCheckpoint& checkpoint) { return see(checkpoint); });
    if (!read)
        return std::unexpected(read.error());
    return {};
}

} // namespace mosty::audit
