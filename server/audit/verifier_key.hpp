#pragma once

#include "domain/base/result.hpp"
#include "server/audit/ed25519.hpp"
#include "server/audit/note_error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace mosty::audit {

// What a signature says, by the identifier byte of C2SP signed-note.
enum class SignatureType : std::uint8_t {
    ed25519 = 0x01,     // "I say this text": a log of its checkpoint
    cosignature = 0x04, // cosignature/v1, "I saw this head and it continues what I saw": a witness
};

// Whether a key may be called so: not empty, no white space, no "+".
bool is_key_name(std::string_view name);

// The public half of a key that signs notes, as its vkey tells it:
//
//   example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k
class VerifierKey {
public:
    // `name` is a key name.
    VerifierKey(std::string name, SignatureType type, const PublicKey& public_key);

    static Result<VerifierKey, NoteError> parse(std::string_view vkey);

    std::string text() const;

    const std::string& name() const { return name_; }
    // SHA-256(name ‖ 0x0A ‖ type ‖ public key)[:4]
    std::uint32_t id() const { return id_; }
    SignatureType type() const { return type_; }
    const PublicKey& public_key() const { return public_key_; }

    friend bool operator==(const VerifierKey&, const VerifierKey&) = default;

private:
    std::string name_;
    SignatureType type_;
    PublicKey public_key_;
    std::uint32_t id_;
};

} // namespace mosty::audit
