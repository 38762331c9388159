#include "server/backup/heads.hpp"

#include "server/audit/checkpoint_file.hpp"
#include "server/audit/ed25519.hpp"
#include "server/audit/keeper.hpp"

#include <fmt/format.h>

namespace mosty::backup {
namespace {

// All checkpoints of a file of one data folder.
Result<std::vector<audit::SignedCheckpoint>, std::string> read_all(const std::filesystem::path& path,
                                                                   Size size_max) {
    std::vector<audit::SignedCheckpoint> checkpoints;
    const auto read = audit::read_checkpoints(path, [&](const audit::SignedCheckpoint& checkpoint) {
        if (checkpoint.checkpoint.size > size_max)
            return false;
        checkpoints.push_back(checkpoint);
        return true;
    });
    if (!read)
        return std::unexpected(read.error().sentence);
    return checkpoints;
}

} // namespace

SignedHeads Heads::as_bytes() const {
    SignedHeads bytes;
    if (key)
        bytes.key = key->text();
    for (const audit::SignedCheckpoint& checkpoint : checkpoints)
        bytes.checkpoints += audit::format_note(checkpoint.note) + '\n';
    return bytes;
}

Result<Heads, std::string> heads_of_data(const std::filesystem::path& data, Size size) {
    auto checkpoints = read_all(data / audit::checkpoint_file_name, size);
    if (!checkpoints)
        return std::unexpected(checkpoints.error());
    Heads heads{std::move(*checkpoints), std::nullopt};
    const auto key_file = data / audit::checkpoint_key_name;
    std::error_code ignored;
    if (heads.checkpoints.empty() || !std::filesystem::exists(key_file, ignored))
        return heads;
    const auto key = audit::Ed25519Key::open(key_file);
    if (!key)
        return std::unexpected(key.error());
    const auto& newest = heads.checkpoints.back();
    audit::VerifierKey verifier(newest.checkpoint.origin, audit::SignatureType::ed25519, key->public_key());
    if (audit::verify_note(newest.note, {&verifier, 1}))
        heads.key = std::move(verifier);
    return heads;
}

Result<Heads, std::string> heads_of_backup(const std::filesystem::path& folder, const Manifest& manifest) {
    Heads heads;
    if (!manifest.key.empty()) {
        auto key = audit::VerifierKey::parse(manifest.key);
        if (!key)
            return std::unexpected("the key in the backup: " + key.error().sentence);
        heads.key = std::move(*key);
    }
    if (manifest.checkpoints.empty())
        return heads;
    const auto path = folder / checkpoints_name(manifest.checkpoints);
    const auto bytes = read_file(path, audit::CheckpointFile::bytes_max);
    if (!bytes)
        return std::unexpected(bytes.error().sentence);
    if (to_hex(storage::sha256(*bytes)) != manifest.checkpoints)
        return std::unexpected(fmt::format("{} is damaged: it does not have its hash", path.string()));
    auto checkpoints = read_all(path, manifest.size);
    if (!checkpoints)
        return std::unexpected(checkpoints.error());
    heads.checkpoints = std::move(*checkpoints);
    if (heads.key && !heads.checkpoints.empty())
        if (auto opened =
                audit::open_checkpoint(audit::format_note(heads.checkpoints.back().note), *heads.key);
            !opened)
            return std::unexpected("the newest checkpoint in the backup: " + opened.error().sentence);
    return heads;
}

} // namespace mosty::backup
