#include "server/audit/checkpoint.hpp"
#include "storage/merkle/hash.hpp"

#include <catch2/catch.hpp>

using namespace mosty;
using namespace mosty::audit;

namespace {

// The example of C2SP tlog-checkpoint v1.0.0.
const std::string example =
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

const Ed25519Key key = Ed25519Key::from_seed(std::string(32, 'k'));
const VerifierKey sofa("example.com/behind-the-sofa", SignatureType::ed25519, key.public_key());

std::string signed_by_sofa(const std::string& text) {
    return format_note({text, {sign_note(text, sofa.name(), key)}});
}

} // namespace

TEST_CASE("the specification's checkpoint is read, and written as it was", "[checkpoint]") {
    const auto checkpoint = parse_checkpoint(example);
    REQUIRE(checkpoint.has_value());
    REQUIRE(checkpoint->origin == "example.com/behind-the-sofa");
    REQUIRE(checkpoint->size == 20'852'163);
    REQUIRE(format_hash(checkpoint->root) == "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=");
    REQUIRE(format_checkpoint(*checkpoint) == example);

    const auto extended = parse_checkpoint(example + "more\nand more\n");
    REQUIRE(extended.has_value());
    REQUIRE(extended->extensions == std::vector<std::string>{"more", "and more"});
    REQUIRE(format_checkpoint(*extended) == example + "more\nand more\n");
}

TEST_CASE("the empty tree has a checkpoint too", "[checkpoint]") {
    const Checkpoint empty{"log.example", 0, storage::merkle::empty_root(), {}};
    REQUIRE(format_checkpoint(empty) == "log.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
    REQUIRE(parse_checkpoint(format_checkpoint(empty)) == empty);
}

TEST_CASE("what is no checkpoint is refused", "[checkpoint]") {
    const std::string root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    for (const std::string& text : {
             std::string{},
             std::string{"\n"},
             std::string{"a\n1\n"},
             "a\n1\n" + root,
             "a\n01\n" + root + "\n",
             "a\n+1\n" + root + "\n",
             "a\n-1\n" + root + "\n",
             "a\n-0\n" + root + "\n",
             "a\n\n" + root + "\n",
             "a\n0x1\n" + root + "\n",
             "a\n1.0\n" + root + "\n",
             "a\n 1\n" + root + "\n",
             "a\n9223372036854775808\n" + root + "\n",
             "\n1\n" + root + "\n",
             "a\n1\n\n" + root + "\n",
             "a\n1\n" + root + "\n\n",
             "a\n1\n" + root + "\nmore",
             "a\n1\n" + root.substr(1) + "\n",
             std::string{"a\n1\nYQ==\n"},
             "a\n1\n" + root.substr(0, 42) + "J=\n",
             "a\n1\n" + root + " \n",
         }) {
        INFO(text);
        const auto checkpoint = parse_checkpoint(text);
        REQUIRE_FALSE(checkpoint.has_value());
        REQUIRE(checkpoint.error().code == NoteError::Code::malformed_checkpoint);
    }
    REQUIRE(parse_checkpoint("a\n9223372036854775807\n" + root + "\n").has_value());
}

TEST_CASE("a checkpoint counts when its own log signed it", "[checkpoint]") {
    const auto opened = open_checkpoint(signed_by_sofa(example), sofa);
    REQUIRE(opened.has_value());
    REQUIRE(opened->checkpoint.size == 20'852'163);

    std::string other = example;
    other.replace(0, 7, "another");
    REQUIRE(open_checkpoint(signed_by_sofa(other), sofa).error().code == NoteError::Code::wrong_origin);
    std::string forged = signed_by_sofa(example);
    forged[30] = '3';
    REQUIRE(open_checkpoint(forged, sofa).error().code == NoteError::Code::bad_signature);
    const auto stranger = Ed25519Key::from_seed(std::string(32, 's'));
    const std::string foreign = format_note({example, {sign_note(example, sofa.name(), stranger)}});
    REQUIRE(open_checkpoint(foreign, sofa).error().code == NoteError::Code::unknown_key);
    REQUIRE(open_checkpoint("hello", sofa).error().code == NoteError::Code::malformed_note);
    REQUIRE(open_checkpoint(signed_by_sofa("hello\n"), sofa).error().code ==
            NoteError::Code::malformed_checkpoint);
}
