#include "server/witness/house.hpp"

#include "server/sequencing/sha256.hpp"
#include "storage/rocksdb/folder.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace mosty::witness {
namespace {

using storage::FileDescriptor;
using storage::OpenError;
using storage::system_failure;

constexpr auto plain = "text/plain; charset=utf-8";

// Replaces a file in one step that survives a power cut. Nothing on success, otherwise the reason; then the
// old file is still there, or the new one.
std::optional<std::string> replace_file(const std::filesystem::path& path, std::string_view bytes) {
    const std::filesystem::path aside = path.string() + ".new";
    {
        const FileDescriptor file(
            ::open(aside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR));
        if (!file.is_open())
            return system_failure("open", aside);
        if (auto written = storage::write_synced(file, bytes, aside); !written)
            return written.error();
    }
    if (::rename(aside.c_str(), path.c_str()) != 0)
        return system_failure("replace", path);
    return storage::sync_folder(path.parent_path());
}

http::Response refusal(int status, std::string body) {
    return {status, plain, std::move(body), {}};
}

} // namespace

Result<House, OpenError> House::open(const std::filesystem::path& data, std::string name,
                                     std::vector<audit::VerifierKey> logs, Clock clock) {
    if (auto made = storage::make_private_folder(data); !made)
        return std::unexpected(made.error());
    auto lock = storage::lock_folder(data / "lock");
    if (!lock)
        return std::unexpected(lock.error());
    auto key = audit::Ed25519Key::open(data / "witness.key");
    if (!key)
        return std::unexpected(OpenError{OpenError::Code::io, key.error()});
    audit::VerifierKey verifier(std::move(name), audit::SignatureType::cosignature, key->public_key());
    House house(std::move(*lock), std::move(*key), std::move(verifier), std::move(clock));
    for (auto& log : logs)
        if (auto watched = house.watch(data, std::move(log)); !watched)
            return std::unexpected(watched.error());
    return house;
}

Result<void, OpenError> House::watch(const std::filesystem::path& data, audit::VerifierKey key) {
    const std::string origin = key.name();
    Log log{.watched = {.key = std::move(key)},
            .folder = data / sequencing::sha256_hex(origin),
            .checkpoint = {}};
    if (auto made = storage::make_private_folder(log.folder); !made)
        return made;
    const auto path = log.folder / "checkpoint";
    if (std::filesystem::exists(path)) {
        std::ifstream file(path, std::ios::binary);
        log.checkpoint = {std::istreambuf_iterator<char>(file), {}};
        const auto kept = audit::open_checkpoint(log.checkpoint, log.watched.key);
        if (!kept || !audit::verify_note(kept->note, {&verifier_, 1}))
            return std::unexpected(
                OpenError{OpenError::Code::corrupted,
                          fmt::format("{} is not a checkpoint of {} that this witness cosigned",
                                      path.string(), origin)});
        log.watched.size = kept->checkpoint.size;
        log.watched.root = kept->checkpoint.root;
    }
    logs_.insert_or_assign(origin, std::move(log));
    return {};
}

http::Response House::answer(const http::Request& request) {
    if (request.path == "/add-checkpoint")
        return request.method == "POST" ? add_checkpoint(request.body)
                                        : refusal(405, "method_not_allowed: post a checkpoint here\n");
    if (request.method != "GET" && request.method != "HEAD")
        return refusal(405, "method_not_allowed: this can only be read\n");
    return checkpoint_of(request.path);
}

http::Response House::add_checkpoint(const std::string& body) {
    auto request = audit::parse_add_checkpoint(body);
    if (!request)
        return refusal(400, fmt::format("{}: {}\n", name_of(request.error().code), request.error().sentence));
    auto& [checkpoint, note] = request->checkpoint;
    const auto found = logs_.find(checkpoint.origin);
    const bool is_watched = found != logs_.end();
    if (const auto decided = decide_add_checkpoint(is_watched ? &found->second.watched : nullptr, *request);
        !decided) {
        const Refusal& why = decided.error();
        if (why.status == 422)
            spdlog::warn("{} showed a tree of {} entries that does not continue its {}", checkpoint.origin,
                         checkpoint.size, found->second.watched.size);
        return {why.status, std::string{why.content_type}, why.body, {}};
    }

    // Of all signatures only the log's and ours: nobody else's were looked at.
    Log& log = found->second;
    const auto verified = audit::verify_note(note, {&log.watched.key, 1});
    const auto cosignature = audit::cosign_note(note.text, verifier_.name(), key_, clock_());
    std::string kept =
        audit::format_note({note.text, {note.signatures[verified->front().signature], cosignature}});
    if (const auto failure = replace_file(log.folder / "checkpoint", kept)) {
        spdlog::error("a checkpoint could not be kept: {}", *failure);
        return refusal(500, "not_kept: the checkpoint could not be stored\n");
    }
    log.watched.size = checkpoint.size;
    log.watched.root = checkpoint.root;
    log.checkpoint = std::move(kept);
    return {200, plain, audit::format_signature(cosignature), {}};
}

http::Response House::checkpoint_of(const std::string& path) const {
    for (const auto& [origin, log] : logs_)
        if (path == "/" + log.folder.filename().string() + "/checkpoint" && !log.checkpoint.empty())
            return {200, plain, log.checkpoint, {{"Cache-Control", "no-cache"}}};
    return refusal(404, "not_found: there is nothing here\n");
}

} // namespace mosty::witness
