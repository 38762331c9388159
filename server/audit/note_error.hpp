#pragma once

#include <string>
#include <string_view>

namespace mosty::audit {

// Why a note, a key or a checkpoint is not accepted.
struct NoteError {
    enum class Code {
        malformed_note,       // not of the form of a signed note
        malformed_key,        // not a vkey, or one of a type that we do not know
        malformed_checkpoint, // a note, but its text is no checkpoint
        unknown_key,          // no signature of a key that counts
        bad_signature,        // one of a key that counts, but it is wrong
        wrong_origin,         // a checkpoint of another log
    };

    Code code = Code::malformed_note;
    std::string sentence;
};

// "malformed_note" and so on; stable.
constexpr std::string_view name_of(NoteError::Code code) {
    switch (code) {
    case NoteError::Code::malformed_note:
        return "malformed_note";
    case NoteError::Code::malformed_key:
        return "malformed_key";
    case NoteError::Code::malformed_checkpoint:
        return "malformed_checkpoint";
    case NoteError::Code::unknown_key:
        return "unknown_key";
    case NoteError::Code::bad_signature:
        return "bad_signature";
    case NoteError::Code::wrong_origin:
        return "wrong_origin";
    }
    return "malformed_note";
}

} // namespace mosty::audit
