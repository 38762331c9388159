#include "server/audit/base64.hpp"
#include "server/audit/note.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <filesystem>

using namespace mosty;
using namespace mosty::audit;

namespace {

// The example of C2SP signed-note v1.0.0.
constexpr auto example_key = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
constexpr auto example_note =
    "This is an example message.\n\n"
    "— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

// Those of golang.org/x/mod/sumdb/note.
constexpr auto peter_key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr auto peter_secret = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"; // the type, then the seed
constexpr auto enoch_key = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
const std::string text = "If you think cryptography is the answer to your problem,\n"
                         "then you don't know what your problem is.\n";
const std::string peter_line =
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const std::string enoch_line =
    "— EnochRoot "
    "rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

VerifierKey key_of(std::string_view vkey) {
    auto key = VerifierKey::parse(vkey);
    REQUIRE(key.has_value());
    return *key;
}

Note note_of(std::string_view bytes) {
    auto note = parse_note(bytes);
    REQUIRE(note.has_value());
    return *note;
}

Result<std::vector<Verified>, NoteError> verify(const std::string& bytes, std::vector<VerifierKey> keys) {
    return verify_note(note_of(bytes), keys);
}

NoteError::Code refused(const std::string& bytes, std::vector<VerifierKey> keys) {
    const auto verified = verify(bytes, std::move(keys));
    REQUIRE_FALSE(verified.has_value());
    return verified.error().code;
}

} // namespace

TEST_CASE("the specification's example verifies and its key has the id 530d903a", "[note]") {
    const VerifierKey key = key_of(example_key);
    REQUIRE(key.name() == "example.com/foo");
    REQUIRE(key.id() == 0x530d903a);
    REQUIRE(key.text() == example_key);
    const auto verified = verify(example_note, {key});
    REQUIRE(verified.has_value());
    REQUIRE(verified->size() == 1);
    REQUIRE_FALSE(verified->front().time.has_value());
}

TEST_CASE("a note is written as it was read", "[note]") {
    REQUIRE(format_note(note_of(example_note)) == example_note);
    const std::string empty_lines = "\na\n\n\nb\n\n" + peter_line;
    REQUIRE(note_of(empty_lines).text == "\na\n\n\nb\n");
    REQUIRE(format_note(note_of(empty_lines)) == empty_lines);
}

TEST_CASE("Go's example notes verify, whoever's key counts", "[note]") {
    const auto peter = key_of(peter_key);
    const auto enoch = key_of(enoch_key);
    const std::string both = text + "\n" + peter_line + enoch_line;
    REQUIRE(verify(both, {peter})->size() == 1);
    REQUIRE(verify(both, {enoch, peter})->size() == 2);
    REQUIRE(verify(both, {enoch, peter})->front().key == 1);
    REQUIRE(refused(both, {}) == NoteError::Code::unknown_key);
    REQUIRE(refused(both, {key_of(example_key)}) == NoteError::Code::unknown_key);
}

TEST_CASE("a note is signed as Go signs it", "[note]") {
    const auto secret = decode_base64(peter_secret);
    REQUIRE(secret.has_value());
    const Ed25519Key key = Ed25519Key::from_seed(std::string_view(*secret).substr(1));
    REQUIRE(format_signature(sign_note(text, "PeterNeumann", key)) == peter_line);
}

TEST_CASE("a wrong signature of a key that counts makes the whole note worthless", "[note]") {
    const auto peter = key_of(peter_key);
    const auto enoch = key_of(enoch_key);
    const std::string changed = "x" + text.substr(1) + "\n" + peter_line;
    REQUIRE(refused(changed, {peter}) == NoteError::Code::bad_signature);

    Note note = note_of(text + "\n" + peter_line + enoch_line);
    note.signatures[1].bytes[20] ^= 1;
    REQUIRE(refused(format_note(note), {peter, enoch}) == NoteError::Code::bad_signature);
    REQUIRE(verify(format_note(note), {peter}).has_value()); // of a key that does not count: overlooked
    note.signatures[1] = note.signatures[0];
    note.signatures[1].bytes.pop_back();
    REQUIRE(refused(format_note(note), {peter}) == NoteError::Code::bad_signature);
    // The same name or the same id alone is another's.
    note.signatures[1] = note.signatures[0];
    note.signatures[1].name = "PeterNewmann";
    REQUIRE(verify(format_note(note), {peter})->size() == 1);
    note.signatures[1] = note.signatures[0];
    ++note.signatures[1].key_id;
    REQUIRE(verify(format_note(note), {peter})->size() == 1);
}

