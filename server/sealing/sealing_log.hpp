#pragma once

#include "server/sealing/entry_sealing.hpp"
#include "server/sealing/key_store.hpp"
#include "storage/event_log.hpp"

#include <memory>
#include <string>

namespace mosty::sealing {

// A log that seals what it appends and opens what it reads: whoever decides and folds sees plain entries, the
// log below holds sealed ones. Which events are sealed is a property of their types; each stream has a key of
// its own, and each place of critical infrastructure one for each audience (codec/sealing_owners.hpp), made
// and synced before the first entry under it.
//
// Once an event is durable by which a stream is erased or redacted, or a place erased, and before the append
// returns, the keys are destroyed under which its earlier events were sealed. A crash between the two is made
// good by open().
//
// Threads: as of an EventLog. The log below and the store outlive it, and nobody else writes to them.
class SealingLog final : public storage::EventLog {
public:
    // Ends every erasure that was recorded and not ended. The error is a sentence.
    static Result<std::unique_ptr<SealingLog>, std::string> open(storage::EventLog& stored, KeyStore& keys);

    Result<void, storage::AppendError> append(std::span<const storage::NewEntry> batch,
                                              Size expected_size) override;
    // Of stored entries: codec::sealed_bytes tells how long one becomes.
    storage::Limits limits() const override { return stored_.limits(); }

    Result<std::vector<storage::Entry>, storage::ReadError> read(Position from,
                                                                 std::size_t count_max) const override;
    Result<std::optional<Position>, storage::ReadError> find(std::string_view key) const override {
        return stored_.find(key);
    }
    Result<std::vector<storage::KeyedPosition>, storage::ReadError>
    scan(std::string_view prefix, std::string_view from, std::size_t count_max) const override {
        return stored_.scan(prefix, from, count_max);
    }
    Result<std::vector<storage::merkle::Hash>, storage::ReadError>
    hashes(unsigned level, std::uint64_t from, std::size_t count_max) const override {
        return stored_.hashes(level, from, count_max);
    }
    Size size() const override { return stored_.size(); }
    const std::string& log_id() const override { return stored_.log_id(); }

    // The log as it is stored, hashed and served.
    const storage::LogReader& stored() const { return stored_; }

    std::shared_ptr<const Keys> keys() const { return keys_.keys(); }

private:
    SealingLog(storage::EventLog& stored, KeyStore& keys) : stored_(stored), keys_(keys) {}

    storage::EventLog& stored_;
    KeyStore& keys_;
};

// Destroys the keys of all that the log says is erased, as far as they were used before. Looks only
// at entries that were not looked at before.
Result<void, std::string> end_erasures(const storage::LogReader& stored, KeyStore& keys);

} // namespace mosty::sealing
