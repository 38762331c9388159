#pragma once

#include "domain/base/result.hpp"
#include "domain/domain.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace mosty::codec {

inline constexpr std::size_t entry_bytes_max = 65'535;

// What an entry says of its event beside the data.
struct Envelope {
    EventId id;
    std::string type;
    StreamId stream;
    Revision revision = 0;
    std::int64_t time_ms = 0; // UTC, since 1970
    ActorId actor;
    CommandId command;
    std::string command_hash; // the first 32 hexadecimal digits of SHA-256
    int command_index = 0;    // of the event among those of its command
    CommandId correlation;
    EventId cause; // empty when there is none
    std::string source;
    int schema_version = 1; // in which the data are stored; event_types.hpp

    Recorded recorded() const { return {id, revision, time_ms, actor}; }

    friend bool operator==(const Envelope&, const Envelope&) = default;
};

struct DecodedEntry {
    Envelope envelope;
    domain::Event event;
};

// Why bytes cannot be read as an entry. `what` is for people and says the code where somebody can act on it.
struct DecodeError {
    enum class Code {
        malformed,                // not an entry that we wrote
        sealed,                   // whole, but its data must be opened first
        unknown_event_type,       // a type, or
        event_version_from_future // a version of one, that only a newer program knows
    };

    std::string what;
    Code code = Code::malformed;
};

// Writes the entry: a CloudEvents 1.0 object in UTF-8, its members in a fixed order, no white space. The
// same values always give the same bytes. `envelope.type` must be the event's type; the version is the newest
// of that type, whatever `envelope.schema_version` says.
std::string encode_entry(const Envelope& envelope, const domain::Event& event);

// Reads an entry back, whole. Sealed data must have been opened: sealed_form.hpp; those whose key is
// destroyed are read as the event by which the stream was erased. Data of an older version are brought to the
// newest, in memory; encoding the result gives the same bytes for every entry that we wrote in the newest
// version of its type. Refuses other bytes, and what only a newer program knows, without changing anything.
// Keeps two parsers a thread.
Result<DecodedEntry, DecodeError> decode_entry(std::string_view bytes);

// Reads an entry's envelope, also of a sealed one, and leaves its data alone. Refuses the same types and
// versions.
Result<Envelope, DecodeError> decode_envelope(std::string_view bytes);

} // namespace mosty::codec
