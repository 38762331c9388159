#pragma once

#include "server/audit/checkpoint_file.hpp"
#include "storage/log_reader.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace mosty::audit {

inline constexpr const char* checkpoint_key_name = "checkpoint.key";
inline constexpr const char* checkpoint_file_name = "checkpoints";

// The origin of a log whose settings name none: it says which log it is, and that nobody is there to be
// asked.
std::string default_origin(const std::string& log_id);

// The newest checkpoint in DIR/checkpoints; nothing when there is none.
Result<std::optional<SignedCheckpoint>, storage::OpenError>
newest_checkpoint(const std::filesystem::path& data);

// Refuses a log that is shorter than what was signed last, or has another history, with
// `missing_acknowledged`: whoever is about to add to it, or to tell what it holds, must ask first.
Result<void, storage::OpenError> check_continues(const storage::LogReader& log,
                                                 const std::optional<SignedCheckpoint>& newest);

// Signs the heads of a log's tree, each only when it provably continues the one signed before, and keeps
// what it signed in the data folder before anybody may see it.
//
// Threads: one at a time; the log may grow meanwhile.
class CheckpointKeeper {
public:
    // Opens DIR/checkpoint.key and DIR/checkpoints, or makes them. `missing_acknowledged` when the log is
    // shorter than the newest checkpoint or has another history. `corrupted` when the newest checkpoint is
    // not signed by this key: it is damaged, or the key is another. A key that is missing beside
    // checkpoints of this origin is `corrupted` too: a new one is made only under a new origin.
    static Result<CheckpointKeeper, storage::OpenError>
    open(const std::filesystem::path& data, const storage::LogReader& log, std::string origin,
         std::size_t file_bytes_max = CheckpointFile::bytes_max);

    struct Fault {
        enum class Code {
            not_an_extension, // the tree contradicts what was signed before: the storage is damaged
            unreadable,       // the tree could not be read
            not_kept,         // the checkpoint may or may not be in the file: open it again
        };
        Code code = Code::unreadable;
        std::string sentence;
    };

    // Signs the tree of the log's first `size` entries, which are durable, and keeps it. The newest
    // checkpoint again when it is of that size. After a fault nothing more is signed.
    Result<SignedCheckpoint, Fault> sign(Size size);

    const std::optional<SignedCheckpoint>& newest() const { return file_.newest(); }
    const VerifierKey& key() const { return verifier_; }

private:
    CheckpointKeeper(const storage::LogReader& log, Ed25519Key key, VerifierKey verifier, CheckpointFile file)
        : log_(&log), key_(std::move(key)), verifier_(std::move(verifier)), file_(std::move(file)) {}

    Result<SignedCheckpoint, Fault> sign_next(Size size);

    const storage::LogReader* log_;
    Ed25519Key key_;
    VerifierKey verifier_;
    CheckpointFile file_;
    std::optional<Fault> fault_;
};

} // namespace mosty::audit
