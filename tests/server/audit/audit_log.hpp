#pragma once

#include "server/audit/checkpoint.hpp"
#include "storage/memory/memory_event_log.hpp"
#include "storage/merkle/tree.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace mosty::audit {

// A log in memory of entries that a word and their positions name.
class WordLog {
public:
    explicit WordLog(std::string word = "event", Size size = 0) : word_(std::move(word)) { grow(size); }

    void grow(Size count, const std::string& word = {}) {
        const Size end = log.size() + count;
        while (log.size() < end) {
            std::vector<storage::NewEntry> batch;
            while (log.size() + batch.size() < end && batch.size() < log.limits().batch_entries_max)
                batch.push_back(
                    {(word.empty() ? word_ : word) + std::to_string(log.size() + batch.size()), {}});
            REQUIRE(log.append(batch, log.size()).has_value());
        }
    }

    Checkpoint head(std::string origin) const { return head(std::move(origin), log.size()); }
    Checkpoint head(std::string origin, Size size) const {
        return {std::move(origin), size, storage::merkle::root_at(log, size).value(), {}};
    }

    storage::MemoryEventLog log;

private:
    std::string word_;
};

// A checkpoint that the key signed as `origin`.
inline SignedCheckpoint signed_head(const Checkpoint& head, const Ed25519Key& key) {
    const std::string text = format_checkpoint(head);
    return {head, {text, {sign_note(text, head.origin, key)}}};
}

} // namespace mosty::audit
