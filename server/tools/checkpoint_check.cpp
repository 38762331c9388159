#include "server/tools/checkpoint_check.hpp"

#include "server/audit/keeper.hpp"
#include "storage/merkle/tree.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace mosty::tools {
namespace {

// The key as a log of that origin has it; nothing when the folder has none, as a restored one may.
std::optional<audit::VerifierKey> key_in(const std::filesystem::path& data, const std::string& origin,
                                         Findings& findings) {
    const auto path = data / audit::checkpoint_key_name;
    if (!std::filesystem::exists(path))
        return std::nullopt;
    const auto key = audit::Ed25519Key::open(path);
    if (!key) {
        findings.add("the key of the checkpoints cannot be read: " + key.error());
        return std::nullopt;
    }
    return audit::VerifierKey(origin, audit::SignatureType::ed25519, key->public_key());
}

} // namespace

Result<std::vector<audit::SignedCheckpoint>, storage::OpenError>
kept_checkpoints(const std::filesystem::path& data) {
    std::vector<audit::SignedCheckpoint> kept;
    auto read = audit::read_checkpoints(data / audit::checkpoint_file_name,
                                        [&](const audit::SignedCheckpoint& checkpoint) {
                                            kept.push_back(checkpoint);
                                            return true;
                                        });
    if (!read)
        return std::unexpected(std::move(read.error()));
    return kept;
}

std::string check_checkpoints(const std::filesystem::path& data, const storage::LogReader& log,
                              const std::vector<audit::SignedCheckpoint>& kept, Findings& findings) {
    if (kept.empty()) {
        std::error_code error;
        const auto bytes = std::filesystem::file_size(data / audit::checkpoint_file_name, error);
        if (!error && bytes > 0)
            findings.add(fmt::format("{} is damaged: in its {} bytes there is no whole checkpoint",
                                     audit::checkpoint_file_name, bytes));
        else if (log.size() > 0 && std::filesystem::exists(data / audit::checkpoint_key_name))
            findings.add(fmt::format("what {} signed is not kept: {} is gone or empty",
                                     audit::checkpoint_key_name, audit::checkpoint_file_name));
        return "checkpoints: none";
    }
    const std::string& origin = kept.back().checkpoint.origin;
    const auto key = key_in(data, origin, findings);
    for (const auto& [checkpoint, note] : kept) {
        if (checkpoint.size > log.size()) {
            findings.add(
                fmt::format("{} entries were signed in a checkpoint, the log holds {}: its end is missing",
                            checkpoint.size, log.size()));
            continue;
        }
        const auto root = storage::merkle::root_at(log, checkpoint.size);
        if (!root)
            findings.add("the tree cannot be read: " + root.error().reason);
        else if (*root != checkpoint.root)
            findings.add(
                fmt::format("the tree of the first {} entries is not the one that was signed in a checkpoint",
                            checkpoint.size));
        if (key && checkpoint.origin == origin)
            if (const auto verified = audit::verify_note(note, {&*key, 1}); !verified)
                findings.add(fmt::format("the checkpoint of {} entries: {}", checkpoint.size,
                                         verified.error().sentence));
    }
    return fmt::format("checkpoints: {}, the newest of {} entries{}", kept.size(),
                       kept.back().checkpoint.size,
                       key ? "" : ", their signatures not checked: checkpoint.key is not here");
}

std::vector<storage::merkle::Anchor> signed_anchors(const std::filesystem::path& data, Findings& findings) {
    std::vector<storage::merkle::Anchor> anchors;
    const auto kept = kept_checkpoints(data);
    if (!kept)
        findings.add("the checkpoints are damaged: " + kept.error().sentence);
    if (!kept || kept->empty())
        return anchors;
    std::optional<audit::VerifierKey> key;
    for (const auto& [checkpoint, note] : *kept) {
        if (!key || key->name() != checkpoint.origin)
            key = key_in(data, checkpoint.origin, findings);
        if (!key) {
            findings.add("the checkpoints prove nothing: checkpoint.key is not here");
            return {};
        }
        if (const auto verified = audit::verify_note(note, {&*key, 1}); verified)
            anchors.push_back({"a signed checkpoint", checkpoint.size, checkpoint.root});
        else
            findings.add(
                fmt::format("the checkpoint of {} entries: {}", checkpoint.size, verified.error().sentence));
    }
    return anchors;
}

} // namespace mosty::tools
