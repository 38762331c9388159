#include "server/audit/keeper.hpp"

#include "storage/merkle/proof.hpp"
#include "storage/merkle/tree.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <utility>

namespace mosty::audit {
namespace {

using storage::OpenError;
namespace merkle = storage::merkle;

// Why the log does not continue what was signed last.
std::optional<OpenError> contradiction(const storage::LogReader& log, const SignedCheckpoint& newest) {
    const auto& [origin, size, root, extensions] = newest.checkpoint;
    if (log.size() < size)
        return OpenError{OpenError::Code::missing_acknowledged,
                         fmt::format("the log has {} entries, but {} of them were signed and shown in a "
                                     "checkpoint: its end is missing",
                                     log.size(), size)};
    const auto stored = merkle::root_at(log, size);
    if (!stored)
        return OpenError{OpenError::Code::corrupted, "the tree cannot be read: " + stored.error().reason};
    if (*stored != root)
        return OpenError{OpenError::Code::missing_acknowledged,
                         fmt::format("the log's first {} entries are not those that were signed in a "
                                     "checkpoint: some were changed or replaced",
                                     size)};
    return std::nullopt;
}

} // namespace

std::string default_origin(const std::string& log_id) {
    return "mosty.invalid/" + log_id;
}

Result<std::optional<SignedCheckpoint>, OpenError> newest_checkpoint(const std::filesystem::path& data) {
    std::optional<SignedCheckpoint> newest;
    auto read = read_checkpoints(data / checkpoint_file_name, [&](const SignedCheckpoint& checkpoint) {
        newest = checkpoint;
        return true;
    });
    if (!read)
        return std::unexpected(std::move(read.error()));
    return newest;
}

Result<void, OpenError> check_continues(const storage::LogReader& log,
                                        const std::optional<SignedCheckpoint>& newest) {
    if (newest)
        if (auto wrong = contradiction(log, *newest))
            return std::unexpected(std::move(*wrong));
    return {};
}

Result<CheckpointKeeper, OpenError> CheckpointKeeper::open(const std::filesystem::path& data,
                                                           const storage::LogReader& log, std::string origin,
                                                           std::size_t file_bytes_max) {
    auto file = CheckpointFile::open(data / checkpoint_file_name, file_bytes_max);
    if (!file)
        return std::unexpected(file.error());
    const auto& newest = file->newest();
    const auto key_path = data / checkpoint_key_name;
    const bool had_key = std::filesystem::exists(key_path);
    if (newest && !had_key && newest->checkpoint.origin == origin)
        return std::unexpected(
            OpenError{OpenError::Code::corrupted,
                      fmt::format("{} is missing, with which the checkpoints of {} were signed: put it back, "
                                  "or give the log another origin",
                                  key_path.string(), origin)});
    auto key = Ed25519Key::open(key_path);
    if (!key)
        return std::unexpected(OpenError{OpenError::Code::io, key.error()});

    if (!newest && had_key && log.size() > 0)
        spdlog::warn(
            "{} holds no checkpoint though {} has signed before: whether the log is the one that was "
            "signed can no longer be told from them, only from what auditors and witnesses keep",
            (data / checkpoint_file_name).string(), key_path.string());
    if (newest && had_key) {
        const VerifierKey before(newest->checkpoint.origin, SignatureType::ed25519, key->public_key());
        if (!verify_note(newest->note, {&before, 1}))
            return std::unexpected(OpenError{
                OpenError::Code::corrupted,
                fmt::format(
                    "the newest checkpoint in {} was not signed with {}, or one of the two is damaged",
                    (data / checkpoint_file_name).string(), key_path.string())});
    }
    VerifierKey verifier(std::move(origin), SignatureType::ed25519, key->public_key());
    if (newest)
        if (auto wrong = contradiction(log, *newest))
            return std::unexpected(std::move(*wrong));
    return CheckpointKeeper(log, std::move(*key), std::move(verifier), std::move(*file));
}

Result<SignedCheckpoint, CheckpointKeeper::Fault> CheckpointKeeper::sign(Size size) {
    if (fault_)
        return std::unexpected(*fault_);
    if (newest() && newest()->checkpoint.size == size && newest()->checkpoint.origin == verifier_.name())
        return *newest();
    auto next = sign_next(size);
    if (!next)
        fault_ = next.error();
    return next;
}

Result<SignedCheckpoint, CheckpointKeeper::Fault> CheckpointKeeper::sign_next(Size size) {
    const auto unreadable = [](const storage::ReadError& error) {
        return std::unexpected(Fault{Fault::Code::unreadable, "the tree cannot be read: " + error.reason});
    };
    const auto root = merkle::root_at(*log_, size);
    if (!root)
        return unreadable(root.error());
    if (newest()) {
        const auto& before = newest()->checkpoint;
        const auto not_an_extension = std::unexpected(
            Fault{Fault::Code::not_an_extension,
                  fmt::format("the tree of {} entries does not continue the one of {} that was signed before",
                              size, before.size)});
        if (size < before.size)
            return not_an_extension;
        const auto proof = merkle::consistency_proof(*log_, before.size, size);
        if (!proof)
            return unreadable(proof.error());
        if (!merkle::verify_consistency(before.size, size, before.root, *root, *proof))
            return not_an_extension;
    }
    SignedCheckpoint next{{verifier_.name(), size, *root, {}}, {}};
    next.note.text = format_checkpoint(next.checkpoint);
    next.note.signatures.push_back(sign_note(next.note.text, verifier_.name(), key_));
    if (auto kept = file_.append(next); !kept)
        return std::unexpected(Fault{Fault::Code::not_kept, kept.error()});
    return next;
}

} // namespace mosty::audit
