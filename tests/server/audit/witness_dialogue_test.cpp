#include "server/audit/add_checkpoint.hpp"
#include "server/audit/witness_dialogue.hpp"
#include "tests/server/audit/audit_log.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

using namespace mosty;
using namespace mosty::audit;
using std::chrono::milliseconds;

namespace {

const Ed25519Key log_key = Ed25519Key::from_seed(std::string(32, 'l'));
const Ed25519Key witness_key = Ed25519Key::from_seed(std::string(32, 'w'));
const VerifierKey witness("w1.example", SignatureType::cosignature, witness_key.public_key());

SignedCheckpoint asked(Size size) {
    return signed_head(WordLog("event", size).head("log.example"), log_key);
}

WitnessReply cosigned(const SignedCheckpoint& checkpoint, const Ed25519Key& key = witness_key) {
    return {200, "text/plain; charset=utf-8",
            format_signature(cosign_note(checkpoint.note.text, "w1.example", key, 1'700'000'000))};
}

WitnessReply conflict(std::string body) {
    return {409, std::string{size_content_type}, std::move(body)};
}

WitnessDialogue::Failed failed(const WitnessDialogue::Verdict& verdict) {
    const auto* failure = std::get_if<WitnessDialogue::Failed>(&verdict);
    REQUIRE(failure);
    return *failure;
}

} // namespace

TEST_CASE("a witness' cosignature is taken, and the next request builds on it", "[witness_dialogue]") {
    WitnessDialogue dialogue(witness);
    REQUIRE(dialogue.known_size() == 0);
    const auto verdict = dialogue.take(asked(5), cosigned(asked(5)));
    REQUIRE(std::holds_alternative<WitnessDialogue::Cosigned>(verdict));
    REQUIRE(std::get<WitnessDialogue::Cosigned>(verdict).signature.name == "w1.example");
    REQUIRE(dialogue.known_size() == 5);
}

TEST_CASE("lines of keys that do not count stand beside the witness' own", "[witness_dialogue]") {
    WitnessDialogue dialogue(witness);
    auto reply = cosigned(asked(5));
    reply.body = format_signature({"w1.example", 7, "unknown"}) + reply.body;
    const auto verdict = dialogue.take(asked(5), reply);
    REQUIRE(std::get<WitnessDialogue::Cosigned>(verdict).signature.key_id == witness.id());
}

TEST_CASE("a witness that knows another size is asked again from there, but not for ever",
          "[witness_dialogue]") {
    WitnessDialogue dialogue(witness);
    REQUIRE(std::holds_alternative<WitnessDialogue::AskAgain>(dialogue.take(asked(9), conflict("4\n"))));
    REQUIRE(dialogue.known_size() == 4);
    REQUIRE(std::holds_alternative<WitnessDialogue::AskAgain>(dialogue.take(asked(9), conflict("6\n"))));
    failed(dialogue.take(asked(9), conflict("7\n")));
    failed(dialogue.take(asked(9), conflict("6\n"))); // the size that was named
}

TEST_CASE("what a witness answers is worth nothing without its signature under this very text",
          "[witness_dialogue]") {
    const auto stranger = Ed25519Key::from_seed(std::string(32, 's'));
    auto forged = cosigned(asked(5));
    forged.body = format_signature({"w1.example", witness.id(), std::string(72, 'x')});
    for (const WitnessAnswer& answer : {
             WitnessAnswer{cosigned(asked(6))},
             WitnessAnswer{cosigned(asked(5), stranger)},
             WitnessAnswer{forged},
             WitnessAnswer{WitnessReply{200, "text/plain", ""}},
             WitnessAnswer{WitnessReply{200, "text/plain", "ok\n"}},
             WitnessAnswer{WitnessReply{200, "text/plain", cosigned(asked(5)).body + "\nmore"}},
             WitnessAnswer{WitnessReply{409, "text/plain", "4\n"}},
             WitnessAnswer{conflict("")},
             WitnessAnswer{conflict("04\n")},
             WitnessAnswer{conflict("-4\n")},
             WitnessAnswer{conflict("4\n4\n")},
             WitnessAnswer{conflict("99999999999999999999\n")},
             WitnessAnswer{WitnessReply{403, "text/plain", "no"}},
             WitnessAnswer{WitnessReply{302, "", ""}},
             WitnessAnswer{std::unexpected("it did not answer in time")},
         }) {
        WitnessDialogue dialogue(witness);
        REQUIRE_FALSE(failed(dialogue.take(asked(5), answer)).reason.empty());
        REQUIRE(dialogue.known_size() == 0);
    }
}

TEST_CASE("a witness that fails is asked less and less often, and is news once", "[witness_dialogue]") {
    WitnessDialogue dialogue(witness);
    std::vector<milliseconds> pauses;
    for (int i = 0; i < 9; ++i) {
        const auto failure = failed(dialogue.take(asked(5), std::unexpected("nobody there")));
        REQUIRE(failure.is_news == (i == 0));
        pauses.push_back(failure.pause);
    }
    REQUIRE(pauses.front() == milliseconds{500});
    REQUIRE(pauses.back() == milliseconds{30'000});
    REQUIRE(std::ranges::is_sorted(pauses));
    dialogue.take(asked(5), cosigned(asked(5)));
    REQUIRE(failed(dialogue.take(asked(6), std::unexpected("nobody there"))).is_news);
}

TEST_CASE("a refusal is told in our own log without the stranger's control", "[witness_dialogue]") {
    WitnessDialogue dialogue(witness);
    const auto failure =
        failed(dialogue.take(asked(5), WitnessReply{403, "text/html", "a\"b\\c\x1b[2Jd\nsecond line"}));
    REQUIRE(failure.reason == "it refuses with 403: a?b?c?[2Jd");
    REQUIRE(failed(dialogue.take(asked(5), WitnessReply{500, "", std::string(9'000, 'x')})).reason.size() <
            200);
}

TEST_CASE("a request to a witness is read as it was written", "[witness_dialogue]") {
    const WordLog words("event", 300);
    const auto head = signed_head(words.head("log.example"), log_key);
    const auto proof = storage::merkle::consistency_proof(words.log, 200, 300).value();
    const auto body = format_add_checkpoint(200, proof, format_note(head.note));
    const auto request = parse_add_checkpoint(body);
    REQUIRE(request.has_value());
    REQUIRE(request->old_size == 200);
    REQUIRE(request->proof == proof);
    REQUIRE(request->checkpoint.checkpoint == head.checkpoint);
    REQUIRE(format_add_checkpoint(0, {}, format_note(head.note)).starts_with("old 0\n\nlog.example\n300\n"));
}

TEST_CASE("what is no request to a witness is refused", "[witness_dialogue]") {
    const auto note = format_note(asked(5).note);
    const std::string hash = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    std::string many = "old 4\n";
    for (int i = 0; i < 63; ++i)
        many += hash;
    REQUIRE(parse_add_checkpoint(many + "\n" + note).has_value());
    for (const std::string& body : {
             std::string{},
             std::string{"\n"},
             "\n" + note,
             "old 4\n" + note,
             "old 4" + note,
             "old\n\n" + note,
             "old 04\n\n" + note,
             "old -1\n\n" + note,
             "old 4 \n\n" + note,
             "Old 4\n\n" + note,
             "4\n\n" + note,
             "old 4\n" + hash.substr(1) + "\n" + note,
             "old 4\nYQ==\n\n" + note,
             "old 4\n \n\n" + note,
             "old 4\r\n\r\n" + note,
             many + hash + "\n" + note,
             std::string{"old 4\n\nhello\n"},
             "old 4\n\n" + note.substr(0, note.size() - 1),
             "old 4\n\n\n" + note,
             "old 18446744073709551616\n\n" + note,
         }) {
        INFO(body.substr(0, 200));
        REQUIRE_FALSE(parse_add_checkpoint(body).has_value());
    }
}
