#include "server/audit/add_checkpoint.hpp"
#include "server/audit/note.hpp"
#include "server/audit/verifier_key.hpp"
#include "tests/domain/seed.hpp"
#include "tests/server/audit/audit_log.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>

using namespace mosty;
using namespace mosty::audit;

namespace {

const Ed25519Key key = Ed25519Key::from_seed(std::string(32, 'k'));

// Changes, cuts, doubles or adds a few bytes, most of them such as these formats are made of.
std::string mutated(std::string bytes, std::mt19937_64& random) {
    static const std::string alphabet = "\n\n\n 0019+/=Aa\xE2\x80\x94\x01\xFF";
    const auto below = [&](std::size_t bound) { return bound == 0 ? 0 : random() % bound; };
    for (auto steps = 1 + below(3); steps > 0; --steps) {
        const std::size_t at = below(bytes.size() + 1);
        const std::size_t length = below(std::min<std::size_t>(bytes.size() - at, 12) + 1);
        switch (below(4)) {
        case 0:
            bytes.erase(at, length);
            break;
        case 1:
            bytes.insert(at, bytes.substr(at, length));
            break;
        case 2:
            bytes.insert(at, 1, alphabet[below(alphabet.size())]);
            break;
        default:
            if (at < bytes.size())
                bytes[at] = alphabet[below(alphabet.size())];
        }
    }
    return bytes;
}

} // namespace

// So nothing that was changed on its way can be taken for what it was, and nobody can hide in what is
// skipped.
TEST_CASE("what these formats accept has one spelling", "[note][property]") {
    const WordLog words("event", 300);
    Note note = signed_head(words.head("log.example"), key).note;
    note.signatures.push_back(cosign_note(note.text, "w1.example", key, 1'700'000'000));
    const std::string whole = format_note(note);
    const auto proof = storage::merkle::consistency_proof(words.log, 200, 300).value();
    const std::string request = format_add_checkpoint(200, proof, whole);
    const std::string vkey = VerifierKey("log.example", SignatureType::ed25519, key.public_key()).text();

    std::size_t accepted = 0;
    test::for_each_seed(20'000, [&](std::mt19937_64& random) {
        const std::string bytes = mutated(whole, random);
        if (const auto parsed = parse_note(bytes)) {
            ++accepted;
            REQUIRE(format_note(*parsed) == bytes);
            if (const auto checkpoint = parse_checkpoint(parsed->text))
                REQUIRE(format_checkpoint(*checkpoint) == parsed->text);
        }
        const std::string body = mutated(request, random);
        if (const auto parsed = parse_add_checkpoint(body))
            REQUIRE(format_add_checkpoint(parsed->old_size, parsed->proof,
                                          format_note(parsed->checkpoint.note)) == body);
        const std::string text = mutated(vkey, random);
        if (const auto parsed = VerifierKey::parse(text))
            REQUIRE(parsed->text() == text);
    });
    // The mutations are no mere noise.
    REQUIRE((accepted > 100 || std::getenv("MOSTY_SEED")));
}
