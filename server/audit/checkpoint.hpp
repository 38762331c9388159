#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "server/audit/note.hpp"
#include "storage/sha256.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The signed head of a log's tree, C2SP tlog-checkpoint v1.0.0. A note's text:
//
//   example.com/behind-the-sofa
//   20852163
//   CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
namespace mosty::audit {

struct Checkpoint {
    std::string origin;
    Size size = 0;
    storage::Sha256 root{};
    std::vector<std::string> extensions; // of others' logs; ours has none

    friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

Result<Checkpoint, NoteError> parse_checkpoint(std::string_view text);

std::string format_checkpoint(const Checkpoint& checkpoint);

// A checkpoint with who signed it.
struct SignedCheckpoint {
    Checkpoint checkpoint;
    Note note;
};

// Reads a note whose text is a checkpoint of the log that `key` belongs to: signed by it, and its origin
// the key's name.
Result<SignedCheckpoint, NoteError> open_checkpoint(std::string_view bytes, const VerifierKey& key);

// A size or a time as these formats write it: decimal, no sign, no leading zero, below 2^63.
std::optional<std::uint64_t> parse_decimal(std::string_view text);

// 32 bytes in base 64.
std::optional<storage::Sha256> parse_hash(std::string_view text);
std::string format_hash(const storage::Sha256& hash);

} // namespace mosty::audit
