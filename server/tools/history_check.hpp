#pragma once

#include "domain/codec/entry.hpp"
#include "server/tools/findings.hpp"
#include "storage/log_reader.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

namespace mosty::tools {

// Holds a log's entries against what they say of each other, from the first to the last: each is an event
// of ours; the revisions of a stream are 1, 2, 3 … without gaps; times never go back.
class HistoryCheck {
public:
    explicit HistoryCheck(Findings& findings) : findings_(findings) {}

    // The event in the next entry; nothing when there is none.
    std::optional<codec::DecodedEntry> take(const storage::Entry& entry);

    std::size_t streams() const { return revisions_.size(); }

private:
    void check_revision(Position position, const codec::Envelope& envelope);
    void check_time(Position position, const codec::Envelope& envelope);

    Findings& findings_;
    std::unordered_map<std::string, Revision> revisions_; // by stream, the newest
    std::int64_t time_ms_ = 0;
    Position time_at_ = 0; // the entry that has it
};

} // namespace mosty::tools
