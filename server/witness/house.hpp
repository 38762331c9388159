#pragma once

#include "server/http/message.hpp"
#include "server/witness/decide.hpp"
#include "storage/rocksdb/file_descriptor.hpp"
#include "storage/rocksdb/open_error.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace mosty::witness {

// A witness: its key, and of each log that it watches the checkpoint that it cosigned last. In a folder:
//
//   DIR/lock                           held while it is open
//   DIR/witness.key                    the seed of its key, 0600
//   DIR/<sha256 of origin>/checkpoint  a log's newest checkpoint with both signatures: what is served, and
//                                      all that is remembered
//
// Threads: one at a time. That is what makes comparing and keeping one step.
class House {
public:
    // Seconds since 1970.
    using Clock = std::function<std::int64_t()>;

    // Opens the folder or makes it. `corrupted` when a checkpoint that is kept there is not the log's and
    // this witness' own. Logs without a checkpoint begin with none; logs that are not named here any more
    // keep their files.
    static Result<House, storage::OpenError> open(const std::filesystem::path& data, std::string name,
                                                  std::vector<audit::VerifierKey> logs, Clock clock);

    // POST /add-checkpoint and GET /<sha256 of origin>/checkpoint. A checkpoint is on disk before its
    // cosignature leaves.
    http::Response answer(const http::Request& request);

    const audit::VerifierKey& key() const { return verifier_; }

private:
    struct Log {
        WatchedLog watched;
        std::filesystem::path folder;
        std::string checkpoint; // as served; empty: none yet
    };

    House(storage::FileDescriptor lock, audit::Ed25519Key key, audit::VerifierKey verifier, Clock clock)
        : lock_(std::move(lock)), key_(std::move(key)), verifier_(std::move(verifier)),
          clock_(std::move(clock)) {}

    Result<void, storage::OpenError> watch(const std::filesystem::path& data, audit::VerifierKey key);
    http::Response add_checkpoint(const std::string& body);
    http::Response checkpoint_of(const std::string& path) const;

    storage::FileDescriptor lock_;
    audit::Ed25519Key key_;
    audit::VerifierKey verifier_;
    Clock clock_;
    std::map<std::string, Log> logs_; // by origin
};

} // namespace mosty::witness
