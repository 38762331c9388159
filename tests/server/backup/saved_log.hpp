#pragma once

#include "server/audit/checkpoint.hpp"
#include "server/audit/ed25519.hpp"
#include "server/backup/write.hpp"
#include "storage/memory/memory_event_log.hpp"
#include "tests/server/projections/random_history.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

namespace mosty::test {

// A log of random events that grows, and a backup of it.
class SavedLog {
public:
    explicit SavedLog(std::uint64_t seed) : history_(seed) {}

    void grow_to(Size size);
    // Signs the log as it is now.
    void sign();

    Result<backup::Written, backup::Fault> save(const std::function<void(Size)>& progress = nullptr);
    backup::Manifest saved(); // which must succeed
    backup::Manifest manifest() const;

    const std::filesystem::path& folder() const { return folder_.path(); }
    const std::string& bytes(Position position) const { return history_.history().bytes()[position]; }
    const audit::VerifierKey& key() const { return key_; }

    storage::MemoryEventLog log;
    backup::SignedHeads heads;

private:
    RandomHistory history_;
    storage::TemporaryFolder folder_;
    audit::Ed25519Key secret_ = audit::Ed25519Key::from_seed("0123456789abcdef0123456789abcdef");
    audit::VerifierKey key_{"bridges.example", audit::SignatureType::ed25519, secret_.public_key()};
};

audit::SignedCheckpoint signed_checkpoint(const std::string& origin, Size size,
                                          const storage::merkle::Hash& root, const audit::Ed25519Key& key);

// Every file below the folder with its content, by its name there.
std::map<std::string, std::string> files_in(const std::filesystem::path& folder);

void write_bytes(const std::filesystem::path& file, const std::string& bytes);

} // namespace mosty::test
