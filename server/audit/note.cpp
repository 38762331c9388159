#include "server/audit/note.hpp"

#include "domain/base/text.hpp"
#include "server/audit/base64.hpp"
#include "storage/big_endian.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace mosty::audit {
namespace {

constexpr std::string_view dash = "\xE2\x80\x94 "; // U+2014 and a space
constexpr std::size_t time_bytes = 8;

NoteError malformed(std::string_view why) {
    return {NoteError::Code::malformed_note, fmt::format("this is no signed note: {}", why)};
}

bool has_foreign_control(std::string_view bytes) {
    return std::ranges::any_of(bytes,
                               [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; });
}

std::string cosigned_message(std::string_view text, std::uint64_t time) {
    return fmt::format("cosignature/v1\ntime {}\n{}", time, text);
}

// The time that the signature claims, when it is a cosignature; `correct` tells whether it holds.
struct Check {
    bool correct = false;
    std::optional<std::int64_t> time;
};

Check check(const VerifierKey& key, std::string_view text, std::string_view bytes) {
    if (key.type() == SignatureType::ed25519)
        return {is_signed_by(key.public_key(), text, bytes), std::nullopt};
    if (bytes.size() != time_bytes + ed25519_signature_bytes)
        return {};
    const auto time = storage::get_big_endian<std::uint64_t>(bytes.data());
    if (time > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        return {};
    return {is_signed_by(key.public_key(), cosigned_message(text, time), bytes.substr(time_bytes)),
            static_cast<std::int64_t>(time)};
}

} // namespace

Result<Signature, NoteError> parse_signature(std::string_view line) {
    if (line.ends_with('\n'))
        line.remove_suffix(1);
    if (!line.starts_with(dash))
        return std::unexpected(malformed("a line of signatures does not begin with a dash and a space"));
    line.remove_prefix(dash.size());
    const auto space = line.find(' ');
    if (space == std::string_view::npos || !is_key_name(line.substr(0, space)))
        return std::unexpected(malformed("a signature has no name"));
    const auto bytes = decode_base64(line.substr(space + 1));
    if (!bytes || bytes->size() < 5)
        return std::unexpected(malformed("a signature is not base 64, or too short"));
    return Signature{std::string{line.substr(0, space)},
                     storage::get_big_endian<std::uint32_t>(bytes->data()), bytes->substr(4)};
}

Result<Note, NoteError> parse_note(std::string_view bytes) {
    if (bytes.size() > note_bytes_max)
        return std::unexpected(malformed("it is too long"));
    if (!is_utf8(bytes) || has_foreign_control(bytes))
        return std::unexpected(malformed("it is not UTF-8, or has control characters"));
    // The text may have empty lines itself: the last one counts.
    const auto split = bytes.rfind("\n\n");
    if (split == std::string_view::npos || split == 0 || !bytes.ends_with('\n'))
        return std::unexpected(malformed("it lacks its text, the empty line or the last line break"));

    Note note{std::string{bytes.substr(0, split + 1)}, {}};
    auto rest = bytes.substr(split + 2);
    while (!rest.empty()) {
        const auto end = rest.find('\n') + 1;
        auto signature = parse_signature(rest.substr(0, end));
        if (!signature)
            return std::unexpected(signature.error());
        if (note.signatures.size() == note_signatures_max)
            return std::unexpected(malformed("it has too many signatures"));
        note.signatures.push_back(std::move(*signature));
        rest.remove_prefix(end);
    }
    if (note.signatures.empty())
        return std::unexpected(malformed("nobody signed it"));
    return note;
}

std::string format_signature(const Signature& signature) {
    std::string bytes(4, '\0');
    storage::put_big_endian(bytes.data(), signature.key_id);
    return fmt::format("{}{} {}\n", dash, signature.name, encode_base64(bytes + signature.bytes));
}

std::string format_note(const Note& note) {
    std::string bytes = note.text + '\n';
    for (const Signature& signature : note.signatures)
        bytes += format_signature(signature);
    return bytes;
}

Result<std::vector<Verified>, NoteError> verify_note(const Note& note, std::span<const VerifierKey> keys) {
    std::vector<Verified> verified;
    for (std::size_t i = 0; i < note.signatures.size(); ++i) {
        const Signature& signature = note.signatures[i];
        for (std::size_t k = 0; k < keys.size(); ++k) {
            if (keys[k].name() != signature.name || keys[k].id() != signature.key_id)
                continue;
            const auto [correct, time] = check(keys[k], note.text, signature.bytes);
            if (!correct)
                return std::unexpected(
                    NoteError{NoteError::Code::bad_signature,
                              fmt::format("the signature of {} is wrong", signature.name)});
            verified.push_back({k, i, time});
        }
    }
    if (verified.empty())
        return std::unexpected(
            NoteError{NoteError::Code::unknown_key, "nobody whose key counts signed this note"});
    return verified;
}

Signature sign_note(std::string_view text, const std::string& name, const Ed25519Key& key) {
    const VerifierKey verifier(name, SignatureType::ed25519, key.public_key());
    return {name, verifier.id(), key.sign(text)};
}

Signature cosign_note(std::string_view text, const std::string& name, const Ed25519Key& key,
                      std::int64_t time) {
    const VerifierKey verifier(name, SignatureType::cosignature, key.public_key());
    std::string bytes(time_bytes, '\0');
    storage::put_big_endian(bytes.data(), static_cast<std::uint64_t>(time));
    return {name, verifier.id(), bytes + key.sign(cosigned_message(text, static_cast<std::uint64_t>(time)))};
}

} // namespace mosty::audit
