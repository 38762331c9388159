#pragma once

#include "domain/base/result.hpp"
#include "server/audit/note_error.hpp"
#include "server/audit/verifier_key.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Signed notes, C2SP signed-note v1.0.0: a text, an empty line, and lines of signatures.
namespace mosty::audit {

inline constexpr std::size_t note_bytes_max = 64 * 1024;
inline constexpr std::size_t note_signatures_max = 64; // at least 16 must be taken

// One line "— <name> base64(id ‖ bytes)". Of any type, also of those that we do not know.
struct Signature {
    std::string name;
    std::uint32_t key_id = 0;
    std::string bytes;

    friend bool operator==(const Signature&, const Signature&) = default;
};

struct Note {
    std::string text; // ends with a line break
    std::vector<Signature> signatures;
};

// `malformed_note` unless every byte has its place.
Result<Note, NoteError> parse_note(std::string_view bytes);

std::string format_note(const Note& note);

// With its line break.
std::string format_signature(const Signature& signature);

// The same line read back, with or without its line break.
Result<Signature, NoteError> parse_signature(std::string_view line);

// A signature that was checked.
struct Verified {
    std::size_t key = 0;              // which of the keys that count
    std::size_t signature = 0;        // which of the note's
    std::optional<std::int64_t> time; // of a cosignature, in seconds since 1970
};

// Checks the signatures of all keys that count. `unknown_key`: there is none. `bad_signature`: one is wrong,
// and the whole note worth nothing, whoever else signed it.
Result<std::vector<Verified>, NoteError> verify_note(const Note& note, std::span<const VerifierKey> keys);

// Signs as a log does.
Signature sign_note(std::string_view text, const std::string& name, const Ed25519Key& key);

// Signs a checkpoint's text as a witness does, C2SP tlog-cosignature v1.0.1. `time` is not negative.
Signature cosign_note(std::string_view text, const std::string& name, const Ed25519Key& key,
                      std::int64_t time);

} // namespace mosty::audit