TEST_CASE("what is no signed note is refused", "[note]") {
    for (const std::string& bytes : {
             std::string{},
             std::string{"\n"},
             std::string{"\n\n"},
             text,
             text + "\n",
             "\n" + peter_line,
             text + peter_line,
             text + "\n" + peter_line.substr(0, peter_line.size() - 1),
             "\x01" + text + "\n" + peter_line,
             "\xff" + text + "\n" + peter_line,
             "a\tb\n\n" + peter_line,
             text + "\n" + peter_line + "Unexpected line.\n",
             text + "\n" + peter_line + "\n",
             text + "\n— Bad Name x08go/ZJkuBS9UG/SffcvIAQxVBt\n",
             text + "\n— a+b x08go/ZJkuBS9UG/SffcvIAQxVBt\n",
             text + "\n—  x08go/ZJkuBS9UG/SffcvIAQxVBt\n",
             text + "\n— a\u2003b x08go/ZJkuBS9UG/SffcvIAQxVBt\n",
             text + "\n— a x08go/ZJkuBS9UG/SffcvIAQxVBtx\n",
             text + "\n— a x08gow==\n",
             text + "\n— a \n",
             text + "\n- a x08go/ZJkuBS9UG/SffcvIAQxVBt\n",
             text + "\n— a x08go/ZJkuBS9UG/SffcvIAQxVBt \n",
             std::string(note_bytes_max, 'a') + "\n\n" + peter_line,
         }) {
        INFO(bytes.substr(0, 300));
        const auto note = parse_note(bytes);
        REQUIRE_FALSE(note.has_value());
        REQUIRE(note.error().code == NoteError::Code::malformed_note);
    }
}

TEST_CASE("sixteen signatures are taken, and a flood of them is not", "[note]") {
    std::string many = text + "\n";
    for (int i = 0; i < 15; ++i)
        many += fmt::format("— other{} x08go/ZJkuBS9UG/SffcvIAQxVBt\n", i);
    many += peter_line;
    REQUIRE(verify(many, {key_of(peter_key)}).has_value());
    for (int i = 0; i < 49; ++i)
        many += enoch_line;
    REQUIRE_FALSE(parse_note(many).has_value());
}

TEST_CASE("a key with anything missing or changed is refused", "[note]") {
    const std::string whole = peter_key;
    const auto refuse = [](const std::string& vkey) {
        INFO(vkey);
        const auto key = VerifierKey::parse(vkey);
        REQUIRE_FALSE(key.has_value());
        REQUIRE(key.error().code == NoteError::Code::malformed_key);
    };
    for (std::size_t from = 0; from <= whole.size(); ++from)
        for (std::size_t to = from; to <= whole.size(); ++to)
            if (from != 0 || to != whole.size())
                refuse(whole.substr(from, to - from));
    for (std::size_t i = 0; i < whole.size(); ++i) {
        std::string changed = whole;
        ++changed[i];
        refuse(changed);
    }
    refuse("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==");
    refuse("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    refuse("PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
}

TEST_CASE("base 64 has one text for one value", "[note]") {
    for (const std::string& value : {std::string{}, std::string{"a"}, std::string{"ab"}, std::string{"abc"},
                                     std::string("\0\0\0\0", 4), std::string(1'000, '\xff')})
        REQUIRE(decode_base64(encode_base64(value)) == value);
    for (const auto spelling :
         {"YQ", "YQ=", "YR==", "YWJj\n", " YWJj", "YW Jj", "YQ==YQ==", "=QQ=", "====", "YWI_"}) {
        INFO(spelling);
        REQUIRE_FALSE(decode_base64(spelling).has_value());
    }
}

TEST_CASE("a cosignature holds for its text, its time and its key", "[note]") {
    const Ed25519Key key = Ed25519Key::from_seed(std::string(32, 'w'));
    const VerifierKey witness("witness.example/w1", SignatureType::cosignature, key.public_key());
    const std::string body =
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    Note note{body, {cosign_note(body, "witness.example/w1", key, 1'679'315'147)}};

    REQUIRE(VerifierKey::parse(witness.text()) == witness);
    auto verified = verify_note(note, {&witness, 1});
    REQUIRE(verified.has_value());
    REQUIRE(verified->front().time == 1'679'315'147);
    REQUIRE(is_signed_by(key.public_key(), "cosignature/v1\ntime 1679315147\n" + body,
                         note.signatures[0].bytes.substr(8)));

    // The same key under the other type has another id, so neither passes for the other.
    const VerifierKey as_log("witness.example/w1", SignatureType::ed25519, key.public_key());
    REQUIRE(as_log.id() != witness.id());
    REQUIRE(verify_note(note, {&as_log, 1}).error().code == NoteError::Code::unknown_key);
    Note later = note;
    later.signatures[0].bytes[7] ^= 1;
    REQUIRE(verify_note(later, {&witness, 1}).error().code == NoteError::Code::bad_signature);
    later.signatures[0].bytes[0] = '\x80'; // past 2^63
    REQUIRE(verify_note(later, {&witness, 1}).error().code == NoteError::Code::bad_signature);
    later.signatures[0].bytes = "short";
    REQUIRE(verify_note(later, {&witness, 1}).error().code == NoteError::Code::bad_signature);
}

TEST_CASE("a signing key outlives a restart and is its owner's alone", "[note]") {
    const storage::TemporaryFolder folder;
    const auto path = folder.path() / "checkpoint.key";
    const auto key = Ed25519Key::open(path);
    REQUIRE(key.has_value());
    REQUIRE(Ed25519Key::open(path)->public_key() == key->public_key());
    using std::filesystem::perms;
    REQUIRE(std::filesystem::status(path).permissions() == (perms::owner_read | perms::owner_write));
    REQUIRE_FALSE(Ed25519Key::open(folder.path() / "absent" / "key").has_value());
}
