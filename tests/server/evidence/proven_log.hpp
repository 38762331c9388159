#pragma once

#include "server/audit/checkpoint.hpp"
#include "server/audit/ed25519.hpp"
#include "server/evidence/bundle.hpp"
#include "storage/memory/memory_event_log.hpp"
#include "tests/server/projections/history.hpp"
#include "tests/server/projections/random_history.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace mosty::test {

// A log that can be signed at any size, and bundles of what it holds.
class ProvenLog {
public:
    explicit ProvenLog(const History& history);

    evidence::Bundle bundle(const std::string& stream, Size size, Size at) const;
    // Signs anew whatever the bundle says: as somebody could who has the key.
    void sign(evidence::Bundle& bundle, const storage::merkle::Hash& root) const;

    const audit::VerifierKey& key() const { return key_; }
    const History& history() const { return history_; }

    storage::MemoryEventLog log;

private:
    const History& history_;
    audit::Ed25519Key secret_ = audit::Ed25519Key::from_seed("0123456789abcdef0123456789abcdef");
    audit::VerifierKey key_{"bridges.example", audit::SignatureType::ed25519, secret_.public_key()};
};

// The proposals of a history that have texts, by stream, in order.
std::vector<std::string> proposals_in(const History& history);

} // namespace mosty::test
