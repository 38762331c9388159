#include "server/audit/add_checkpoint.hpp"
#include "server/audit/base64.hpp"
#include "server/audit/checkpoint.hpp"
#include "server/audit/note.hpp"
#include "server/audit/verifier_key.hpp"
#include "server/witness/decide.hpp"
#include "tests/fuzz/fuzz.hpp"

// Signed notes, checkpoints, keys and requests to a witness: what is accepted has one spelling, and nobody's
// signature is found under what nobody signed.
using namespace mosty;
using namespace mosty::audit;

namespace {

const Ed25519Key& log_key() {
    static const Ed25519Key key = Ed25519Key::from_seed(std::string(32, 'k'));
    return key;
}

const VerifierKey& log_verifier() {
    static const VerifierKey key("log.example", SignatureType::ed25519, log_key().public_key());
    return key;
}

void check_note(std::string_view bytes) {
    const auto note = parse_note(bytes);
    if (!note)
        return;
    MOSTY_PROMISE(format_note(*note) == bytes);
    MOSTY_PROMISE(note->signatures.size() <= note_signatures_max);
    if (const auto checkpoint = parse_checkpoint(note->text))
        MOSTY_PROMISE(format_checkpoint(*checkpoint) == note->text);
    // Whatever carries the log's signature is what the log signs.
    if (const auto opened = open_checkpoint(bytes, log_verifier())) {
        const Signature ours = sign_note(opened->note.text, "log.example", log_key());
        MOSTY_PROMISE(std::ranges::find(opened->note.signatures, ours) != opened->note.signatures.end());
    }
}

void check_request(std::string_view body) {
    const auto request = parse_add_checkpoint(body);
    if (!request)
        return;
    MOSTY_PROMISE(request->proof.size() <= proof_hashes_max);
    MOSTY_PROMISE(format_add_checkpoint(request->old_size, request->proof,
                                        format_note(request->checkpoint.note)) == body);
    const witness::WatchedLog watched{log_verifier()};
    if (const auto decided = witness::decide_add_checkpoint(&watched, *request))
        MOSTY_PROMISE(request->old_size == 0 && request->checkpoint.checkpoint.origin == "log.example");
    else
        MOSTY_PROMISE(decided.error().status >= 400);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text_of(data, size);
    check_note(text);
    check_request(text);
    if (const auto key = VerifierKey::parse(text))
        MOSTY_PROMISE(key->text() == text);
    if (const auto signature = parse_signature(text)) {
        const std::string line = format_signature(*signature);
        MOSTY_PROMISE(line == text || std::string_view(line).substr(0, line.size() - 1) == text);
    }
    if (const auto bytes = decode_base64(text))
        MOSTY_PROMISE(encode_base64(*bytes) == text);
    if (const auto number = parse_decimal(text))
        MOSTY_PROMISE(std::to_string(*number) == text);
    return 0;
}
